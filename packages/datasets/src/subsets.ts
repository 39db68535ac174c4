import { MclnnError, type Trajectory } from "@mclnn/physics";
import type { TrajectorySet } from "./trajectory-set.ts";

/** Consecutive trajectories: `from` is the first, `to` the first left out. */
export interface TrajectoryRange {
  /** Default 0. */
  readonly from?: number;
  /** Default: all that follow. */
  readonly to?: number;
}

/**
 * Some trajectories of a set, copied, in the given order.
 *
 * @param which - indices from 0, or a range
 * @throws MclnnError `bad-index`
 */
export function selectTrajectories(
  set: TrajectorySet,
  which: ArrayLike<number> | TrajectoryRange,
): TrajectorySet {
  const indices = "length" in which ? which : indicesOf(which, set.trajectories);
  const size = set.records * set.particles * set.dimension;
  const { observed } = set;
  const pick = (from: Float64Array): Float64Array => {
    const out = new Float64Array(indices.length * size);
    for (let k = 0; k < indices.length; k++) {
      const t = indices[k] as number;
      if (!Number.isInteger(t) || t < 0 || t >= set.trajectories)
        throw new MclnnError("there is no such trajectory", {
          code: "bad-index",
          argument: "indices",
          expected: `whole numbers from 0 to ${set.trajectories - 1}`,
          got: String(t),
        });
      out.set(from.subarray(t * size, (t + 1) * size), k * size);
    }
    return out;
  };
  return {
    ...set,
    trajectories: indices.length,
    positions: pick(set.positions),
    ...(set.velocities === undefined ? {} : { velocities: pick(set.velocities) }),
    ...(observed === undefined
      ? {}
      : {
          observed: Uint8Array.from(
            Array.from(indices).flatMap((t) => [
              ...observed.subarray(
                t * set.records * set.particles,
                (t + 1) * set.records * set.particles,
              ),
            ]),
          ),
        }),
  };
}

function indicesOf({ from = 0, to }: TrajectoryRange, trajectories: number): ArrayLike<number> {
  const end = to ?? trajectories;
  if (
    !(
      Number.isInteger(from) &&
      Number.isInteger(end) &&
      from >= 0 &&
      from <= end &&
      end <= trajectories
    )
  )
    throw new MclnnError("there are no such trajectories", {
      code: "bad-index",
      argument: "range",
      expected: `whole numbers 0 <= from <= to <= ${trajectories}`,
      got: `from ${from} to ${end}`,
    });
  return Int32Array.from({ length: end - from }, (_, k) => from + k);
}

/** Consecutive parts of a set, in the order train, validation, test. @throws MclnnError `bad-split` */
export function splitTrajectories<K extends string>(
  set: TrajectorySet,
  sizes: Readonly<Record<K, number>>,
): Record<K, TrajectorySet> {
  const entries = Object.entries<number>(sizes);
  const total = entries.reduce((sum, [, n]) => sum + n, 0);
  if (!entries.every(([, n]) => Number.isInteger(n) && n >= 0) || total > set.trajectories)
    throw new MclnnError("the set cannot be split like this", {
      code: "bad-split",
      argument: "sizes",
      expected: `whole numbers that add up to at most ${set.trajectories}`,
      got: JSON.stringify(sizes),
    });
  let first = 0;
  return Object.fromEntries(
    entries.map(([key, n]) => {
      const from = first;
      first += n;
      return [key, selectTrajectories(set, { from, to: first })];
    }),
  ) as Record<K, TrajectorySet>;
}

/** The set with its positions only. */
export function dropVelocities(set: TrajectorySet): TrajectorySet {
  const { velocities: _, ...rest } = set;
  return rest;
}

/** One trajectory of a set, copied. */
export function trajectoryOf(set: TrajectorySet, trajectory: number): Trajectory {
  const { particles, dimension, times, positions, velocities, provenance } = selectTrajectories(
    set,
    [trajectory],
  );
  return {
    particles,
    dimension,
    times: times.slice(),
    positions,
    ...(velocities === undefined ? {} : { velocities }),
    provenance,
  };
}
