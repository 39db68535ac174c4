import { checkArgument } from "@mclnn/physics/arguments";
import type { Numbers, PlotPlan, PlotSeries } from "@mclnn/studies";
import { envelope } from "../drawing/decimate.ts";
import { decades, extent } from "../drawing/domain.ts";
import type { Figure, LegendEntry } from "../drawing/figure.ts";
import {
  CHAOS,
  CLOSER_CHAOS,
  isModel,
  modelLooks,
  PARTICLE_COLOURS,
  type Stroke,
  TRUTH,
  TRUTH_ALONE,
} from "../drawing/palette.ts";
import { type Axis, drawPanel, type Line, type Panel } from "../drawing/panel.ts";
import { PLOT_PLAN } from "../drawing/requirements.ts";

const SIZE = { width: 430, height: 230 } as const;
const SQUARE = { width: 360, height: 350 } as const;
const FLOOR = 1e-18;
const CEILING = 1e9;

/** A figure of any curves, drawn in the manner of the others: one legend, colours that all eyes tell apart. */
export async function plotFigure(plan: PlotPlan): Promise<Figure> {
  checkArgument("plan", plan, PLOT_PLAN);
  const strokes = strokesOf(plan.panels.flatMap(({ series }) => series));
  const panels: Panel[] = [];
  for (const {
    heading,
    x,
    y = {},
    series,
    shades = [],
    levels = [],
    square = false,
  } of plan.panels) {
    const lines = series.map(({ label, kind = "curve", x: xs, y: ys }): Line => {
      const stroke = strokes.get(label) as Stroke;
      return { x: xs, y: ys, stroke, kind };
    });
    const xDomain =
      x.domain ??
      domainOf(
        x.log === true,
        lines.map((line) => line.x),
        [],
      );
    const shownY = lines.map((line) =>
      line.kind === "envelope"
        ? envelope(line.x, line.y, { domain: xDomain, log: x.log === true, columns: 150 }).high
        : line.y,
    );
    const yDomain = y.domain ?? domainOf(y.log === true, shownY, levels);
    const axes: { x: Axis; y: Axis } = square
      ? equalUnits(xDomain, yDomain, x.label)
      : {
          x: {
            domain: xDomain,
            log: x.log === true,
            label: x.label,
            ...(x.at === undefined ? {} : { at: x.at }),
          },
          y: {
            domain: yDomain,
            log: y.log === true,
            ...(y.at === undefined ? {} : { at: y.at }),
          },
        };
    panels.push(
      await drawPanel({
        ...(square ? SQUARE : SIZE),
        heading,
        description: `${heading} against ${x.label}: ${[...new Set(series.map(({ label }) => label))].join(", ")}`,
        ...axes,
        shades,
        levels,
        areas: series.flatMap(({ label, band, x: xs }) =>
          band === undefined
            ? []
            : [
                {
                  x: xs,
                  low: band[0],
                  high: band[1],
                  colour: (strokes.get(label) as Stroke).colour,
                },
              ],
        ),
        lines,
      }),
    );
  }
  const { name, title, description, note, columns = 2, shade } = plan;
  const points = new Set(
    plan.panels.flatMap(({ series }) =>
      series.filter(({ kind }) => kind === "points").map(({ label }) => label),
    ),
  );
  return {
    name,
    title,
    description,
    ...(note === undefined ? {} : { note }),
    legend: [
      ...[...strokes].map(
        ([label, stroke]): LegendEntry => ({
          label,
          kind: points.has(label) ? "disc" : "line",
          stroke,
        }),
      ),
      ...(shade === undefined
        ? []
        : [
            {
              label: shade,
              kind: "shade",
              stroke: { colour: "currentColor", width: 1 },
            } satisfies LegendEntry,
          ]),
    ],
    columns: Math.min(columns, panels.length),
    panels,
  };
}

/** A stroke for every label, in order of appearance. */
function strokesOf(series: readonly PlotSeries[]): Map<string, Stroke> {
  const fixed: Readonly<Record<string, Stroke>> = {
    truth: TRUTH,
    reference: TRUTH_ALONE,
    floor: CHAOS,
    closer: CLOSER_CHAOS,
  };
  const keys = [
    ...new Set(
      series.flatMap(({ look, label }) =>
        look !== undefined && Object.hasOwn(fixed, look) ? [] : [look ?? label],
      ),
    ),
  ];
  const models = modelLooks(keys.filter(isModel));
  const taken = new Set(models.map(({ stroke }) => stroke.colour));
  const free = PARTICLE_COLOURS.filter((colour) => !taken.has(colour));
  const looks = new Map(models.map(({ key, stroke }) => [key, stroke]));
  keys
    .filter((key) => !isModel(key))
    .forEach((key, k) => {
      const turn = Math.floor(k / free.length);
      looks.set(key, {
        colour: free[k % free.length] as string,
        width: 1.5,
        ...(turn === 0 ? {} : { dash: `${3 * turn + 3} 3` }),
      });
    });
  const strokes = new Map<string, Stroke>();
  for (const { label, look, dashed } of series) {
    if (strokes.has(label)) continue;
    const stroke = fixed[look ?? ""] ?? (looks.get(look ?? label) as Stroke);
    strokes.set(label, dashed === true ? { ...stroke, width: 1.4, dash: "5 3" } : stroke);
  }
  return strokes;
}

function domainOf(
  log: boolean,
  values: readonly Numbers[],
  levels: readonly number[],
): readonly [number, number] {
  if (log) return decades([...values, levels], { floor: FLOOR, ceiling: CEILING });
  const [low, high] = extent(...values, levels) ?? [0, 1];
  const margin = 0.04 * Math.max(high - low, 1e-12);
  return [low - margin, high + margin];
}

function equalUnits(
  x: readonly [number, number],
  y: readonly [number, number],
  label: string,
): { x: Axis; y: Axis } {
  const half = Math.max(x[1] - x[0], y[1] - y[0]) / 2;
  const about = ([from, to]: readonly [number, number]): readonly [number, number] => [
    (from + to) / 2 - half,
    (from + to) / 2 + half,
  ];
  return { x: { domain: about(x), label, ticks: 5 }, y: { domain: about(y), ticks: 5 } };
}
