import {
  type DocumentBlock,
  type DocumentContent,
  type DocumentSection,
  documentMarkdown,
  documentPage,
  type Figure,
} from "@mclnn/report";
import type { Part, Presentation, Settings } from "@mclnn/studies/paper";
import { formatSeconds } from "@mclnn/studies/text";
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

/** What the page says around its parts. */
export function pageFacts(
  { seed, size }: Settings,
  {
    software,
    seconds,
    command,
    path,
  }: {
    readonly software: Readonly<Record<string, unknown>>;
    readonly seconds: number;
    readonly command: string;
    readonly path: string | undefined;
  },
): PageFacts {
  const rest = [
    ...(size === "quick" ? ["--quick"] : []),
    ...(seed === 100 ? [] : [`--seed ${seed}`]),
    ...(path === undefined ? [] : [`--out ${path}`]),
  ];
  const quick =
    "The quick version, which shows that everything works: for numbers to quote, run mclnn reproduce without --quick.";
  return {
    title: "Momentum Conserving Lagrangian Neural Networks, reproduced",
    introduction: [
      ...(size === "quick" ? [quick] : []),
      "Every figure and table of the paper (under review at ICLR 2022) beside the truth, and a verdict on every claim, computed from this run's numbers by rules that are shown. Reduced units; a record is 0.1 units of time.",
    ],
    footer: `Beside each figure, and in the same folder: SVG and PNG (figures/), the numbers behind it as CSV and JSON (data/), every single number (results.json). Seed ${seed}, ${size} size. "${command}" took ${formatSeconds(seconds)} (less where results were there already) on ${String(software.threads)} threads of Node ${String(software.node)}, @mclnn/cli ${String(software["@mclnn/cli"])}. The same seed gives the same numbers, seconds aside.`,
    command: ({ name }) => ["mclnn reproduce --only", name, ...rest].join(" "),
  };
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
    sections: presented.map(
      ({ part, shown }): DocumentSection => ({
        title: part.title,
        blocks: [
          { kind: "heading", text: "What the paper shows" },
          { kind: "text", text: part.paper },
          { kind: "heading", text: "What we find" },
          ...("failure" in shown
            ? [{ kind: "failure", text: `This part failed: ${shown.failure}` } as const]
            : [...shown.found.map((text) => ({ kind: "text", text }) as const), ...shown.blocks]),
          { kind: "text", text: "Just this one:" },
          { kind: "code", text: command(part) },
        ],
      }),
    ),
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
