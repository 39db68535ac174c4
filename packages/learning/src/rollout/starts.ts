import { rows } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";

/** Where the rollouts of a data set start. */
export interface Starts {
  /** [trajectories x components] */
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  /**
   * null: the start states are exact, and record 0 is not compared with anything.
   * Else they are unknowns: record 0 is a measurement like the others, and so is the given velocity, with this weight relative to a
   * position (sigma of positions / sigma of velocities; 0 where none was given).
   */
  readonly velocityWeight: number | null;
}

/** The start states as the data give them. */
export function givenStarts(data: TrainingData): Starts {
  const { trajectories, records, components, positions, startVelocities } = data;
  const out = new Float64Array(trajectories * components);
  for (let t = 0; t < trajectories; t++) {
    const first = t * records * components;
    out.set(positions.subarray(first, first + components), t * components);
  }
  return { positions: out, velocities: startVelocities, velocityWeight: null };
}

/** The start states of some trajectories. */
export const someStarts = (
  { components }: TrainingData,
  starts: Starts,
  chosen: readonly number[],
): Starts => ({
  ...starts,
  positions: rows(starts.positions, components, chosen),
  velocities: rows(starts.velocities, components, chosen),
});

/**
 * A trajectory's start state, eliminated from the normal equations (Schur complement): for a change dc of the coefficients it changes by
 * -F^-1 (b + E' dc), with everything kept in the factored form L L' = F, y = L^-1 E', L^-1 b.
 */
export interface StartElimination {
  readonly trajectory: number;
  /** Components of the start state that are unknown: 2 x particles x dimension. */
  readonly unknowns: number;
  /** L, lower triangular. [unknowns x unknowns] */
  readonly factor: Float64Array;
  /** L^-1 E', one row a column of the coefficients. [active x unknowns] */
  readonly cross: Float64Array;
  /** L^-1 b. [unknowns] */
  readonly right: Float64Array;
  /** Coefficients with a column. [active] */
  readonly active: Int32Array;
}

/** The elimination with other residuals. @param gradient - J' residuals in positions and velocities of the start. [2 x components] */
export function follow(
  data: TrainingData,
  elimination: StartElimination,
  gradient: Float64Array,
): StartElimination {
  const { unknowns, factor } = elimination;
  // Velocities follow positions, among the unknowns as in the gradient.
  const right = Float64Array.from(
    { length: unknowns },
    (_, i) => gradient[startComponent(data, i)],
  );
  for (let i = 0; i < unknowns; i++) {
    let s = right[i];
    for (let k = 0; k < i; k++) s -= factor[i * unknowns + k] * right[k];
    right[i] = s / factor[i * unknowns + i];
  }
  return { ...elimination, right };
}

/**
 * Moves start states by `fraction` of what a step of the coefficients asks of them.
 *
 * @param step - change of the coefficients. [size]
 */
export function moveStarts(
  data: TrainingData,
  starts: Starts,
  eliminations: readonly StartElimination[],
  step: Float64Array,
  fraction: number,
): Starts {
  const positions = starts.positions.slice();
  const velocities = starts.velocities.slice();
  for (const { trajectory, unknowns, factor, cross, right, active } of eliminations) {
    const x = right.slice();
    for (let c = 0; c < active.length; c++) {
      const w = step[active[c]];
      for (let i = 0; i < unknowns; i++) x[i] = x[i] + cross[c * unknowns + i] * w;
    }
    for (let i = unknowns - 1; i >= 0; i--) {
      let s = x[i];
      for (let k = i + 1; k < unknowns; k++) s -= factor[k * unknowns + i] * x[k];
      x[i] = s / factor[i * unknowns + i];
    }
    const half = unknowns / 2;
    for (let i = 0; i < half; i++) {
      const o = trajectory * data.components + startComponent(data, i);
      positions[o] = positions[o] - fraction * x[i];
      velocities[o] = velocities[o] - fraction * x[half + i];
    }
  }
  return { ...starts, positions, velocities };
}

/** Component of positions, or of positions and then velocities, that the i-th unknown of a start state is. */
export function startComponent({ dimension }: TrainingData, i: number): number {
  return 3 * Math.floor(i / dimension) + (i % dimension);
}
