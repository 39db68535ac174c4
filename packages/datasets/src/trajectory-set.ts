import type { Bodies, Provenance } from "@mclnn/physics";

/** Trajectories of the same particles recorded at the same times; the contents of a trajectory file. */
export interface TrajectorySet extends Bodies {
  /** T */
  readonly trajectories: number;
  /** R, record 0 (the start) included. */
  readonly records: number;
  /** N */
  readonly particles: number;
  /** [R], increasing, the same for every trajectory. */
  readonly times: Float64Array;
  /** [T x R x N x dimension] */
  readonly positions: Float64Array;
  /** [T x R x N x dimension]; absent where only positions were recorded. */
  readonly velocities?: Float64Array;
  readonly provenance: Provenance;
}
