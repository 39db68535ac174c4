import type { Numbers } from "@mclnn/studies";
import type { DotOptions, Markish, PlotOptions } from "@observablehq/plot";
import { type Curve, decimate, envelope, thinPath } from "./decimate.ts";
import { decadeTicks, extent, linearTicks } from "./domain.ts";
import { escapeText } from "./escape.ts";
import type { Stroke } from "./palette.ts";
import { compactPathData } from "./path-data.ts";
import { SvgDocument } from "./svg-document.ts";
import { powerTexts, tickText } from "./tick-text.ts";

/** An axis of a panel. */
export interface Axis {
  readonly domain: readonly [number, number];
  readonly log?: boolean;
  readonly label?: string;
  /** About how many ticks. Default: by the room there is. */
  readonly ticks?: number;
  /** Where ticks are, instead of round numbers. */
  readonly at?: readonly number[];
}

/** A curve in a panel, drawn in the order given. */
export interface Line {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly stroke: Stroke;
  /**
   * `curve` (default): one value at each x, reduced to its extremes in each pixel column. `envelope`: the highest value in each pixel column, with a tint down to
   * the lowest. `path`: a way in the plane, smoothed. `points`: no line, and of those in one pixel one.
   */
  readonly kind?: "curve" | "envelope" | "path" | "points";
  /** Marks the points themselves. */
  readonly dots?: boolean;
  /** Marks first (ring) and last point (disc) of a path. */
  readonly ends?: boolean;
}

/** A band between two curves. */
export interface Area {
  readonly x: Numbers;
  readonly low: Numbers;
  readonly high: Numbers;
  readonly colour: string;
}

/** What a panel shows. */
export interface PanelPlan {
  /** Quantity and unit, above the frame. */
  readonly heading: string;
  /** What else must be known, above the frame on the right. */
  readonly remark?: string;
  /** For readers who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Ranges of x with a shade behind and a bar on the top edge. */
  readonly shades?: readonly (readonly [number, number])[];
  readonly areas?: readonly Area[];
  /** Dashed lines across the panel. */
  readonly levels?: readonly number[];
}

/** A drawn panel: SVG elements in a box of `width` x `height`, to be put under any `<svg>` or `<g>`. */
export interface Panel {
  readonly heading: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Ids in it are `clip-1`, `clip-2`, ...: give them a prefix where several panels share a document. */
  readonly content: string;
}

/** Room around the frame, in pixels. */
export const MARGIN = { top: 26, right: 14, bottom: 40, left: 62 } as const;

const TICK_FONT = 11.5;
/** Width of the columns of an envelope, in pixels. */
const ENVELOPE = 2;
/** Up to this many points of a cloud are drawn large. */
const FEW_POINTS = 80;
const LEVEL_STYLE = { stroke: "currentColor", strokeOpacity: 0.7, strokeDasharray: "5 4" } as const;

/** Draws one panel with Observable Plot. Curves are clipped to the frame. */
export async function drawPanel(plan: PanelPlan): Promise<Panel> {
  const Plot = await import("@observablehq/plot");
  const { width, height, heading, description, x, y, lines } = plan;
  const xTicks = axisTicks(
    x,
    x.ticks ?? Math.max(3, Math.round((width - MARGIN.left - MARGIN.right) / 62)),
  );
  const yTicks = axisTicks(
    y,
    y.ticks ?? Math.max(3, Math.round((height - MARGIN.top - MARGIN.bottom) / 32)),
  );
  const plot = Plot.plot({
    document: new SvgDocument() as unknown as NonNullable<PlotOptions["document"]>,
    width,
    height,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    x: { type: x.log === true ? "log" : "linear", domain: [...x.domain], axis: null, label: null },
    y: { type: y.log === true ? "log" : "linear", domain: [...y.domain], axis: null, label: null },
    marks: [
      ...(plan.shades ?? []).flatMap((range) => {
        const inside = clipRange(range, x.domain);
        if (inside === undefined) return [];
        const [x1, x2] = inside;
        return [
          Plot.rect([0], { x1, x2, fill: "currentColor", fillOpacity: 0.09, clip: true }),
          Plot.ruleY([y.domain[1]], {
            x1,
            x2,
            stroke: "currentColor",
            strokeWidth: 4,
            strokeOpacity: 0.6,
          }),
        ];
      }),
      Plot.gridX(xTicks.ticks, { strokeOpacity: 0.1 }),
      Plot.gridY(yTicks.ticks, { strokeOpacity: 0.1 }),
      Plot.axisX(xTicks.ticks, { text: xTicks.text, label: null, tickSize: 4 }),
      Plot.axisY(yTicks.ticks, { text: yTicks.text, label: null, tickSize: 4 }),
      Plot.frame({ strokeOpacity: 0.35 }),
      ...(plan.areas ?? [])
        .filter(({ x: xs, low, high }) => meets([xs], [low, high], plan))
        .map((area) => bandMark(Plot, area, 0.25)),
      Plot.ruleY([...(plan.levels ?? [])], { ...LEVEL_STYLE }),
      ...lines.flatMap((line) => lineMarks(Plot, line, plan)),
    ],
  });
  const content = [...plot.children]
    .filter((child) => child.tagName.toLowerCase() !== "style")
    .map((child) => child.outerHTML)
    .join("");
  return {
    heading,
    description,
    width,
    height,
    content: `<g fill="currentColor" font-size="${TICK_FONT}" text-anchor="middle">${tidy(content)}${labels(plan)}</g>`,
  };
}

