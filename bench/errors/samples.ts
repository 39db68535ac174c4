import {
  dropObservations,
  experimentByName,
  generateTrajectories,
  type TrajectorySet,
  trajectoryOf,
} from "@mclnn/datasets";
import {
  createSystem,
  linearSpring,
  type ParticleSystem,
  pairwise,
  type State,
  type Trajectory,
} from "@mclnn/physics";

// Small right things, for calls that are wrong in one argument.

export const start: State = experimentByName("linear-spring").trainStart;

export const spring: ParticleSystem = createSystem({
  masses: [1, 1, 1],
  dimension: 3,
  potential: pairwise(linearSpring()),
});

/** Three trajectories of springs; other parts in place of theirs. */
export function springs(changes: Partial<TrajectorySet> = {}): TrajectorySet {
  return { ...made, ...changes };
}

const made = generateTrajectories({ system: spring, start, trajectories: 3 });

/** One of them. */
export function springsRun(): Trajectory {
  return trajectoryOf(made, 1);
}

/** Of two species. */
export function springsOfSpecies(): TrajectorySet {
  return { ...made, species: Int32Array.of(0, 0, 1) };
}

/** The same with a fifth of the records missing. */
export function seenInPart(): TrajectorySet {
  return dropObservations(made, { share: 0.2, seed: 1, keepStart: true });
}

/** Calls something as JavaScript can, whatever its types say. */
export function untyped(f: unknown): (...args: unknown[]) => unknown {
  return f as (...args: unknown[]) => unknown;
}
