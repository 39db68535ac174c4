import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, LawCurve, LawSeries, Numbers } from "@mclnn/studies";
import { formatNumber } from "@mclnn/studies/text";
import { decades, extent } from "../drawing/domain.ts";
import { type Figure, ROW_GAP } from "../drawing/figure.ts";
import { type ModelLook, modelLooks, TRUTH, TRUTH_ALONE } from "../drawing/palette.ts";
import type { Area, Line } from "../drawing/panel-plan.ts";
import { FIGURE_OPTIONS, LAW_SERIES } from "../drawing/requirements.ts";
import { powerText } from "../drawing/tick-text.ts";
import { ERROR_CEILING, ERROR_FLOOR } from "./conservation.ts";
import {
  drawSheet,
  entry,
  inDrawingOrder,
  list,
  lookEntries,
  type SheetPanel,
  withSystem,
} from "./sheet.ts";

/** Axes of separations that span more than this factor are logarithmic. */
const LOG_FROM = 10;

/** Of the slope, which stands first, and of the panels beside it. */
const LEAD = { width: 440, height: 400 } as const;
const BESIDE = 340;

/**
 * V' (which needs no constant) first, then V (aligned by one) and |V' learned - V' true| against separation, with a rug of the data: the paper's Fig. 5.
 *
 * Where training saw nothing, in a gap as beyond the ends, no shade lies behind the curves. Without a true law the first two alone.
 */
export async function potentialFigure(
  law: LawSeries,
  options: FigureOptions = {},
): Promise<Figure> {
  checkArgument("law", law, LAW_SERIES);
  checkArgument("options", options, FIGURE_OPTIONS);
  const { separations, trainingRanges, truth, models } = law;
  const known = truth !== undefined;
  const looks = modelLooks(Object.keys(models), options.titles);
  const titles = looks.map(({ title }) => title);
  const names = list([...(known ? ["the truth"] : []), ...titles]);
  const seen = trainingRanges.map(([from, to]) => `${from.toPrecision(3)} to ${to.toPrecision(3)}`);
  const grid = extent(separations) ?? [0, 1];
  const log = grid[0] > 0 && spanOf(trainingRanges) > LOG_FROM;
  const common = {
    x: { domain: grid, log, label: `separation r${log ? " (logarithmic)" : ""}` },
    shades: trainingRanges,
    rug: law.histogram ?? rugOf(trainingRanges),
  };
  const bands = { energy: bandsOf(law, looks, "energy"), slope: bandsOf(law, looks, "slope") };
  const panel = (which: "energy" | "slope", heading: string, quantity: string): SheetPanel => {
    const lines: Line[] = inDrawingOrder(looks).map(({ key, stroke }) => ({
      x: separations,
      y: (models[key] as LawCurve)[which],
      stroke,
    }));
    const stroke = looks.length === 0 ? TRUTH_ALONE : TRUTH;
    if (known) lines.unshift({ x: separations, y: truth[which], stroke });
    const curves = lines.map(({ y }) => y);
    return {
      ...common,
      heading,
      description: `${quantity} of ${names} against separation; training saw ${list(seen)}`,
      y: { domain: seenFrame(separations, trainingRanges, curves) },
      areas: bands[which],
      lines,
    };
  };
  const within = known ? withinText(law, truth, looks) : undefined;
  const beside: SheetPanel[] = [panel("energy", `V(r)${known ? ", aligned" : ""}`, "pair energy")];
  if (known && looks.length > 0) {
    const errors = slopeErrors(law, truth, looks);
    const curves = errors.map(({ y }) => y);
    beside.push({
      ...common,
      heading: "Error of V'(r)",
      description: `absolute error of the slope of ${list(titles)} against separation, logarithmic`,
      y: { domain: decades(curves, { floor: ERROR_FLOOR, ceiling: ERROR_CEILING }), log: true },
      lines: errors,
    });
  }
  const height = (LEAD.height - (beside.length - 1) * ROW_GAP) / beside.length;
  return drawSheet({
    name: "potential",
    title: withSystem(known ? "The pair law, learned and true" : "The learned pair law", options),
    description: `V' and V of ${names} against separation. Training saw separations from ${list(seen)}.${within === undefined ? "" : ` ${within}.`}`,
    note: noteOf(seen, known),
    legend: [
      known && entry("truth", TRUTH),
      ...lookEntries(looks),
      entry("separations seen in training", { colour: "currentColor", width: 1 }, "shade"),
      bands.slope.length > 0 &&
        entry("tinted band: two standard deviations", {
          colour: "currentColor",
          width: 8,
          opacity: 0.25,
        }),
    ],
    lead: true,
    size: { width: BESIDE, height },
    panels: [
      {
        ...panel("slope", "Slope V'(r) = dV/dr", "slope of the pair energy"),
        ...LEAD,
        ...(within === undefined ? {} : { remark: within }),
      },
      ...beside,
    ],
  });
}

