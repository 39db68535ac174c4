import { escapeText } from "../drawing/escape.ts";
import { type Figure, legendMark, MARK, panelSvg } from "../drawing/figure.ts";
import { STYLE } from "./style.ts";

/** The parts of a page, as HTML but for title and footer, which are text. */
export interface PageParts {
  readonly title: string;
  readonly header: readonly string[];
  /** Contents, which stay in sight. */
  readonly nav?: string;
  /** Beside the page's own style. */
  readonly style?: string;
  readonly main: readonly string[];
  readonly footer: string;
}

/** One self-contained document: no script, nothing loaded from anywhere. */
export function htmlPage({ title, header, nav = "", style = "", main, footer }: PageParts): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeText(title)}</title>`,
    `<style>${STYLE}${style}</style>`,
    "</head>",
    "<body>",
    "<header>",
    `<h1>${escapeText(title)}</h1>`,
    ...header,
    "</header>",
    nav,
    "<main>",
    ...main,
    "</main>",
    `<footer>${paragraph(footer)}</footer>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** A box that wide tables scroll in, by keyboard too. */
export function scroll(label: string): string {
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeText(label)}">`;
}

export function definitions(rows: readonly (readonly [string, string])[], small = false): string {
  if (rows.length === 0) return "";
  return `<dl${small ? ' class="meanings"' : ""}>${rows.map(([term, text]) => `<dt>${prose(term)}</dt><dd>${prose(text)}</dd>`).join("")}</dl>`;
}

/** A figure whose panels flow with the width of the page. @param text - above it; default: its description */
export function figureHtml(figure: Figure, id: string, text?: string): string {
  const { title, note, legend, columns, panels, description } = figure;
  // Beyond this, letters in panels would be larger than the text around them.
  const widest = Math.round(1.15 * Math.max(0, ...panels.map(({ width }) => width)));
  const across = figure.lead === true ? 2 : Math.max(1, Math.min(columns, panels.length));
  const entries = legend.map(
    (entry) =>
      `<li><svg viewBox="0 0 ${MARK} 12" aria-hidden="true">${legendMark(entry)}</svg>${escapeText(entry.label)}</li>`,
  );
  return [
    `<figure id="${id}" aria-labelledby="${id}-title">`,
    `<figcaption><h3 id="${id}-title">${escapeText(title)}</h3>`,
    paragraph(text === undefined || text === "" ? description : text),
    "</figcaption>",
    `<ul class="legend" aria-label="Legend">${entries.join("")}</ul>`,
    `<div class="panels${figure.lead === true ? " lead" : ""}" style="--columns:${across};--beside:${Math.max(1, panels.length - 1)};--widest:${widest}px">`,
    ...panels.map((panel, index) => panelSvg(panel, `${id}-p${index + 1}`)),
    "</div>",
    note === undefined ? "" : `<p class="note">${escapeText(note)}</p>`,
    "</figure>",
  ].join("\n");
}

export function paragraph(text: string): string {
  return `<p>${prose(text)}</p>`;
}

/** Escaped text whose numbers are not broken over lines: `1e-8` stays whole. */
export function prose(text: string): string {
  return escapeText(text).replace(/(?<![\w.])\d[\d.]*e-\d+(?!\w)/g, '<span class="n">$&</span>');
}
