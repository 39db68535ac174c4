import { checkArgument } from "@mclnn/physics/arguments";
import type {
  ChaosSeries,
  FigureOptions,
  Numbers,
  Observable,
  RunComparison,
} from "@mclnn/studies";
import { envelope } from "../drawing/decimate.ts";
import { decades, extent, linearTicks, roundedEnd, truthFrame } from "../drawing/domain.ts";
import type { Figure, LegendEntry } from "../drawing/figure.ts";
import {
  CHAOS,
  CLOSER_CHAOS,
  type ModelLook,
  modelLooks,
  type Stroke,
  TRUTH,
  TRUTH_ALONE,
} from "../drawing/palette.ts";
import type { Line } from "../drawing/panel-plan.ts";
import { FIGURE_OPTIONS, RUN_COMPARISON } from "../drawing/requirements.ts";
import { powerText, tickText } from "../drawing/tick-text.ts";
import { OBSERVABLES, TIME } from "./quantities.ts";
import {
  drawSheet,
  entry,
  inDrawingOrder,
  list,
  lookEntries,
  type SheetPanel,
  withSystem,
} from "./sheet.ts";

/** Errors below this are drawn at it: less than a unit of roundoff of numbers near 1. */
export const ERROR_FLOOR = 1e-17;
/** Axes of errors end here at the latest; a run that exploded leaves them. */
export const ERROR_CEILING = 1e4;

/** More crossings of the middle than this cannot be told apart in one panel. */
const READABLE = 36;

/** How a model's own H is drawn. */
const OWN = { width: 1.6, dash: "5 3" } as const;

/**
 * The Lagrangian, H, |P| and |L| against time, values on the left and absolute errors on logarithmic axes on the right: the paper's Fig. 2.
 *
 * Energies are by the true potential; a model's own H (T + V learned) is dashed where it is known. Observables that are missing are left out, and
 * the right column too where there are no errors.
 */
export async function conservationFigure(
  run: RunComparison,
  options: FigureOptions = {},
): Promise<Figure> {
  checkArgument("run", run, RUN_COMPARISON);
  checkArgument("options", options, FIGURE_OPTIONS);
  const looks = modelLooks(Object.keys(run.models), options.titles);
  const titles = looks.map(({ title }) => title);
  const names = list(["the truth", ...titles]);
  const shown = OBSERVABLES.filter(({ key }) => run.truth.values[key] !== undefined);
  const { times } = run.truth;
  const time = roundedEnd(extent(times) ?? [0, 1]);
  const withErrors = looks.some(({ key }) => run.models[key]?.errors !== undefined);
  const values = shown.map((quantity) => ({ quantity, ...valueLines(run, looks, quantity.key) }));
  return drawSheet({
    name: "conservation",
    title: withSystem("What is conserved", options),
    description: `Values${withErrors ? " and absolute errors" : ""} of ${list(shown.map(({ name }) => name))} along the runs of ${names}.`,
    note: withErrors
      ? `Reduced units. Energies by the true potential. Error curves: highest error in every two pixels, with a tint down to the lowest. Errors below a frame, zeros among them, are drawn on its lower edge (never below ${powerText(ERROR_FLOOR)}); curves that leave a frame go on outside.`
      : "Reduced units.",
    legend: [
      entry(options.truth ?? "truth", looks.length === 0 ? TRUTH_ALONE : TRUTH),
      ...lookEntries(looks),
      values.some(({ own }) => own) &&
        entry("dashed: a model's own H = T + V learned, set to start at the true H", {
          colour: "currentColor",
          ...OWN,
        }),
      ...chaosEntries(run),
    ],
    size: { width: 430, height: 190 },
    panels: values.flatMap(({ quantity, lines, frame }): (SheetPanel | false)[] => {
      const { key, name, heading } = quantity;
      const stretch = readableStretch(times, run.truth.values[key] as Numbers, time);
      const until = `to t = ${tickText(stretch[1], 1)}`;
      // Panels of one column share their axis of time: the last one names it, and so does one that shows another stretch.
      const last = quantity === shown.at(-1);
      const named = (here: boolean): { label?: string } => (here ? { label: TIME } : {});
      const errors = errorLines(run, looks, key);
      return [
        {
          heading: stretch === time ? heading : `${heading}, ${until}`,
          description: `${name} of ${names} against time`,
          x: { domain: stretch, ...named(last || stretch !== time) },
          y: { domain: frame },
          lines,
        },
        withErrors && {
          heading: quantity.error,
          description: `absolute error of the ${name} of ${list(titles)} against time, logarithmic`,
          x: { domain: time, ...named(last) },
          y: { domain: errorDecades(errors, { domain: time }), log: true },
          lines: errors,
        },
      ];
    }),
  });
}

