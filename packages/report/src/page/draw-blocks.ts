import type { DocumentBlock as PlannedBlock } from "@mclnn/studies";
import { drawFigure } from "../figures/draw.ts";
import type { DocumentBlock } from "./document.ts";

/** The blocks of a document with their figures drawn, one after the other. */
export async function drawBlocks(blocks: readonly PlannedBlock[]): Promise<DocumentBlock[]> {
  const drawn: DocumentBlock[] = [];
  for (const block of blocks)
    drawn.push(
      block.kind === "figure" ? { ...block, figure: await drawFigure(block.figure) } : block,
    );
  return drawn;
}
