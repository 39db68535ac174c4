import type { FigurePlan, DocumentBlock as PlannedBlock } from "@mclnn/studies";
import type { DocumentBlock } from "../document.ts";
import type { Figure } from "../figure.ts";
import { conservationFigure } from "./conservation.ts";
import { plotFigure } from "./plot.ts";
import { potentialFigure } from "./potential.ts";
import { tiltedFigure } from "./tilted.ts";
import { trainingFigure } from "./training.ts";

/** Draws a figure of which only the plan was made: what studies hand over. */
export async function drawFigure(plan: FigurePlan): Promise<Figure> {
  switch (plan.draw) {
    case "plot":
      return plotFigure(plan.plan);
    case "conservation":
      return { ...(await conservationFigure(plan.run, plan.options)), name: plan.name };
    case "tilted":
      return { ...(await tiltedFigure(plan, plan.options)), name: plan.name };
    case "potential":
      return { ...(await potentialFigure(plan.law, plan.options)), name: plan.name };
    case "training":
      return { ...(await trainingFigure(plan.training, plan.options)), name: plan.name };
  }
}

/** The blocks of a document with their figures drawn, one after the other. */
export async function drawBlocks(blocks: readonly PlannedBlock[]): Promise<DocumentBlock[]> {
  const drawn: DocumentBlock[] = [];
  for (const block of blocks)
    drawn.push(
      block.kind === "figure" ? { ...block, figure: await drawFigure(block.figure) } : block,
    );
  return drawn;
}
