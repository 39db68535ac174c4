import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, Numbers, RunComparison } from "@mclnn/studies";
import { extent, roundedEnd } from "../drawing/domain.ts";
import type { Figure } from "../drawing/figure.ts";
import { modelLooks } from "../drawing/palette.ts";
import { drawPanel, type Panel } from "../drawing/panel.ts";
import { FIGURE_OPTIONS, RUN_COMPARISON } from "../drawing/requirements.ts";
import { powerText } from "../drawing/tick-text.ts";
import {
  chaosEntries,
  ERROR_FLOOR,
  errorDecades,
  errorLines,
  list,
  lookEntry,
} from "./conservation.ts";
import { OBSERVABLES, POSITION } from "./quantities.ts";
import { withSystem } from "./title.ts";

const SIZE = { width: 430, height: 200 } as const;
const TIME_LOG = "time (reduced units, logarithmic)";

/**
 * Errors from the test start (left) and from the same start tilted out of its plane, shifted and boosted (right): a law does not care.
 *
 * Position, H, P and L_ang on logarithmic axes of time and error, each row on one scale.
 */
export async function tiltedFigure(
  runs: { readonly rollout: RunComparison; readonly tilted: RunComparison },
  options: FigureOptions = {},
): Promise<Figure> {
  checkArgument("runs", runs, { rollout: RUN_COMPARISON, tilted: RUN_COMPARISON });
  checkArgument("options", options, FIGURE_OPTIONS);
  const { rollout, tilted } = runs;
  const keys = [...new Set([...Object.keys(rollout.models), ...Object.keys(tilted.models)])];
  const looks = modelLooks(keys, options.titles);
  const sides = [
    { run: rollout, name: "test start" },
    { run: tilted, name: "tilted start" },
  ] as const;
  const time = commonTime([rollout.truth.times, tilted.truth.times]);
  const panels: Panel[] = [];
  const shown = [POSITION, ...OBSERVABLES.filter(({ key }) => key !== "lagrangian")];
  for (const quantity of shown) {
    const drawn = sides.map(({ run, name }) => ({
      name,
      lines: errorLines(run, looks, quantity.key),
    }));
    const all = drawn.flatMap(({ lines }) => lines);
    if (all.length === 0) continue;
    const domain = errorDecades(all, { domain: time, log: true });
    for (const { name, lines } of drawn)
      panels.push(
        await drawPanel({
          ...SIZE,
          heading: `${SHORT[quantity.key] ?? quantity.error}, ${name} (reduced units)`,
          description: `absolute error of the ${quantity.name} of ${list(looks.map(({ title }) => title))} from the ${name} against time, both logarithmic`,
          x: { domain: time, log: true, label: TIME_LOG },
          y: { domain, log: true },
          lines,
        }),
      );
  }
  return {
    name: "tilted",
    title: withSystem("The same start, tilted", options),
    description: `Absolute errors of ${list(looks.map(({ title }) => title))} from the test start and from the same start tilted 0.3 rad out of its plane, shifted and boosted.`,
    note: `Reduced units. The tilted start is the test start turned 0.3 rad out of its plane, shifted and boosted. Zeros and errors below a frame are drawn on its lower edge (never below ${powerText(ERROR_FLOOR)}).`,
    legend: [
      ...looks.map(lookEntry),
      ...chaosEntries(tilted.chaos === undefined ? rollout : tilted),
    ],
    columns: 2,
    panels,
  };
}

const SHORT: Readonly<Record<string, string>> = {
  position: "Error of position",
  hamiltonian: "Error of energy",
  linearMomentum: "Error of momentum",
  angularMomentum: "Error of ang. momentum",
};

/** From the first record after the start to the end of the longer run. */
function commonTime(all: readonly Numbers[]): readonly [number, number] {
  const end = extent(...all)?.[1] ?? 1;
  let first = end / 1000;
  for (const times of all)
    for (let i = 0; i < times.length; i++) {
      const time = times[i] as number;
      if (time > 0) {
        first = Math.min(first, time);
        break;
      }
    }
  return roundedEnd([first, end]);
}
