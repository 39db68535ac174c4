import type { SplineBasis } from "@mclnn/models/parts";
import type { TermSpec } from "@mclnn/physics/terms";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import type { Finding } from "./finding.ts";

/** A fitted law and the trajectories it was fitted to. */
export interface JudgedFit {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly tangents: Schedule;
  readonly basis: SplineBasis;
  readonly curve: Float64Array;
  readonly coefficients: Float64Array;
  readonly starts: Starts;
  /** Terms of the law beside its pairs, and their coefficients. */
  readonly terms: readonly TermSpec[];
  readonly values: Float64Array;
  /** Weighted prior, of the pair law's coefficients or of all. [coefficients x coefficients]; null for none */
  readonly prior: Float64Array | null;
  /** Variance of a position component. */
  readonly variance: number;
  readonly species: Int32Array | undefined;
  /** What local motion shows beside a law; null where nothing. */
  readonly cause: Finding | null;
}