type PlotLibrary = typeof import("@observablehq/plot");

/** A tint between two curves. */
function bandMark(Plot: PlotLibrary, { x, low, high, colour }: Area, fillOpacity: number): Markish {
  return Plot.areaY(
    { length: x.length },
    {
      x: Array.from(x),
      y1: Array.from(low),
      y2: Array.from(high),
      fill: colour,
      fillOpacity,
      clip: true,
    },
  );
}

function lineMarks(Plot: PlotLibrary, line: Line, { x, y, width }: PanelPlan): Markish[] {
  const { stroke, kind = "curve", dots = false, ends = false } = line;
  const { colour, dash } = stroke;
  const inner = width - MARGIN.left - MARGIN.right;
  const heights = y.log === true ? clampedToEdge(line.y, y.domain) : heldNear(line.y, y.domain);
  const columns = { domain: x.domain, columns: Math.round(inner), log: x.log === true };
  if (kind === "points") {
    const cloud = onePerPixel(line.x, heights, { x, y });
    const r = cloud.x.length <= FEW_POINTS ? 3 : 1.7;
    const style = { r, fill: colour, fillOpacity: stroke.opacity ?? 0.7, clip: true };
    return cloud.x.length === 0
      ? []
      : [Plot.dot({ length: cloud.x.length }, { ...cloud, ...style })];
  }
  const marks: Markish[] = [];
  let curve: Curve;
  if (kind === "path") {
    const pixel = (x.domain[1] - x.domain[0]) / inner;
    curve = thinPath([...heldNear(line.x, x.domain)], [...heights], pixel);
  } else if (kind === "envelope") {
    const band = envelope(line.x, heights, { ...columns, columns: Math.round(inner / ENVELOPE) });
    curve = { x: band.x, y: band.high };
    if (dash === undefined) marks.push(bandMark(Plot, { ...band, colour }, 0.2));
  } else {
    curve = decimate(line.x, heights, columns);
  }
  if (!meets([curve.x], [curve.y], { x, y })) return [];
  const data = { length: curve.x.length };
  marks.push(
    Plot.line(data, {
      ...curve,
      stroke: colour,
      strokeWidth: stroke.width,
      strokeOpacity: stroke.opacity ?? 1,
      strokeLinejoin: "round",
      strokeLinecap: dash === undefined ? "round" : "butt",
      ...(dash === undefined ? {} : { strokeDasharray: dash }),
      ...(kind === "path" ? { curve: "catmull-rom" as const } : {}),
      clip: true,
    }),
  );
  if (dots)
    marks.push(Plot.dot(data, { ...curve, r: stroke.width + 0.6, fill: colour, clip: true }));
  const end = (i: number, style: DotOptions): Markish[] => {
    const at = { x: [curve.x[i] as number], y: [curve.y[i] as number] };
    return meets([at.x], [at.y], { x, y }) ? [Plot.dot([0], { ...at, ...style, clip: true })] : [];
  };
  if (ends && curve.x.length > 0)
    marks.push(
      ...end(0, { r: 3.2, stroke: colour, strokeWidth: 1.3, fill: "none" }),
      ...end(curve.x.length - 1, { r: 3.6, fill: colour }),
    );
  return marks;
}

/** Points inside the frame, one for each pixel. */
function onePerPixel(
  xs: Numbers,
  ys: Numbers,
  { x, y }: Pick<PanelPlan, "x" | "y">,
): { readonly x: number[]; readonly y: number[] } {
  const place = (value: number, { domain: [from, to], log }: Axis): number =>
    log === true ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  const taken = new Set<number>();
  const out = { x: [] as number[], y: [] as number[] };
  for (let k = 0; k < xs.length; k++) {
    const column = place(xs[k] as number, x);
    const row = place(ys[k] as number, y);
    if (!(column >= 0 && column <= 1 && row >= 0 && row <= 1)) continue;
    const pixel = Math.round(column * 500) * 1000 + Math.round(row * 500);
    if (taken.has(pixel)) continue;
    taken.add(pixel);
    out.x.push(xs[k] as number);
    out.y.push(ys[k] as number);
  }
  return out;
}

