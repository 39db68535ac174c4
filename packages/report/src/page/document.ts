import { checkArgument } from "@mclnn/physics/arguments";
import type { DocumentBlock as BlockOf, DocumentTable } from "@mclnn/studies";
import { escapeText, slug } from "../drawing/escape.ts";
import { type Figure, panelSvg } from "../drawing/figure.ts";
import { DOCUMENT } from "../drawing/requirements.ts";
import { definitions, figureHtml, htmlPage, paragraph, prose, scroll } from "./html.ts";

/** A part of a document, its figures drawn. Texts are plain: they are escaped. */
export type DocumentBlock = BlockOf<Figure>;

export interface DocumentSection {
  /** What links to it name. Default: its title. */
  readonly id?: string;
  readonly title: string;
  /** Shown only when it is asked for. */
  readonly folded?: boolean;
  readonly blocks: readonly DocumentBlock[];
}

/** What a page of free form is made from. */
export interface DocumentContent {
  readonly title: string;
  readonly introduction: readonly string[];
  readonly sections: readonly DocumentSection[];
  readonly footer: string;
}

/**
 * One self-contained HTML page: sections of texts, tables and figures with a list of contents.
 *
 * No script, nothing loaded from anywhere; light and dark, narrow screens and print. Every text is escaped.
 */
export function documentPage(content: DocumentContent): string {
  return documentHtml(content);
}

/** The same with HTML of one's own before the sections, and style for it. */
export function documentHtml(
  content: DocumentContent,
  { before = "", style = "" }: { readonly before?: string; readonly style?: string } = {},
): string {
  checkArgument("content", content, DOCUMENT);
  const { title, introduction, sections, footer } = content;
  const placed = withIds(sections);
  const figures = new Map(
    placed.flatMap(({ id, section }) =>
      section.blocks.flatMap((block, k) =>
        block.kind === "figure"
          ? [[block.figure.name, { figure: block.figure, id: `${id}-${k + 1}` }] as const]
          : [],
      ),
    ),
  );
  const contents = placed.map(
    // What is inside a folded part opens it.
    ({ id, section }) =>
      `<li><a href="#${id}${section.folded === true ? "-open" : ""}">${escapeText(section.title)}</a></li>`,
  );
  return htmlPage({
    title,
    header: introduction.map(paragraph),
    nav: `<nav aria-label="Contents"><ul>${contents.join("")}</ul></nav>`,
    style,
    main: [
      before,
      ...placed.map(({ id, section }) => {
        const heading = `<h2 id="${id}-title">${escapeText(section.title)}</h2>`;
        const folded = section.folded === true;
        return [
          `<section id="${id}" aria-labelledby="${id}-title">`,
          folded ? `<details><summary>${heading}</summary><div id="${id}-open"></div>` : heading,
          ...section.blocks.map((block, k) => blockHtml(block, `${id}-${k + 1}`, figures)),
          ...(folded ? ["</details>"] : []),
          "</section>",
        ].join("\n");
      }),
    ],
    footer,
  });
}

/** The same as Markdown, figures as links. @param figurePath - where a figure's picture is */
export function documentMarkdown(
  content: DocumentContent,
  figurePath: (figure: Figure) => string,
): string {
  checkArgument("content", content, DOCUMENT);
  checkArgument("figurePath", figurePath, "function");
  const { title, introduction, sections, footer } = content;
  const parts = [`# ${title}`, ...introduction];
  for (const { title: heading, blocks } of sections)
    parts.push(`## ${heading}`, ...blocks.map((block) => blockMarkdown(block, figurePath)));
  return `${[...parts, footer].join("\n\n")}\n`;
}

function withIds(
  sections: readonly DocumentSection[],
): { readonly id: string; readonly section: DocumentSection }[] {
  const taken = new Set<string>();
  return sections.map((section) => {
    let id = slug(section.id ?? section.title);
    while (taken.has(id)) id += "-x";
    taken.add(id);
    return { id, section };
  });
}

/** Figures of a page by name, and where they are. */
type PlacedFigures = ReadonlyMap<string, { readonly figure: Figure; readonly id: string }>;

function blockHtml(block: DocumentBlock, id: string, figures: PlacedFigures): string {
  switch (block.kind) {
    case "text":
      return paragraph(block.text);
    case "heading":
      return `<h3>${escapeText(block.text)}</h3>`;
    case "quote":
      return `<blockquote>${paragraph(block.text)}</blockquote>`;
    case "code":
      return `<pre><code>${escapeText(block.text)}</code></pre>`;
    case "failure":
      return `<p class="failure" role="alert">${escapeText(block.text)}</p>`;
    case "facts":
      return definitions(block.rows, block.small);
    case "folded":
      return `<details><summary>${escapeText(block.text)}</summary>${definitions(block.rows, true)}</details>`;
    case "verdict":
      return verdictHtml(block, id, figures);
    case "table":
      return tableHtml(block.table);
    case "figure":
      return figureHtml(block.figure, id, block.text);
  }
}

