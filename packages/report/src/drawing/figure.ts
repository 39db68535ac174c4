import { checkArgument } from "@mclnn/physics/arguments";
import { escapeText, slug } from "./escape.ts";
import type { Stroke } from "./palette.ts";
import type { Panel } from "./panel-plan.ts";
import { FIGURE } from "./requirements.ts";
import { textWidth, wrapText } from "./text-width.ts";

/** What a colour or a shade of a figure stands for. */
export interface LegendEntry {
  readonly label: string;
  readonly kind: "line" | "shade" | "ring" | "disc";
  readonly stroke: Stroke;
}

/**
 * A figure: panels of equal size in columns, with one title and one legend.
 *
 * {@link figureSvg} puts them on one sheet; the page flows the panels so that they fit narrow screens.
 */
export interface Figure {
  /** For file names and ids: `conservation`. */
  readonly name: string;
  readonly title: string;
  /** What is drawn, for readers who do not see it. */
  readonly description: string;
  /** What a reader of the axes must know: floors, cuts, shifts. */
  readonly note?: string;
  readonly legend: readonly LegendEntry[];
  readonly columns: number;
  /** The first panel stands beside all the others, which are one below the other. */
  readonly lead?: boolean;
  readonly panels: readonly Panel[];
}

const FONTS = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const EDGE = 18;
const GAP = 22;

/**
 * A figure as one SVG document: title, legend, panels, note.
 *
 * Text and the truth's curve are `currentColor` and the ground is transparent, so that it reads on light and on dark where inlined.
 */
export function figureSvg(figure: Figure): string {
  checkArgument("figure", figure, FIGURE);
  const { title, description, note } = figure;
  const placed = placePanels(figure);
  const width = Math.max(2 * EDGE + placed.width, 420);
  const inner = width - 2 * EDGE;
  const parts: string[] = [];
  let y = EDGE + 14;
  for (const line of wrapText(title, inner, 17, true)) {
    parts.push(
      `<text x="${EDGE}" y="${y}" font-size="17" font-weight="700">${escapeText(line)}</text>`,
    );
    y += 22;
  }
  y += 2;
  const rows = legendRows(figure.legend, inner);
  for (const row of rows) {
    for (const { entry, x } of row)
      parts.push(
        `<g transform="translate(${EDGE + x} ${y - 9})">${legendMark(entry)}</g><text x="${EDGE + x + MARK + 7}" y="${y}" font-size="12.5">${escapeText(entry.label)}</text>`,
      );
    y += 20;
  }
  y += 2;
  placed.panels.forEach(({ panel, x, y: down }, k) => {
    parts.push(
      `<g transform="translate(${EDGE + x} ${y + down})">${prefixIds(panel.content, `p${k + 1}`)}</g>`,
    );
  });
  y += placed.height;
  if (note !== undefined)
    for (const line of wrapText(note, inner, 11.5)) {
      parts.push(
        `<text x="${EDGE}" y="${y + 6}" font-size="11.5" opacity="0.8">${escapeText(line)}</text>`,
      );
      y += 16;
    }
  const height = Math.ceil(y + 8);
  const id = slug(figure.name);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-labelledby="${id}-title ${id}-desc" fill="currentColor" font-family="${FONTS}">` +
    `<title id="${id}-title">${escapeText(title)}</title><desc id="${id}-desc">${escapeText(description)}</desc>${parts.join("")}</svg>\n`
  );
}

/** Between two panels one above the other, in pixels. */
export const ROW_GAP = 14;

interface Placed {
  readonly width: number;
  readonly height: number;
  readonly panels: readonly { readonly panel: Panel; readonly x: number; readonly y: number }[];
}

/** Where panels lie on a sheet: in rows, or the first one beside a column of the others. */
function placePanels({ panels, columns, lead = false }: Figure): Placed {
  const [first, ...others] = panels;
  if (lead && first !== undefined && others.length > 0) {
    const x = first.width + GAP;
    let y = 0;
    const column = others.map((panel) => {
      const at = { panel, x, y };
      y += panel.height + ROW_GAP;
      return at;
    });
    return {
      width: x + Math.max(...others.map((panel) => panel.width)),
      height: Math.max(first.height + ROW_GAP, y),
      panels: [{ panel: first, x: 0, y: 0 }, ...column],
    };
  }
  const panelWidth = Math.max(...panels.map((panel) => panel.width), 0);
  const across = Math.min(columns, Math.max(1, panels.length));
  const rows: Placed["panels"][number][] = [];
  let y = 0;
  for (let at = 0; at < panels.length; at += across) {
    const row = panels.slice(at, at + across);
    row.forEach((panel, k) => {
      rows.push({ panel, x: k * (panelWidth + GAP), y });
    });
    y += Math.max(...row.map((panel) => panel.height)) + ROW_GAP;
  }
  return { width: across * panelWidth + (across - 1) * GAP, height: y, panels: rows };
}

/** One panel of a figure as an SVG element to be inlined in a page, scaling with its container. @param id - fit for ids, once in the page */
export function panelSvg(panel: Panel, id: string): string {
  const { width, height, heading, description } = panel;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" ` +
    `aria-label="${escapeText(`${heading}. ${description}`)}" fill="currentColor">${prefixIds(panel.content, id)}</svg>`
  );
}

/** Width of a mark in a legend, in pixels. */
export const MARK = 26;

/** The sample of a legend entry, 26 x 12 pixels. */
export function legendMark({ kind, stroke }: LegendEntry): string {
  const opacity = stroke.opacity === undefined ? "" : ` opacity="${stroke.opacity}"`;
  const paint = `"${escapeText(stroke.colour)}"`;
  switch (kind) {
    case "shade":
      return `<rect width="${MARK}" height="12" fill=${paint} fill-opacity="0.1"/><rect y="7" width="${MARK}" height="5" fill=${paint} fill-opacity="0.6"/>`;
    case "ring":
      return `<circle cx="${MARK / 2}" cy="6" r="3.2" fill="none" stroke=${paint} stroke-width="1.3"${opacity}/>`;
    case "disc":
      return `<circle cx="${MARK / 2}" cy="6" r="3.8" fill=${paint}${opacity}/>`;
    case "line": {
      const dash =
        stroke.dash === undefined ? "" : ` stroke-dasharray="${escapeText(stroke.dash)}"`;
      return `<line x1="0" x2="${MARK}" y1="6" y2="6" stroke=${paint} stroke-width="${Math.max(stroke.width, 1.6)}"${dash}${opacity}/>`;
    }
  }
}

interface PlacedEntry {
  readonly entry: LegendEntry;
  readonly x: number;
}

function legendRows(legend: readonly LegendEntry[], width: number): PlacedEntry[][] {
  const rows: PlacedEntry[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of legend) {
    const size = MARK + 7 + textWidth(entry.label, 12.5);
    if (x + size > width) {
      rows.push([]);
      x = 0;
    }
    rows[rows.length - 1]?.push({ entry, x });
    x += size + 20;
  }
  return rows;
}

function prefixIds(content: string, prefix: string): string {
  return content.replace(/(id="|url\(#)clip-/g, `$1${prefix}-clip-`);
}
