import { MclnnError, type Trajectory } from "@mclnn/physics";
import { checkArgument, described } from "@mclnn/physics/arguments";
import { checkTrajectorySet } from "./check-trajectory-set.ts";
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
 * @throws MclnnError `bad-index`, `bad-argument`, and what {@link checkTrajectorySet} throws
 */
export function selectTrajectories(
  set: TrajectorySet,
  which: ArrayLike<number> | TrajectoryRange,
): TrajectorySet {
  checkTrajectorySet("set", set, false);
  checkArgument("which", which, {});
  const indices = "length" in which ? which : indicesOf(which, set.trajectories);
  checkArgument("which", indices, "list");
  const size = set.records * set.particles * set.dimension;
  const { observed, images } = set;
  const pick = <A extends Float64Array | Int32Array>(from: A): A => {
    const out = new (from.constructor as new (n: number) => A)(indices.length * size);
    for (let k = 0; k < indices.length; k++) {
      const t = indices[k] as number;
      if (!Number.isInteger(t) || t < 0 || t >= set.trajectories)
        throw new MclnnError("there is no such trajectory", {
          code: "bad-index",
          argument: "indices",
          expected: `whole numbers from 0 to ${set.trajectories - 1}`,
          got: described(t),
        });
      out.set(from.subarray(t * size, (t + 1) * size), k * size);
    }
    return out;
  };
  const selected: TrajectorySet = {
    ...set,
    trajectories: indices.length,
    positions: pick(set.positions),
    ...(set.velocities === undefined ? {} : { velocities: pick(set.velocities) }),
    ...(images === undefined ? {} : { images: pick(images) }),
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
  checkTrajectorySet("set", selected);
  return selected;
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
      got: `from ${described(from)} to ${described(end)}`,
    });
  return Int32Array.from({ length: end - from }, (_, k) => from + k);
}

/** Consecutive parts of a set, in the order train, validation, test. @throws MclnnError `bad-split`, `bad-argument`, and what {@link checkTrajectorySet} throws */
export function splitTrajectories<K extends string>(
  set: TrajectorySet,
  sizes: Readonly<Record<K, number>>,
): Record<K, TrajectorySet> {
  checkTrajectorySet("set", set, false);
  checkArgument("sizes", sizes, {});
  const entries = Object.entries<number>(sizes);
  const whole = entries.every(([, n]) => Number.isSafeInteger(n) && n >= 0);
  if (!whole || entries.reduce((sum, [, n]) => sum + n, 0) > set.trajectories)
    throw new MclnnError("the set cannot be split like this", {
      code: "bad-split",
      argument: "sizes",
      expected: `whole numbers that add up to at most ${set.trajectories}`,
      got: entries.map(([key, n]) => `${key} ${described(n)}`).join(", "),
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

/** The set with its positions only. @throws MclnnError as {@link checkTrajectorySet} */
export function dropVelocities(set: TrajectorySet): TrajectorySet {
  checkTrajectorySet("set", set);
  const { velocities: _, ...rest } = set;
  return rest;
}

/** One trajectory of a set, copied; `trajectorySet` joins them again. @throws MclnnError `bad-index`, and what {@link checkTrajectorySet} throws */
export function trajectoryOf(set: TrajectorySet, trajectory: number): Trajectory {
  const { trajectories: _, records, times, ...run } = selectTrajectories(set, [trajectory]);
  return { ...run, times: times.slice() };
}