/** A claim with its badge, its number and a small picture of what shows it. */
function verdictHtml(
  { text, verdict, number, figure }: Extract<DocumentBlock, { kind: "verdict" }>,
  id: string,
  figures: PlacedFigures,
): string {
  const shown = figure === undefined ? undefined : figures.get(figure);
  const panel = shown?.figure.panels.at(-1);
  const picture =
    shown === undefined || panel === undefined
      ? ""
      : `<a href="#${shown.id}" aria-label="${escapeText(shown.figure.title)}">${panelSvg(panel, `${id}-thumb`)}</a>`;
  return `<div class="claim">${picture}<h3>${escapeText(text)} <span class="${BADGES[verdict] ?? "badge"}">${escapeText(verdict)}</span></h3>${paragraph(number)}</div>`;
}

/** Verdicts, which tables of claims show as badges. */
const BADGES: Readonly<Record<string, string>> = {
  holds: "badge good",
  "does not hold": "badge poor",
};

/** More columns than this become a paragraph a cell on narrow screens. */
const NARROW = 4;
/** More than this are set smaller. */
const MANY = 5;

function tableHtml({ caption, columns, rows, wrap, tones = [], failures }: DocumentTable): string {
  const classes = [
    wrap === true && "wrap",
    (wrap === true || columns.length > NARROW) && "stack",
    columns.length > MANY && "dense",
  ].filter((name) => name !== false);
  const side = (c: number): string => (columns[c]?.align === "right" ? ' class="right"' : "");
  const head = columns.map(({ title }, c) => `<th scope="col"${side(c)}>${escapeText(title)}</th>`);
  const body = rows.map((cells, r) => {
    const row = cells.map((cell, c) => {
      if (c === 0)
        return cell === "" ? '<td class="same"></td>' : `<th scope="row">${prose(cell)}</th>`;
      const title = classes.includes("stack")
        ? ` data-title="${escapeText(columns[c]?.title ?? "")}"`
        : "";
      const failed = tones[r] === "bad" || failures?.[r]?.[c] === true;
      const names = [columns[c]?.align === "right" && "right", failed && "failed", BADGES[cell]];
      const named = names.filter((name) => typeof name === "string");
      return `<td${named.length === 0 ? "" : ` class="${named.join(" ")}"`}${title}>${prose(cell)}</td>`;
    });
    return `<tr${tones[r] === undefined ? "" : ` class="${tones[r]}"`}>${row.join("")}</tr>`;
  });
  return `${scroll(caption)}<table${classes.length === 0 ? "" : ` class="${classes.join(" ")}"`}><caption>${escapeText(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}

function blockMarkdown(block: DocumentBlock, figurePath: (figure: Figure) => string): string {
  switch (block.kind) {
    case "text":
      return block.text;
    case "heading":
      return `### ${block.text}`;
    case "quote":
      return `> ${block.text}`;
    case "code":
      return `\`\`\`sh\n${block.text}\n\`\`\``;
    case "failure":
      return `**Failed.** ${block.text}`;
    case "verdict":
      return `### ${block.text}: ${block.verdict}\n\n- our number: ${block.number}`;
    case "folded":
    case "facts":
      return block.rows.map(([term, text]) => `- ${term}: ${text}`).join("\n");
    case "table": {
      const { caption, columns, rows } = block.table;
      return [
        `${caption}:`,
        "",
        ...markdownTable(
          columns.map(({ title }) => title),
          columns.map(({ align }) => align === "right"),
          rows,
        ),
      ].join("\n");
    }
    case "figure": {
      const { figure, text = figure.description } = block;
      return `${text}\n\n![${figure.title}](${figurePath(figure)})`;
    }
  }
}

/** Columns padded to one width, as formatters write them. */
function markdownTable(
  titles: readonly string[],
  right: readonly boolean[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [titles, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = titles.map((_, c) => Math.max(3, ...all.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, c) => (right[c] === true ? cell.padStart(widths[c] as number) : cell.padEnd(widths[c] as number))).join(" | ")} |`;
  const [head, ...body] = all;
  return [
    line(head as string[]),
    `| ${widths.map((w, c) => (right[c] === true ? `${"-".repeat(w - 1)}:` : "-".repeat(w))).join(" | ")} |`,
    ...body.map(line),
  ];
}
