import { checkArgument } from "@mclnn/physics/arguments";
import type { Numbers, PlotPanel, PlotPlan, PlotSeries } from "@mclnn/studies";
import { envelope } from "../drawing/decimate.ts";
import { decades, extent } from "../drawing/domain.ts";
import type { Figure } from "../drawing/figure.ts";
import {
  CHAOS,
  CLOSER_CHAOS,
  CURVE_COLOURS,
  isModel,
  modelLooks,
  type Stroke,
  TRUTH,
  TRUTH_ALONE,
} from "../drawing/palette.ts";
import type { Axis } from "../drawing/panel-plan.ts";
import { PLOT_PLAN } from "../drawing/requirements.ts";
import { drawSheet, entry, type SheetPanel } from "./sheet.ts";

const SQUARE = { width: 360, height: 350 } as const;
const FLOOR = 1e-18;
const CEILING = 1e9;

/** A figure of any curves, drawn in the manner of the others: one legend, colours that all eyes tell apart. */
export async function plotFigure(plan: PlotPlan): Promise<Figure> {
  checkArgument("plan", plan, PLOT_PLAN);
  const all = plan.panels.flatMap(({ series }) => series);
  const strokes = strokesOf(all);
  const points = new Set(all.filter(({ kind }) => kind === "points").map(({ label }) => label));
  const { name, title, description, note, columns = 2, shade } = plan;
  return drawSheet({
    name,
    title,
    description,
    note,
    legend: [
      ...[...strokes].map(([label, stroke]) =>
        entry(label, stroke, points.has(label) ? "disc" : "line"),
      ),
      shade !== undefined && entry(shade, { colour: "currentColor", width: 1 }, "shade"),
    ],
    columns: Math.min(columns, plan.panels.length),
    size: { width: 430, height: 230 },
    panels: plan.panels.map((panel) => plotPanel(panel, strokes)),
  });
}

function plotPanel(
  { heading, x, y = {}, series, shades = [], levels = [], square = false }: PlotPanel,
  strokes: ReadonlyMap<string, Stroke>,
): SheetPanel {
  const strokeOf = (label: string): Stroke => strokes.get(label) as Stroke;
  const xs = series.map((each) => each.x);
  const xDomain = x.domain ?? domainOf(x.log === true, xs, []);
  const shownY = series.map((each) =>
    each.kind === "envelope"
      ? envelope(each.x, each.y, { domain: xDomain, log: x.log === true, columns: 150 }).high
      : each.y,
  );
  const yDomain = y.domain ?? domainOf(y.log === true, shownY, levels);
  return {
    ...(square ? SQUARE : {}),
    heading,
    description: `${heading} against ${x.label}: ${[...new Set(series.map(({ label }) => label))].join(", ")}`,
    ...(square
      ? equalUnits(xDomain, yDomain, x.label)
      : { x: { ...x, domain: xDomain }, y: { ...y, domain: yDomain } }),
    shades,
    levels,
    areas: series.flatMap(({ label, band, x: at }) =>
      band === undefined
        ? []
        : [{ x: at, low: band[0], high: band[1], colour: strokeOf(label).colour }],
    ),
    lines: series.map(({ label, kind = "curve", x: at, y: values }) => ({
      x: at,
      y: values,
      stroke: strokeOf(label),
      kind,
    })),
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
  const free = CURVE_COLOURS.filter((colour) => !taken.has(colour));
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
