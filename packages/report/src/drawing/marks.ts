import type { Numbers } from "@mclnn/studies";
import type { DotOptions, Markish } from "@observablehq/plot";
import { type Curve, decimate, envelope, smoothPath, thinPath } from "./decimate.ts";
import { extent } from "./domain.ts";
import type { Stroke } from "./palette.ts";
import { type Area, type Axis, type Line, marginsOf, type PanelPlan } from "./panel-plan.ts";

/** Pieces of a path that fades, and how pale the first is. */
const PIECES = 16;
const PALE = 0.3;
/** Heights of the bars that show where data are, in pixels. */
const RUG = { least: 2, most: 16 } as const;
/** Width of the columns of an envelope, in pixels. */
const ENVELOPE = 2;
/** Up to this many points of a cloud are drawn large. */
const FEW_POINTS = 80;

export type PlotLibrary = typeof import("@observablehq/plot");

/** A tint between two curves. */
export function bandMark(
  Plot: PlotLibrary,
  { x, low, high, colour }: Area,
  fillOpacity: number,
): Markish {
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

export function lineMarks(Plot: PlotLibrary, line: Line, plan: PanelPlan): Markish[] {
  const { x, y, width } = plan;
  const { stroke, kind = "curve", dots = false } = line;
  const { colour, dash } = stroke;
  const margin = marginsOf(plan);
  const inner = width - margin.left - margin.right;
  const heights = heightsOf(line, y);
  const columns = { domain: x.domain, columns: Math.round(inner), log: x.log === true };
  if (kind === "points") {
    const cloud = onePerPixel(line.x, heights, { x, y });
    const r = cloud.x.length <= FEW_POINTS ? 3 : 1.7;
    const style = { r, fill: colour, fillOpacity: stroke.opacity ?? 0.7, clip: true };
    return cloud.x.length === 0
      ? []
      : [Plot.dot({ length: cloud.x.length }, { ...cloud, ...style })];
  }
  if (kind === "path") return pathMarks(Plot, line, plan);
  const marks: Markish[] = [];
  let curve: Curve;
  if (kind === "envelope") {
    const band = envelope(line.x, heights, { ...columns, columns: Math.round(inner / ENVELOPE) });
    curve = { x: band.x, y: band.high };
    if (dash === undefined) marks.push(bandMark(Plot, { ...band, colour }, 0.2));
  } else {
    curve = decimate(line.x, heights, columns);
  }
  if (!meets([curve.x], [curve.y], { x, y })) return [];
  marks.push(strokeMark(Plot, curve, stroke));
  if (dots)
    marks.push(
      Plot.dot(
        { length: curve.x.length },
        { ...curve, r: stroke.width + 0.6, fill: colour, clip: true },
      ),
    );
  return marks;
}

/** A way in the plane, whole or in pieces that grow stronger with time. */
function pathMarks(Plot: PlotLibrary, line: Line, { x, y, width }: PanelPlan): Markish[] {
  const { stroke, fades = false } = line;
  const pixel = (x.domain[1] - x.domain[0]) / width;
  const curve = thinPath([...heldNear(line.x, x.domain)], [...heightsOf(line, y)], pixel);
  if (!meets([curve.x], [curve.y], { x, y })) return [];
  const smooth = smoothPath(curve);
  if (!fades) return [strokeMark(Plot, smooth, stroke)];
  // One mark of many pieces, each from where the last one ended.
  const length = Math.max(1, Math.ceil((smooth.x.length - 1) / PIECES));
  const points = Array.from(
    { length: smooth.x.length + Math.ceil((smooth.x.length - 1) / length) - 1 },
    (_, k) => {
      const piece = Math.floor(k / (length + 1));
      return { piece, at: k - piece };
    },
  );
  const along = (values: readonly number[]): number[] =>
    points.map(({ at }) => values[at] as number);
  return [
    Plot.line(
      { length: points.length },
      {
        x: along(smooth.x),
        y: along(smooth.y),
        z: points.map(({ piece }) => piece),
        stroke: stroke.colour,
        strokeWidth: stroke.width,
        strokeOpacity: points.map(({ piece }) => PALE + ((1 - PALE) * (piece + 1)) / PIECES),
        strokeLinejoin: "round",
        // Round ends would lie over each other and be darker there.
        strokeLinecap: "butt",
        clip: true,
      },
    ),
  ];
}

function strokeMark(Plot: PlotLibrary, curve: Curve, stroke: Stroke): Markish {
  const { colour, width, opacity = 1, dash } = stroke;
  return Plot.line(
    { length: curve.x.length },
    {
      ...curve,
      stroke: colour,
      strokeWidth: width,
      strokeOpacity: opacity,
      strokeLinejoin: "round",
      strokeLinecap: dash === undefined ? "round" : "butt",
      ...(dash === undefined ? {} : { strokeDasharray: dash }),
      clip: true,
    },
  );
}

export function endMarks(Plot: PlotLibrary, line: Line, { x, y }: PanelPlan): Markish[] {
  const { stroke, ends = false } = line;
  if (!ends || line.x.length === 0) return [];
  const heights = heightsOf(line, y);
  const end = (i: number, style: DotOptions): Markish[] => {
    const at = { x: [line.x[i] as number], y: [heights[i] as number] };
    return meets([at.x], [at.y], { x, y }) ? [Plot.dot([0], { ...at, ...style, clip: true })] : [];
  };
  const colour = stroke.colour;
  return [
    ...end(line.x.length - 1, { r: 3.6, fill: colour }),
    ...end(0, { r: 3.2, stroke: colour, strokeWidth: 1.5, fill: "none" }),
  ];
}

/** Bars along the lower edge, one for each bin that holds data, as high as there is more in it. */
export function rugMarks(Plot: PlotLibrary, { rug, x, y }: PanelPlan, up: number): Markish[] {
  if (rug === undefined) return [];
  const { edges, counts } = rug;
  const most = Math.max(...Array.from(counts));
  const [low, high] = y.domain;
  const raised = (pixels: number): number =>
    y.log === true
      ? low * Math.exp((pixels / up) * Math.log(high / low))
      : low + ((high - low) * pixels) / up;
  return Array.from(counts).flatMap((count, bin) => {
    const inside = clipRange([edges[bin] as number, edges[bin + 1] as number], x.domain);
    if (!(count > 0) || inside === undefined) return [];
    const [x1, x2] = inside;
    const y2 = raised(RUG.least + (RUG.most - RUG.least) * (count / most));
    return [Plot.rect([0], { x1, x2, y1: low, y2, fill: "currentColor", fillOpacity: 0.4 })];
  });
}

function heightsOf(line: Line, y: Axis): Float64Array {
  return y.log === true ? clampedToEdge(line.y, y.domain) : heldNear(line.y, y.domain);
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
export function meets(
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

export function clipRange(
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
): readonly [number, number] | undefined {
  const clipped = [Math.max(from, low), Math.min(to, high)] as const;
  return clipped[0] < clipped[1] ? clipped : undefined;
}
