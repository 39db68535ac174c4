import { checkArgument } from "@mclnn/physics/arguments";
import type { DocumentBlock as BlockOf, DocumentTable } from "@mclnn/studies";
import { escapeText, slug } from "../drawing/escape.ts";
import type { Figure } from "../drawing/figure.ts";
import { DOCUMENT } from "../drawing/requirements.ts";
import { definitions, figureHtml, htmlPage, paragraph, scroll } from "./html.ts";

/** A part of a document, its figures drawn. Texts are plain: they are escaped. */
export type DocumentBlock = BlockOf<Figure>;

export interface DocumentSection {
  /** What links to it name. Default: its title. */
  readonly id?: string;
  readonly title: string;
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
  checkArgument("content", content, DOCUMENT);
  const { title, introduction, sections, footer } = content;
  const placed = withIds(sections);
  const contents = placed.map(
    ({ id, section }) => `<li><a href="#${id}">${escapeText(section.title)}</a></li>`,
  );
  return htmlPage({
    title,
    header: [
      ...introduction.map(paragraph),
      `<nav aria-label="Contents"><ul>${contents.join("")}</ul></nav>`,
    ],
    main: placed.map(({ id, section }) =>
      [
        `<section id="${id}" aria-labelledby="${id}-title">`,
        `<h2 id="${id}-title">${escapeText(section.title)}</h2>`,
        ...section.blocks.map((block, k) => blockHtml(block, `${id}-${k + 1}`)),
        "</section>",
      ].join("\n"),
    ),
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

function blockHtml(block: DocumentBlock, id: string): string {
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
    case "table":
      return tableHtml(block.table);
    case "figure":
      return figureHtml(block.figure, id, block.text);
  }
}

function tableHtml({ caption, columns, rows, wrap, tones = [] }: DocumentTable): string {
  const side = (c: number): string => (columns[c]?.align === "right" ? ' class="right"' : "");
  const head = columns.map(({ title }, c) => `<th scope="col"${side(c)}>${escapeText(title)}</th>`);
  const body = rows.map((cells, r) => {
    const row = cells.map((cell, c) => {
      if (c === 0) return cell === "" ? "<td></td>" : `<th scope="row">${escapeText(cell)}</th>`;
      const title = wrap === true ? ` data-title="${escapeText(columns[c]?.title ?? "")}"` : "";
      return `<td${side(c)}${title}>${escapeText(cell)}</td>`;
    });
    return `<tr${tones[r] === undefined ? "" : ` class="${tones[r]}"`}>${row.join("")}</tr>`;
  });
  return `${scroll(caption)}<table${wrap === true ? ' class="wrap"' : ""}><caption>${escapeText(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
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
