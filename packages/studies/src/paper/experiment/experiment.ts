import {
  type Experiment,
  experimentByName,
  movedStart,
  type StartMove,
  tiltedStartMove,
} from "@mclnn/datasets";
import { createSystem, type ParticleSystem, pairwise, type State } from "@mclnn/physics";
import type { SystemName } from "./settings.ts";

const { tilt, shift, boost } = tiltedStartMove;

/** The unseen starts: the notes' own, the same seen by other observers, and all of that at once. */
const START_MOVES: Readonly<Record<StartName, StartMove>> = {
  test: {},
  tilted: { tilt },
  shifted: { shift },
  boosted: { boost },
  moved: { tilt, shift, boost },
};

export type StartName = "test" | "tilted" | "shifted" | "boosted" | "moved";

export const START_TITLES: Readonly<Record<StartName, string>> = {
  test: "test start",
  tilted: `tilted ${tilt} rad about x`,
  shifted: `shifted by (${shift.join(", ")})`,
  boosted: `boosted by (${boost.join(", ")})`,
  moved: "tilted, shifted and boosted",
};

/** An experiment ready to run. */
export interface OpenExperiment extends Experiment {
  readonly system: ParticleSystem;
  readonly starts: Readonly<Record<StartName, State>>;
}

export function openExperiment(name: SystemName): OpenExperiment {
  const experiment = experimentByName(name);
  const { masses, dimension, pair, testStart } = experiment;
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  const starts = Object.fromEntries(
    Object.entries(START_MOVES).map(([start, move]) => [
      start,
      movedStart(system, testStart, move),
    ]),
  ) as Record<StartName, State>;
  return { ...experiment, system, starts };
}

/** The same bodies under another law. */
export function withLaw(
  system: ParticleSystem,
  potential: ParticleSystem["potential"],
): ParticleSystem {
  return { ...system, potential };
}
