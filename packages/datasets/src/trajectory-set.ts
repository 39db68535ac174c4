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
  /**
   * 1 where a particle was seen in a record, else 0, and its position (and velocity) is NaN there. Absent where all were seen all the time.
   * A trajectory that is shorter than the others is not seen any more after its end. [T x R x N]
   */
  readonly observed?: Uint8Array;
  /** Rows a, b, c of the cell, the same for all records [9], or one for each [R x 9]. */
  readonly box?: Float64Array;
  /** Corner of the cell. [3] Default 0, 0, 0. */
  readonly origin?: Float64Array;
  /** 1 for each row of the box along which space repeats. [3] */
  readonly periodic?: Uint8Array;
  /**
   * Where positions are wrapped into the box: how many boxes away along a, b, c each particle really is; the path is positions + images times
   * the box. [T x R x N x dimension]
   */
  readonly images?: Int32Array;
  readonly provenance: Provenance;
}
