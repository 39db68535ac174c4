import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, LawCurve, LawSeries, Numbers } from "@mclnn/studies";
import { decades, extent } from "../drawing/domain.ts";
import type { Figure } from "../drawing/figure.ts";
import { type ModelLook, modelLooks, TRUTH, TRUTH_ALONE } from "../drawing/palette.ts";
import type { Area, Line } from "../drawing/panel.ts";
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
const LOG_FROM = 8;

/**
 * V (aligned by one constant), V' (needs none) and |V' learned - V' true| against separation, training ranges shaded: the paper's Fig. 5.
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
  const log = grid[0] > 0 && grid[1] / grid[0] > LOG_FROM;
  const label = `separation r (units of the data${log ? ", logarithmic" : ""})`;
  const common = { x: { domain: grid, log, label }, shades: trainingRanges };
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
  const panels = [
    panel("energy", `V(r)${known ? ", aligned" : ""} (units of the data)`, "pair energy"),
    panel("slope", "Slope dV/dr (units of the data)", "slope of the pair energy"),
  ];
  if (known && looks.length > 0) {
    const errors = slopeErrors(law, truth, looks);
    const curves = errors.map(({ y }) => y);
    panels.push({
      ...common,
      heading: "Error of dV/dr (units of the data)",
      description: `absolute error of the slope of ${list(titles)} against separation, logarithmic`,
      y: { domain: decades(curves, { floor: ERROR_FLOOR, ceiling: ERROR_CEILING }), log: true },
      lines: errors,
    });
  }
  return drawSheet({
    name: "potential",
    title: withSystem(known ? "The pair law, learned and true" : "The learned pair law", options),
    description: `V and dV/dr of ${names} against separation. Training saw separations from ${list(seen)}.`,
    note:
      `Shaded: separations that training saw (${seen.join(", ")}). Elsewhere a learned law continues without data${trainingRanges.length > 1 ? ", and in a gap nothing fixes V between the two sides" : ""}.` +
      (known
        ? ` V is free up to one constant, fitted on the shaded separations. Errors below the frame are drawn on its lower edge (never below ${powerText(ERROR_FLOOR)}).`
        : ""),
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
    columns: panels.length,
    size: { width: known ? 330 : 430, height: 270 },
    panels,
  });
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
