import type { JsonValue } from "@mclnn/physics";

/** A number, or `null` where there is none. `NaN` and infinities never stand in results. */
export type Value = number | null;

/** Mean and maximum over the records of a run of an absolute error. */
export interface AbsoluteError {
  readonly mae: Value;
  readonly max: Value;
}

/** How far a quantity strays from its own value at the start of the run. */
export interface Drift {
  readonly start: Value;
  readonly maxDrift: Value;
}

/**
 * Absolute errors of one run against the true run of the same start; energies by the *true* potential.
 *
 * Momenta: |P(t) - P_true(t)|. Position: mean over particles of the distance to the true place.
 */
export interface RolloutErrors {
  /** Rows, the start included. Fewer than asked for when the run diverged. */
  readonly records: number;
  readonly lagrangian: AbsoluteError;
  readonly hamiltonian: AbsoluteError;
  readonly linearMomentum: AbsoluteError;
  readonly angularMomentum: AbsoluteError;
  readonly position: AbsoluteError;
  /** Drift of T + V_learned along the model's run: what the model itself believes to conserve. */
  readonly ownHamiltonian?: Drift;
  /** First time at which the position error exceeds `validBound`; `null` if it never does. */
  readonly validTime?: Value;
  readonly validBound?: number;
  /** Time at which the run left the range of finite numbers; absent or `null` if it did not. */
  readonly divergedAt?: Value;
}

/** |V' learned - V' true| over separations seen in training. */
export interface SlopeError {
  readonly mean: Value;
  readonly max: Value;
  /** `mean` over the mean of |V' true|. */
  readonly relativeMean?: Value;
  /** Closed intervals of separations, ascending. */
  readonly range: readonly (readonly [number, number])[];
  /** Share of the separations of the run from the test start that lie outside these, where the law is only continued. */
  readonly outside?: Value;
}

/** When training passed a loss on its way down. */
export interface Milestone {
  readonly loss: number;
  readonly seconds: number;
  readonly iterations?: number;
}

/** One trained model on one system. */
export interface ModelResults {
  /** For display, for example `MCLNN`; the key where absent. */
  readonly title?: string;
  readonly parameters: number;
  /** Mean squared position error (`rollout`) or acceleration error (`acceleration`), see `lossKind`. */
  readonly trainLoss: Value;
  readonly validationLoss: Value;
  readonly lossKind?: "rollout" | "acceleration";
  /** From data in memory to the stop. */
  readonly trainSeconds: Value;
  readonly iterations?: number;
  readonly reachedTarget?: boolean;
  readonly milestones?: readonly Milestone[];
  /** `null` for models that are no pair potential. */
  readonly slopeError: SlopeError | null;
  /** From the test start. */
  readonly rollout: RolloutErrors;
  /** From the test start tilted out of its plane, shifted and boosted. */
  readonly tilted?: RolloutErrors;
  /** File beside `results.json`. */
  readonly file?: string;
}

/** A start state, printed in full. */
export interface StartState {
  /** [N][dimension] */
  readonly positions: readonly (readonly number[])[];
  readonly velocities: readonly (readonly number[])[];
}

/** Values of the paper's observables in one state. */
export interface StateValues {
  readonly hamiltonian: Value;
  readonly lagrangian?: Value;
  /** Components. */
  readonly linearMomentum?: readonly number[];
  readonly angularMomentum?: readonly number[];
}

/** What is true of a system: its observables at the start of the training data, and at the unseen test start. */
export interface TruthResults extends StateValues {
  readonly testStart?: StateValues;
  /** max |H(t) - H(0)| of the true run of the test start: the integrator's own error. */
  readonly hamiltonianDrift?: Value;
}

/** The true system started `offset` away: where pointwise error stops meaning anything. */
export interface ChaosFloor {
  /** Shift of the start, in units of length. */
  readonly offset: number;
  readonly position: AbsoluteError;
  readonly hamiltonian?: AbsoluteError;
}

/** How the training data was made. */
export interface TrainingData {
  readonly trajectories: number;
  readonly records: number;
  readonly validationTrajectories?: number;
  readonly scheme?: string;
  readonly noise?: number;
  readonly seed?: number;
  /** Points (q, v, a) for the baseline. */
  readonly accelerationPoints?: number;
}

/** One system: its truth and what each model made of it. */
export interface SystemResults {
  /** For display; the key where absent. */
  readonly title?: string;
  /** V(r) of the true law, for example `k (r - r0)^2 / 2`. */
  readonly formula?: string;
  /** Named constants in `formula`. */
  readonly parameters?: Readonly<Record<string, number>>;
  readonly coupling?: string;
  readonly masses?: readonly number[];
  readonly dimension?: 2 | 3;
  /** Integration step, substeps a record. */
  readonly dt?: number;
  readonly stride?: number;
  readonly integrator?: string;
  readonly trainingData?: TrainingData;
  readonly starts?: Readonly<Partial<Record<"train" | "test" | "tilted", StartState>>>;
  readonly truth: TruthResults;
  readonly chaosFloor?: ChaosFloor;
  /** By model key: `mclnn`, `spline`, `lnn`, ... in the order of display. */
  readonly models: Readonly<Record<string, ModelResults>>;
}

/** `results.json` of `compare` and of `evaluate`. */
export interface CompareResults {
  readonly version: 1;
  readonly seed: number;
  /** Versions, Node, threads. */
  readonly software: Readonly<Record<string, JsonValue>>;
  /** The command that makes this run again. */
  readonly command?: string;
  /** Wall-clock time of the whole run. */
  readonly seconds?: Value;
  /** By system key, in the order of display. */
  readonly systems: Readonly<Record<string, SystemResults>>;
}
