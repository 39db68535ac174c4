import type { TrajectorySet } from "@mclnn/datasets";
import type { PairPotential } from "@mclnn/physics";
import type { TfjsBackend, TfjsBackendName } from "./backend.ts";
import type { TfjsTrainOptions, TfjsTrainResult } from "./descent.ts";
import type { EnergyFunction } from "./energy-function.ts";

/** V, V' and V'' at many separations. [B] each */
export interface PairValues {
  readonly energies: Float64Array;
  readonly slopes: Float64Array;
  readonly curvatures: Float64Array;
}

/** A pair potential whose energy tfjs computes. */
export interface TfjsPairPotential extends PairPotential {
  curvature(r: number): number;
  readonly backend: TfjsBackendName;
  /** Number of trained numbers. */
  readonly parameterCount: number;
  /** Energies, slopes and curvatures by one pass through tfjs. @param separations - [B] */
  evaluate(separations: ArrayLike<number>): PairValues;
  /**
   * The law as it is now, as a table in float64: V' and V'' at the ends of `cells` cells from one pass through tfjs, cubics between, V its
   * integral.
   *
   * For rollouts: a look-up takes nanoseconds where a pass through tfjs takes milliseconds, and V' is the exact derivative of V, which
   * float32 energies cannot promise. Straight beyond the ends. Later training does not change it.
   */
  tabulate(options: { from: number; to: number; cells?: number }): PairPotential;
  /** As `trainTfjsPair`: lets `train(data, { model: pair })` train it. */
  trainOn(data: TrajectorySet, options: TfjsPairTrainOptions): Promise<TfjsPairTrainResult>;
  /** For training. */
  readonly internals: { readonly energy: EnergyFunction; readonly backend: TfjsBackend };
}

export interface TfjsPairTrainOptions extends TfjsTrainOptions {
  /**
   * Whether the network is first fitted to the law that the trajectories demand (the spline law, found without it), and only then to the
   * trajectories themselves. Default true: fewer iterations, and starts that do not matter.
   */
  readonly functionFirst?: boolean;
  /** Time step of the rollout. Default: the data's provenance, else a tenth of the record spacing. */
  readonly dt?: number;
  /** Default `velocity-verlet`. */
  readonly integrator?: string;
  readonly validation?: TrajectorySet;
}

export interface TfjsPairTrainResult extends TfjsTrainResult {
  readonly validationLoss: number | null;
  /** Ranges of the separations seen: the law is known there and nowhere else. */
  readonly ranges: readonly (readonly [number, number])[];
}
