import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { periodicSpace } from "@mclnn/physics/space";

/** Positions of particles as a camera has them, in the data's units. */
export interface Tracks {
  readonly trajectories: number;
  readonly records: number;
  readonly particles: number;
  readonly dimension: 2 | 3;
  /** [records] */
  readonly times: Float64Array;
  /** [trajectories x records x particles x dimension] */
  readonly positions: Float64Array;
  /** 1 where a particle was seen; null where all were, always. [trajectories x records x particles] */
  readonly seen: Uint8Array | null;
  /** [particles] */
  readonly masses: Float64Array;
  /** Number of each particle's species, from 0 without gaps. [particles] */
  readonly kind: Int32Array;
  readonly kinds: number;
  /** Takes a displacement to that of the nearest images, where space repeats; null in open space. [3], changed in place */
  readonly nearest: ((displacement: Float64Array) => void) | null;
}

/** @throws MclnnError `bad-times`, `too-few-records` */
export function tracksOf(set: TrajectorySet, separateSpecies: boolean): Tracks {
  const { trajectories, records, particles, dimension, times, positions, masses } = set;
  for (let k = 1; k < records; k++)
    if (!(times[k] > times[k - 1]))
      throw new MclnnError("two frames have one time", {
        code: "bad-times",
        argument: "times",
        expected: `more than ${times[k - 1]} at record ${k}`,
        got: String(times[k]),
        mend: "Leave one of the frames out, or give each its own time.",
      });
  if (records < LEAST_RECORDS)
    throw new MclnnError("there are too few frames to tell motion from noise", {
      code: "too-few-records",
      argument: "data",
      expected: `at least ${LEAST_RECORDS} records a trajectory`,
      got: `${records}`,
      missing: LEAST_RECORDS - records,
    });
  const names = [...new Set(separateSpecies ? set.species : [])].sort((a, b) => a - b);
  const kind = Int32Array.from({ length: particles }, (_, i) =>
    Math.max(0, names.indexOf(set.species?.[i] ?? 0)),
  );
  return {
    ...{ trajectories, records, particles, dimension, times, positions, masses },
    seen: set.observed ?? null,
    kind,
    kinds: Math.max(1, names.length),
    nearest: nearestOf(set),
  };
}

/** Displacements to nearest images, where the box of all records is one. @throws MclnnError `periodic-box` where it changes */
function nearestOf({ box, origin, periodic, dimension }: TrajectorySet): Tracks["nearest"] {
  if (box === undefined || periodic?.some(Boolean) !== true) return null;
  const rows = box.subarray(0, 9);
  if (box.some((x, k) => x !== rows[k % 9]))
    throw new MclnnError("the box changes from record to record", {
      code: "periodic-box",
      argument: "data.box",
      expected: "one box for all records",
      got: "several",
    });
  const [a, b, c] = Array.from(periodic, Boolean);
  return periodicSpace({ rows, ...(origin && { origin }), periodic: [a, b, c && dimension === 3] })
    .nearest;
}

/** Two steps that follow each other are the least that noise of places can be told from steps by. */
export const LEAST_RECORDS = 4;
