import {
  type DocumentBlock,
  type DocumentContent,
  type DocumentSection,
  documentMarkdown,
  documentPage,
  type Figure,
} from "@mclnn/report";
import type { Part, Presentation } from "@mclnn/studies/paper";
import { csv } from "../../outputs/csv.ts";
import { writePictures } from "../../pictures/picture.ts";
import { jsonText, plainJson } from "../../terminal/json.ts";
import type { ReproductionFolder } from "./folder.ts";

/** What a part shows, its figures drawn. */
export interface Drawn extends Omit<Presentation, "blocks"> {
  readonly blocks: readonly DocumentBlock[];
}

/** A part with what it shows, or why it shows nothing. */
export interface PresentedPart {
  readonly part: Part;
  readonly shown: Drawn | { readonly failure: string };
}

export interface PageFacts {
  readonly title: string;
  readonly introduction: readonly string[];
  readonly footer: string;
  /** The command that makes a part alone. */
  readonly command: (part: Part) => string;
}

/** The page's content: a section a part. */
export function pageContent(
  presented: readonly PresentedPart[],
  { title, introduction, footer, command }: PageFacts,
): DocumentContent {
  return {
    title,
    introduction,
    footer,
    sections: presented.map(({ part, shown }): DocumentSection => {
      const head: DocumentBlock[] = [
        { kind: "heading", text: "What the paper shows" },
        { kind: "text", text: part.paper },
        { kind: "heading", text: "What we find" },
      ];
      const tail: DocumentBlock[] = [
        { kind: "text", text: "Just this one:" },
        { kind: "code", text: command(part) },
      ];
      if ("failure" in shown)
        return {
          title: part.title,
          blocks: [
            ...head,
            { kind: "failure", text: `This part failed: ${shown.failure}` },
            ...tail,
          ],
        };
      return {
        title: part.title,
        blocks: [
          ...head,
          ...shown.found.map((text) => ({ kind: "text", text }) as const),
          ...shown.blocks,
          ...tail,
        ],
      };
    }),
  };
}

/** Writes the page, figures as SVG and PNG, and data as CSV and JSON. */
export async function writePage(
  folder: ReproductionFolder,
  presented: readonly PresentedPart[],
  content: DocumentContent,
  results: unknown,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const figures = presented.flatMap(({ shown }) => ("failure" in shown ? [] : figuresIn(shown)));
  let done = 0;
  await writePictures(folder, figures, {
    onWritten: () => onProgress(++done / (figures.length + 1)),
  });
  for (const { shown } of presented) {
    if ("failure" in shown) continue;
    for (const table of shown.data) {
      await folder.write(`data/${table.name}.csv`, csv(table.columns));
      await folder.write(
        `data/${table.name}.json`,
        `${JSON.stringify(plainJson(table.columns))}\n`,
      );
    }
    for (const { name, contents } of shown.files ?? []) await folder.write(name, contents);
  }
  await folder.write("results.json", jsonText(results));
  await folder.write(
    "reproduction.md",
    documentMarkdown(content, ({ name }) => `figures/${name}.svg`),
  );
  await folder.write("index.html", documentPage(content));
}

/** Figures of a part, in order. */
function figuresIn({ blocks }: Drawn): Figure[] {
  return blocks.flatMap((block) => (block.kind === "figure" ? [block.figure] : []));
}
