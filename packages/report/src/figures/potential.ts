import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, LawCurve, LawSeries, Numbers } from "@mclnn/studies";
import { decades, extent } from "../drawing/domain.ts";
import type { Figure, LegendEntry } from "../drawing/figure.ts";
import { modelLooks, TRUTH, TRUTH_ALONE } from "../drawing/palette.ts";
import { type Area, drawPanel, type Line, type Panel } from "../drawing/panel.ts";
import { FIGURE_OPTIONS, LAW_SERIES } from "../drawing/requirements.ts";
import { powerText } from "../drawing/tick-text.ts";
import { ERROR_CEILING, ERROR_FLOOR, inDrawingOrder, list, lookEntry } from "./conservation.ts";
import { withSystem } from "./title.ts";

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
  const { separations, trainingRanges, truth } = law;
  const looks = modelLooks(Object.keys(law.models), options.titles);
  const grid = extent(separations) ?? [0, 1];
  const log = grid[0] > 0 && grid[1] / grid[0] > LOG_FROM;
  const columns = truth === undefined ? 2 : 3;
  const size = { width: columns === 3 ? 330 : 430, height: 270 };
  const x = {
    domain: grid,
    log,
    label: log
      ? "separation r (units of the data, logarithmic)"
      : "separation r (units of the data)",
  };
  const names = list([
    ...(truth === undefined ? [] : ["the truth"]),
    ...looks.map(({ title }) => title),
  ]);
  const seen = trainingRanges.map(([from, to]) => `${from.toPrecision(3)} to ${to.toPrecision(3)}`);
  const curves = (which: "energy" | "slope"): Line[] => [
    ...(truth === undefined
      ? []
      : [{ x: separations, y: truth[which], stroke: looks.length === 0 ? TRUTH_ALONE : TRUTH }]),
    ...inDrawingOrder(looks).map(({ key, stroke }) => ({
      x: separations,
      y: (law.models[key] as LawCurve)[which],
      stroke,
    })),
  ];
  const frame = (lines: readonly Line[]): readonly [number, number] =>
    seenFrame(
      separations,
      trainingRanges,
      lines.map(({ y }) => y),
    );
  const bands = (which: "energy" | "slope"): Area[] =>
    looks.flatMap(({ key, stroke }) => {
      const curve = law.models[key] as LawCurve;
      const deviations = which === "energy" ? curve.energySd : curve.slopeSd;
      if (deviations === undefined) return [];
      const edge = (sign: number): Float64Array =>
        Float64Array.from(curve[which], (value, i) => value + sign * 2 * (deviations[i] as number));
      return [{ x: separations, low: edge(-1), high: edge(1), colour: stroke.colour }];
    });
  const areas = bands("slope");
  const energies = curves("energy");
  const slopes = curves("slope");
  const panels: Panel[] = [
    await drawPanel({
      ...size,
      heading:
        truth === undefined ? "V(r) (units of the data)" : "V(r), aligned (units of the data)",
      description: `pair energy of ${names} against separation; training saw ${list(seen)}`,
      x,
      y: { domain: frame(energies) },
      shades: trainingRanges,
      areas: bands("energy"),
      lines: energies,
    }),
    await drawPanel({
      ...size,
      heading: "Slope dV/dr (units of the data)",
      description: `slope of the pair energy of ${names} against separation; training saw ${list(seen)}`,
      x,
      y: { domain: frame(slopes) },
      shades: trainingRanges,
      areas,
      lines: slopes,
    }),
  ];
  if (truth !== undefined && looks.length > 0) {
    const errors = inDrawingOrder(looks).map(({ key, stroke }): Line => {
      const { slope } = law.models[key] as LawCurve;
      return {
        x: separations,
        y: Float64Array.from(slope, (value, i) => Math.abs(value - (truth.slope[i] as number))),
        stroke,
      };
    });
    panels.push(
      await drawPanel({
        ...size,
        heading: "Error of dV/dr (units of the data)",
        description: `absolute error of the slope of ${list(looks.map(({ title }) => title))} against separation, logarithmic`,
        x,
        y: {
          domain: decades(
            errors.map(({ y }) => y),
            { floor: ERROR_FLOOR, ceiling: ERROR_CEILING },
          ),
          log: true,
        },
        shades: trainingRanges,
        lines: errors,
      }),
    );
  }
  return {
    name: "potential",
    title: withSystem(
      truth === undefined ? "The learned pair law" : "The pair law, learned and true",
      options,
    ),
    description: `V and dV/dr of ${names} against separation. Training saw separations from ${list(seen)}.`,
    note:
      `Shaded: separations that training saw (${seen.join(", ")}). Elsewhere a learned law continues without data${trainingRanges.length > 1 ? ", and in a gap nothing fixes V between the two sides" : ""}.` +
      (truth === undefined
        ? ""
        : ` V is free up to one constant, fitted on the shaded separations. Errors below the frame are drawn on its lower edge (never below ${powerText(ERROR_FLOOR)}).`),
    legend: [
      ...(truth === undefined
        ? []
        : [{ label: "truth", kind: "line", stroke: TRUTH } satisfies LegendEntry]),
      ...looks.map(lookEntry),
      {
        label: "separations seen in training",
        kind: "shade",
        stroke: { colour: "currentColor", width: 1 },
      },
      ...(areas.length > 0
        ? [
            {
              label: "tinted band: two standard deviations",
              kind: "line",
              stroke: { colour: "currentColor", width: 8, opacity: 0.25 },
            } satisfies LegendEntry,
          ]
        : []),
    ],
    columns: panels.length,
    panels,
  };
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
