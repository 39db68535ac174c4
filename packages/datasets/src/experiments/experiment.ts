import type { PairPotential, State } from "@mclnn/physics";

/** An experiment of the paper: a true law, starts, and how its trajectories are recorded (A.6). */
export interface Experiment {
  readonly name: "linear-spring" | "quartic-spring" | "gravity";
  readonly title: string;
  /** The true law. */
  readonly pair: PairPotential;
  /** [N] */
  readonly masses: Float64Array;
  readonly dimension: 3;
  /** Start of the training data (A.6). */
  readonly trainStart: State;
  /** A start that no training uses. */
  readonly testStart: State;
  /** A larger system of the same law (Fig. 4 and 7). */
  readonly larger: { readonly masses: Float64Array; readonly start: State };
  /** A larger system that goes to separations which the training data do not have; springs only. */
  readonly harder?: { readonly masses: Float64Array; readonly start: State };
  readonly dt: number;
  /** Steps a record. */
  readonly stride: number;
  /** Records a trajectory, the start included. */
  readonly records: number;
  readonly trajectories: number;
  readonly validationTrajectories: number;
}

/** How the paper records (A.6); 20 validation trajectories follow the training ones. */
export const PAPER_RECORDING = {
  dimension: 3,
  dt: 0.01,
  stride: 10,
  records: 20,
  trajectories: 100,
  validationTrajectories: 20,
} as const;
