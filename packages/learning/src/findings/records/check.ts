import type { TrajectorySet } from "@mclnn/datasets";
import type { Finding } from "../finding.ts";

/** What a look at records shows before there is any law. */
export interface Seen {
  readonly finding: Finding;
  /** The records without what is wrong with them, where that can be told. */
  readonly mended?: TrajectorySet;
  /** Whether no law of pairs can be learned from such records. */
  readonly unusable?: boolean;
}

/** One thing that may be wrong with records: one file, and a line in the list. @returns null where it is not */
export type RecordCheck = (set: TrajectorySet) => Seen | null;

/** Whether a particle was seen in a record, by its number among all [trajectory x record x particle]. */
export const isObserved = ({ observed }: TrajectorySet, o: number): boolean =>
  observed === undefined || observed[o] === 1;

/** The set without some observations, by their numbers [trajectory x record x particle]. */
export function without(set: TrajectorySet, unseen: readonly number[]): TrajectorySet {
  const { dimension } = set;
  const { trajectories, records, particles } = set;
  const observed =
    set.observed?.slice() ?? new Uint8Array(trajectories * records * particles).fill(1);
  const positions = set.positions.slice();
  const velocities = set.velocities?.slice();
  for (const o of unseen) {
    observed[o] = 0;
    positions.fill(Number.NaN, o * dimension, (o + 1) * dimension);
    velocities?.fill(Number.NaN, o * dimension, (o + 1) * dimension);
  }
  return { ...set, observed, positions, ...(velocities !== undefined && { velocities }) };
}

/** Places that are named in a text, at most. */
const NAMED = 6;

/** A few of many, in words. */
export const named = (all: readonly string[]): string =>
  all.length <= NAMED
    ? all.join(", ")
    : `${all.slice(0, NAMED).join(", ")} and ${all.length - NAMED} more`;
