import { pathSeparations, turningShare } from "../records/path.ts";
import { localVariance } from "../records/scatter.ts";
import { hasLongSegments, LONG_SEGMENT, segmentsOf } from "../records/segments.ts";
import { someTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";

/** The records, those that hypotheses are tried on, and what they show before there is any law. */
export interface Sample {
  /** All trajectories. */
  readonly all: TrainingData;
  /** Long segments where trajectories are long, else the trajectories. */
  readonly segments: TrainingData;
  /** Some of those, and which. */
  readonly data: TrainingData;
  readonly chosen: readonly number[];
  /** Separations along the paths of all trajectories, sorted, one array a law. */
  readonly separations: readonly Float64Array[];
  /** Noise variance, as local polynomials see it. */
  readonly scatter: number;
  /** Whether pairs turn by a right angle from record to record so often that no path through the records can be trusted. */
  readonly skipsTurns: boolean;
}

/** Pairs of particles that hypotheses are tried on, and trajectories at least. */
const PAIRS = 300;
const LEAST_TRAJECTORIES = 10;
/** Share of record spacings with a right angle above which records skip turns. */
const TURNS = 0.3;

/** @param most - trajectories at most @param free - whether start states are unknowns anyway */
export function sampleOf(all: TrainingData, most: number, free: boolean): Sample {
  // Where records are missing, segments have no exact starts.
  const mayCut = hasLongSegments(all) && (all.weights === null || free);
  const segments = (mayCut ? segmentsOf(all, LONG_SEGMENT) : null) ?? all;
  const chosen = thinned(
    segments,
    Math.min(most, Math.max(LEAST_TRAJECTORIES, Math.round(PAIRS / all.pairs))),
  );
  const data =
    chosen.length === segments.trajectories ? segments : someTrajectories(segments, chosen);
  return {
    all,
    segments,
    data,
    chosen,
    separations: pathSeparations(all),
    scatter: localVariance(data),
    skipsTurns: turningShare(data) > TURNS,
  };
}

/** Trajectories with extreme separations that are always in a sample, for each law and end. */
const EXTREMES = 3;

/** At most so many trajectories: those with the closest and the widest pairs of each law, and others evenly spread. */
function thinned(data: TrainingData, most: number): number[] {
  const { trajectories } = data;
  if (trajectories <= most) return Array.from({ length: trajectories }, (_, t) => t);
  const set = new Set<number>();
  const ranges = separationRanges(data);
  for (let law = 0; law < data.laws; law++)
    for (const [end, sign] of [
      [0, 1],
      [1, -1],
    ] as const) {
      const order = ranges
        .map((range, t) => [t, sign * range[2 * law + end]] as const)
        .sort((a, b) => a[1] - b[1]);
      for (const [t] of order.slice(0, EXTREMES)) if (set.size < most / 2) set.add(t);
    }
  for (let k = 0; set.size < most; k++)
    set.add(Math.floor((k * trajectories) / most) % trajectories);
  return [...set].sort((a, b) => a - b);
}

/** Smallest and largest separation of each law at the records of each trajectory. */
function separationRanges(data: TrainingData): Float64Array[] {
  const { trajectories, records, pairs, components, positions, pairI, pairJ, pairLaw } = data;
  return Array.from({ length: trajectories }, (_, t) => {
    const out = new Float64Array(2 * data.laws);
    for (let law = 0; law < data.laws; law++) out[2 * law] = Number.POSITIVE_INFINITY;
    for (let k = 0; k < records; k++)
      for (let p = 0; p < pairs; p++) {
        const o = (t * records + k) * components;
        const i = o + pairI[p];
        const j = o + pairJ[p];
        const x = positions[i] - positions[j];
        const y = positions[i + 1] - positions[j + 1];
        const z = positions[i + 2] - positions[j + 2];
        const r = Math.sqrt(x * x + y * y + z * z);
        const law = 2 * pairLaw[p];
        out[law] = Math.min(out[law], r);
        out[law + 1] = Math.max(out[law + 1], r);
      }
    return out;
  });
}
