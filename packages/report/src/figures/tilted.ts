import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, Numbers, RunComparison } from "@mclnn/studies";
import { extent, roundedEnd } from "../drawing/domain.ts";
import type { Figure } from "../drawing/figure.ts";
import { modelLooks } from "../drawing/palette.ts";
import { FIGURE_OPTIONS, RUN_COMPARISON } from "../drawing/requirements.ts";
import { powerText } from "../drawing/tick-text.ts";
import { chaosEntries, ERROR_FLOOR, errorDecades, errorLines } from "./conservation.ts";
import { OBSERVABLES, POSITION, TIME } from "./quantities.ts";
import { drawSheet, list, lookEntries, withSystem } from "./sheet.ts";

/**
 * Errors from the test start (left) and from the same start tilted out of its plane, shifted and boosted (right): a law does not care.
 *
 * Position, H, P and L on logarithmic axes of time and error, each row on one scale.
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
  const names = list(looks.map(({ title }) => title));
  const time = commonTime([rollout.truth.times, tilted.truth.times]);
  const shown = [POSITION, ...OBSERVABLES.filter(({ key }) => key !== "lagrangian")];
  return drawSheet({
    name: "tilted",
    title: withSystem("The same start, tilted", options),
    description: `Absolute errors of ${names} from the test start and from the same start tilted 0.3 rad out of its plane, shifted and boosted.`,
    note: `Reduced units. The tilted start is the test start turned 0.3 rad out of its plane, shifted and boosted. Zeros and errors below a frame are drawn on its lower edge (never below ${powerText(ERROR_FLOOR)}).`,
    legend: [...lookEntries(looks), ...chaosEntries(tilted.chaos === undefined ? rollout : tilted)],
    size: { width: 430, height: 200 },
    panels: shown.flatMap(({ key, name, error }) => {
      const sides = [
        { start: "test start", lines: errorLines(rollout, looks, key) },
        { start: "tilted start", lines: errorLines(tilted, looks, key) },
      ];
      const all = sides.flatMap(({ lines }) => lines);
      if (all.length === 0) return [];
      const domain = errorDecades(all, { domain: time, log: true });
      return sides.map(({ start, lines }) => ({
        heading: `${SHORT[key] ?? error}, ${start}`,
        description: `absolute error of the ${name} of ${names} from the ${start} against time, both logarithmic`,
        x: { domain: time, log: true, ...(key === shown.at(-1)?.key ? { label: TIME } : {}) },
        y: { domain, log: true },
        lines,
      }));
    }),
  });
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