interface Ticks {
  readonly ticks: number[];
  readonly text: (value: number) => string;
}

function axisTicks({ domain, log, at }: Axis, count: number): Ticks {
  if (at !== undefined) return { ticks: [...at], text: (value) => tickText(value, value) };
  if (log !== true) {
    const { ticks, step } = linearTicks(domain, count);
    const largest = Math.max(...ticks.map(Math.abs), 0);
    return { ticks, text: (value) => tickText(value, step, largest) };
  }
  const ticks = decadeTicks(domain, count + 1);
  if (ticks.length >= 3) return { ticks, text: powerTexts(ticks) };
  // About two decades or less: powers of ten alone would leave the axis bare.
  const more: number[] = [];
  for (let power = Math.floor(Math.log10(domain[0])); power <= Math.log10(domain[1]); power++)
    for (const factor of [1, 2, 5]) {
      const tick = Number(`${factor}e${power}`);
      if (tick >= domain[0] && tick <= domain[1]) more.push(tick);
    }
  return { ticks: more, text: (value) => tickText(value, value) };
}

/** Values that a logarithmic axis cannot show, or that lie below it, on its lower edge. */
function clampedToEdge(values: Numbers, [low]: readonly [number, number]): Float64Array {
  return Float64Array.from(values, (value) => (value < low ? low : value));
}

/** Values far outside a linear axis, brought nearer: a curve that exploded leaves the frame all the same, but in coordinates that every renderer can hold. */
function heldNear(values: Numbers, [from, to]: readonly [number, number]): Float64Array {
  const reach = 50 * (to - from);
  return Float64Array.from(values, (value) =>
    Number.isFinite(value) ? Math.min(Math.max(value, from - reach), to + reach) : Number.NaN,
  );
}

/**
 * Whether the box about some points meets the frame. What does not is left out: there is nothing to be seen of it, and resvg 2.6 ends the process on a clipped
 * group that lies wholly outside the picture.
 */
function meets(
  xs: readonly Numbers[],
  ys: readonly Numbers[],
  frame: Pick<PanelPlan, "x" | "y">,
): boolean {
  const over = (values: readonly Numbers[], [from, to]: readonly [number, number]): boolean => {
    const range = extent(...values);
    return range !== undefined && range[0] <= to && range[1] >= from;
  };
  return over(xs, frame.x.domain) && over(ys, frame.y.domain);
}

function clipRange(
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
): readonly [number, number] | undefined {
  const clipped = [Math.max(from, low), Math.min(to, high)] as const;
  return clipped[0] < clipped[1] ? clipped : undefined;
}

/** Shortens Plot's markup and gives clip paths ids that do not depend on what was drawn before. */
function tidy(markup: string): string {
  const ids = new Map<string, string>();
  return markup
    .replace(/plot-clip-\d+/g, (id) => {
      const known = ids.get(id) ?? `clip-${ids.size + 1}`;
      ids.set(id, known);
      return known;
    })
    .replace(/ d="([^"]*)"/g, (_, data: string) => ` d="${compactPathData(data)}"`)
    .replace(/ (?:aria-hidden|class)="[^"]*"/g, "")
    .replace(/<[^>]*>/g, (tag) =>
      tag.replace(/-?\d*\.\d+(?:e[+-]?\d+)?/g, (number) =>
        String(Math.round(Number(number) * 100) / 100),
      ),
    );
}

function labels({ heading, remark, width, height, x, y }: PanelPlan): string {
  const middle = MARGIN.left + (width - MARGIN.left - MARGIN.right) / 2;
  const centre = MARGIN.top + (height - MARGIN.top - MARGIN.bottom) / 2;
  const texts = [
    `<text x="0" y="14" text-anchor="start" font-size="12.5" font-weight="600">${escapeText(heading)}</text>`,
  ];
  if (remark !== undefined)
    texts.push(
      `<text x="${width - MARGIN.right}" y="14" text-anchor="end">${escapeText(remark)}</text>`,
    );
  if (x.label !== undefined)
    texts.push(
      `<text x="${middle}" y="${height - 6}" font-size="12">${escapeText(x.label)}</text>`,
    );
  if (y.label !== undefined)
    texts.push(
      `<text transform="translate(14 ${centre}) rotate(-90)" font-size="12">${escapeText(y.label)}</text>`,
    );
  return texts.join("");
}
