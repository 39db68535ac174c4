import { spaceOfSet, type TrajectorySet, unwrappedPositions } from "@mclnn/datasets";
import type { Coupling, Space } from "@mclnn/physics";
import { openSpace } from "@mclnn/physics/space";
import type { TrainingData } from "../records/training-data.ts";

/** Records of many particles, in the units of training: one configuration at a time, never all their pairs. */
export interface ManyRecords {
  readonly particles: number;
  readonly dimension: 2 | 3;
  readonly space: Space;
  /** [particles] */
  readonly masses: Float64Array;
  /** Kind of each particle, and the law of two kinds. [particles], [kinds x kinds] */
  readonly kinds: Int32Array;
  readonly lawTable: Int32Array;
  readonly kindCount: number;
  readonly laws: number;
  /** What the product of two weighs their pair by; null where all weigh 1. [particles] */
  readonly weights: Float64Array | null;
  /** Records a trajectory, and their times. */
  readonly records: number;
  readonly trajectories: number;
  readonly times: Float64Array;
  /** Paths without jumps, in three components. [trajectories x records x 3 particles] */
  readonly positions: Float64Array;
  readonly velocities: Float64Array | null;
}

/** @param species - pairs of species with a law each, or null for one law */
export function manyRecords(
  set: TrajectorySet,
  coupling: Coupling,
  species: readonly (readonly [number, number])[] | null,
): ManyRecords {
  const { particles, dimension, masses, records, trajectories, times, velocities } = set;
  const own = species === null ? [] : [...new Set(species.flat())].sort((a, b) => a - b);
  const kindCount = Math.max(1, own.length);
  const lawTable = new Int32Array(kindCount * kindCount);
  species?.forEach(([a, b], law) => {
    lawTable[own.indexOf(a) * kindCount + own.indexOf(b)] = law;
    lawTable[own.indexOf(b) * kindCount + own.indexOf(a)] = law;
  });
  return {
    particles,
    dimension,
    space: spaceOfSet(set) ?? openSpace,
    masses,
    kinds: Int32Array.from({ length: particles }, (_, i) =>
      species === null ? 0 : own.indexOf(set.species?.[i] as number),
    ),
    lawTable,
    kindCount,
    laws: species?.length ?? 1,
    weights:
      coupling === "mass-product"
        ? masses
        : coupling === "charge-product"
          ? (set.charges as Float64Array)
          : null,
    records,
    trajectories,
    times,
    positions: inThree(unwrappedPositions(set), dimension),
    velocities: velocities === undefined ? null : inThree(velocities, dimension),
  };
}

function inThree(values: Float64Array, dimension: 2 | 3): Float64Array {
  if (dimension === 3) return values;
  const out = new Float64Array((values.length / 2) * 3);
  for (let k = 0; k < values.length / 2; k++) {
    out[3 * k] = values[2 * k];
    out[3 * k + 1] = values[2 * k + 1];
  }
  return out;
}

/** One record's part of an array. @param frame - trajectory x records + record */
export const frameOf = (
  { particles }: ManyRecords,
  values: Float64Array,
  frame: number,
): Float64Array => values.subarray(3 * particles * frame, 3 * particles * (frame + 1));

/** Intervals between two records of one trajectory, by the frame they begin at: `count` of them, evenly spread. */
export function spreadIntervals(
  { trajectories, records }: ManyRecords,
  count: number,
  skip = 0,
): number[] {
  const each = records - 1;
  const all = trajectories * each;
  const used = Math.min(count, all);
  return [
    ...new Set(
      Array.from({ length: used }, (_, k) =>
        Math.min(all - 1, Math.floor(((k + (skip === 0 ? 0 : 0.5)) * all) / used)),
      ),
    ),
  ].map((k) => Math.floor(k / each) * records + (k % each));
}

/** What results say of the records; pairs are not written out. */
export function withoutPairs(records: ManyRecords): TrainingData {
  const { particles, dimension, masses, trajectories, times, positions, velocities } = records;
  const none = new Int32Array(0);
  const nothing = new Float64Array(0);
  const residuals = trajectories * (records.records - 1) * particles * dimension;
  return {
    ...{ trajectories, records: records.records, particles, dimension, masses },
    ...{ times: times.map((t) => t - times[0]), positions, velocities, startVelocities: nothing },
    ...{ pairs: 0, components: 3 * particles, weights: null, bodyWeights: null },
    ...{ laws: records.laws, pairLaw: none, pairI: none, pairJ: none },
    ...{ scaleI: nothing, scaleJ: nothing, massWeighted: false },
    residualCounts: new Int32Array(trajectories).fill(residuals / trajectories),
    startCounts: new Int32Array(trajectories).fill(particles * dimension),
    ...{ residuals, threads: null },
  };
}