/** The largest separation over the smallest. */
function spanOf(ranges: LawSeries["trainingRanges"]): number {
  const [nearest, farthest] = extent(...ranges) ?? [1, 1];
  return farthest / nearest;
}

/** What a reader of the axes must know. @param seen - ranges of separations, in words */
function noteOf(seen: readonly string[], known: boolean): string {
  const gap = seen.length > 1 ? ", and in a gap nothing fixes V between the two sides" : "";
  const constant = known
    ? ` V is free up to one constant, fitted on the shaded separations. Within: the largest error of V' there, over the root mean square of V' there. Errors below a frame are drawn on its lower edge (never below ${powerText(ERROR_FLOOR)}).`
    : "";
  return `In the units of the data. Shaded, with bars below that are higher where there is more: separations that training saw (${seen.join(", ")}). Elsewhere a learned law continues without data${gap}.${constant}`;
}

/** Ranges as bins with data and gaps without. */
function rugOf(ranges: LawSeries["trainingRanges"]): NonNullable<LawSeries["histogram"]> {
  return {
    edges: ranges.flat(),
    counts: ranges.flatMap((_, k) => (k === 0 ? [1] : [0, 1])),
  };
}

/** One significant digit or two, as a decimal where it is not too long. */
function percent(value: number): string {
  return value < 1e-4
    ? formatNumber(value, 1)
    : String(Number(value.toPrecision(value < 1 ? 1 : 2)));
}

/** "V' within 0.02 % (MCLNN)": the largest error over the separations seen, relative to the root mean square of V' there. */
function withinText(
  { separations, trainingRanges, models }: LawSeries,
  truth: LawCurve,
  looks: readonly ModelLook[],
): string | undefined {
  const inside = Array.from(separations, (_, i) => i).filter((i) => {
    const r = separations[i] as number;
    return trainingRanges.some(([from, to]) => r >= from && r <= to);
  });
  const square = inside.reduce((sum, i) => sum + (truth.slope[i] as number) ** 2, 0);
  const size = Math.sqrt(square / inside.length);
  if (!(size > 0)) return undefined;
  const parts = looks.map(({ key, title }) => {
    const { slope } = models[key] as LawCurve;
    const errors = inside.map((i) => Math.abs((slope[i] as number) - (truth.slope[i] as number)));
    return `${percent((100 * Math.max(...errors)) / size)} % (${title})`;
  });
  return parts.length === 0 ? undefined : `V' within ${list(parts)}`;
}

/** |V' learned - V' true| of each model. */
function slopeErrors(
  { separations: x, models }: LawSeries,
  truth: LawCurve,
  looks: readonly ModelLook[],
): Line[] {
  return inDrawingOrder(looks).map(({ key, stroke }) => {
    const { slope } = models[key] as LawCurve;
    const y = Float64Array.from(slope, (value, i) => Math.abs(value - (truth.slope[i] as number)));
    return { x, y, stroke };
  });
}

/** Two standard deviations to either side of the learned curves, where they are known. */
function bandsOf(
  { separations: x, models }: LawSeries,
  looks: readonly ModelLook[],
  which: "energy" | "slope",
): Area[] {
  return looks.flatMap(({ key, stroke: { colour } }) => {
    const curve = models[key] as LawCurve;
    const deviations = which === "energy" ? curve.energySd : curve.slopeSd;
    if (deviations === undefined) return [];
    const edge = (sign: number): Float64Array =>
      Float64Array.from(curve[which], (value, i) => value + sign * 2 * (deviations[i] as number));
    return [{ x, low: edge(-1), high: edge(1), colour }];
  });
}

/** Spans of less than this share of the values themselves are rounding. */
const FLAT = 1e-12;

/** Range in which the seen part of the curves can be read; what lies beyond it may rise by as much again and is cut after. */
function seenFrame(
  separations: Numbers,
  ranges: LawSeries["trainingRanges"],
  curves: readonly Numbers[],
): readonly [number, number] {
  const inside = Array.from(separations, (r) => ranges.some(([from, to]) => r >= from && r <= to));
  const all = extent(...curves) ?? [0, 1];
  const reference = curves.map((curve) => Array.from(curve).filter((_, i) => inside[i]));
  const seen = extent(...reference) ?? all;
  // In the units of the data an energy may be 1e-20: only a curve that is flat has no span of its own.
  const magnitude = Math.max(Math.abs(seen[0]), Math.abs(seen[1]));
  const span = Math.max(seen[1] - seen[0], FLAT * magnitude) || 1;
  const low = Math.max(all[0], seen[0] - 0.6 * span);
  const high = Math.min(all[1], seen[1] + 0.6 * span);
  const margin = 0.06 * (high > low ? high - low : span);
  return [low - margin, high + margin];
}