function valueLines(
  run: RunComparison,
  looks: readonly ModelLook[],
  key: Observable,
): { lines: Line[]; frame: readonly [number, number]; own: boolean } {
  const truth = run.truth.values[key] as Numbers;
  const lines: Line[] = [];
  for (const look of inDrawingOrder(looks)) {
    const model = run.models[look.key];
    const y = model?.values[key];
    if (model !== undefined && y !== undefined)
      lines.push({ x: model.times, y, stroke: look.stroke });
  }
  const frame = truthFrame(
    truth,
    lines.map(({ y }) => y),
  );
  let own = false;
  if (key === "hamiltonian")
    for (const look of looks) {
      const model = run.models[look.key];
      const trueH = model?.values.hamiltonian;
      if (model?.ownHamiltonian === undefined || trueH === undefined) continue;
      const shifted = shiftedToStart(model.ownHamiltonian, truth);
      // Only where it tells something that the curve of the true H does not.
      if (!departs(shifted, trueH, 0.02 * (frame[1] - frame[0]))) continue;
      own = true;
      lines.push({ x: model.times, y: shifted, stroke: { ...look.stroke, ...OWN } });
    }
  const alone = lines.length === 0;
  lines.unshift({ x: run.truth.times, y: truth, stroke: alone ? TRUTH_ALONE : TRUTH });
  return { lines, frame, own };
}

/** Curves of errors of one quantity, the chaos floor beneath. */
export function errorLines(
  run: RunComparison,
  looks: readonly ModelLook[],
  key: Observable | "position",
): Line[] {
  const lines: Line[] = [];
  for (const { floor, stroke } of chaosFloors(run)) {
    const y = floor.errors[key];
    if (y !== undefined) lines.push({ x: floor.times, y, stroke, kind: "envelope" });
  }
  for (const look of inDrawingOrder(looks)) {
    const model = run.models[look.key];
    const y = model?.errors?.[key];
    if (model !== undefined && y !== undefined)
      lines.push({ x: model.times, y, stroke: look.stroke, kind: "envelope" });
  }
  return lines;
}

/** Decades that hold the curves of errors as they are drawn. */
export function errorDecades(
  lines: readonly Line[],
  axis: { readonly domain: readonly [number, number]; readonly log?: boolean },
): readonly [number, number] {
  const highs = lines.map(({ x, y }) => envelope(x, y, { ...axis, columns: 150 }).high);
  return decades(highs, { floor: ERROR_FLOOR, ceiling: ERROR_CEILING });
}

/** Legend entries of the chaos floors, if there are any. */
export function chaosEntries(run: RunComparison): LegendEntry[] {
  return chaosFloors(run).map(({ floor, stroke }) =>
    entry(`truth started ${offsetText(floor.offset)} away (chaos floor)`, stroke),
  );
}

function chaosFloors({
  chaos,
  closer = [],
}: RunComparison): { floor: ChaosSeries; stroke: Stroke }[] {
  return [
    ...(chaos === undefined ? [] : [{ floor: chaos, stroke: CHAOS }]),
    ...closer.map((floor) => ({ floor, stroke: CLOSER_CHAOS })),
  ];
}

function offsetText(offset: number): string {
  const power = Math.log10(offset);
  return Math.abs(power - Math.round(power)) < 1e-9 ? powerText(offset) : String(offset);
}

/** The whole run; or, where its oscillations would fill the panel, a first stretch in which they can be told apart. */
function readableStretch(
  times: Numbers,
  values: Numbers,
  whole: readonly [number, number],
): readonly [number, number] {
  const range = extent(values);
  if (range === undefined) return whole;
  const middle = (range[0] + range[1]) / 2;
  // Numbers that only differ by roundoff do not oscillate in a way to be seen.
  if (range[1] - range[0] < 0.02 * Math.abs(middle) || range[1] - range[0] < 1e-9) return whole;
  let crossings = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i - 1] as number) < middle === (values[i] as number) < middle) continue;
    crossings += 1;
    if (crossings > READABLE) {
      const { step } = linearTicks([whole[0], times[i] as number], 4);
      const end = Math.ceil((times[i] as number) / step) * step;
      return end < 0.7 * whole[1] ? [whole[0], end] : whole;
    }
  }
  return whole;
}

function shiftedToStart(values: Numbers, truth: Numbers): Float64Array {
  const shift = (truth[0] as number) - (values[0] as number);
  return Float64Array.from(values, (value) => value + shift);
}

function departs(a: Numbers, b: Numbers, tolerance: number): boolean {
  const count = Math.min(a.length, b.length);
  for (let i = 0; i < count; i++)
    if (Math.abs((a[i] as number) - (b[i] as number)) > tolerance) return true;
  return false;
}
