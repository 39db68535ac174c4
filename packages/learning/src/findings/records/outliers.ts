import type { TrajectorySet } from "@mclnn/datasets";
import { residualMaker } from "../../records/local-polynomial.ts";
import { isObserved, named, type RecordCheck, without } from "./check.ts";

/** Records that polynomials go through, and their degrees. */
const FITS = [
  [9, 4],
  [11, 6],
] as const;
/** Both say the same of an outlier but for this share of its distance; of sharp motion they do not. */
const AGREE = 0.3;
/** Usual distances from the path of the others beyond which a position is an outlier. */
const FAR = 12;
/** The others lie within so many usual distances of their path: else it is the motion that is sharp. */
const CLOSE = 3;
/** Usual distances from the closer polynomials are no smaller than by this factor where records scatter. */
const NOISE = 1.5;
/** More than this share are no outliers any more. */
const FEW = 0.05;

/** Single positions far off the path that the records around them agree on: another particle's, or a slip of the tracking. */
export const outliers: RecordCheck = (set) => {
  const { trajectories, records, particles } = set;
  if (records < FITS[1][0]) return null;
  const [near, far] = FITS.map(([window, degree]) => distancesOf(set, window, degree));
  const usual = median(near.scaled);
  const usualRests = [near, far].map(({ rest }) => median(rest));
  // Where the closer polynomials come nearer, it is not noise that usual distances are made of, and sharp motion stands out from it.
  if (!(usual > 0 && usual < NOISE * median(far.scaled))) return null;
  const apartFromPath: number[] = [];
  near.alone.forEach((d, o) => {
    const sharp = [near, far].some(({ rest }, k) => !(rest[o] < CLOSE * usualRests[k]));
    const apart = Math.abs(far.alone[o] - d);
    if (near.scaled[o] > FAR * usual && !sharp && apart < AGREE * d) apartFromPath.push(o);
  });
  // A start that comes with its velocity is one to begin from.
  const isStart = (o: number): boolean =>
    set.velocities !== undefined && Math.floor(o / particles) % records === 0;
  const found = apartFromPath.filter(
    (o) => !isStart(o) && !metAtAnEnd(set, o, apartFromPath) && !isReached(set, o, near.alone[o]),
  );
  if (found.length === 0 || found.length > FEW * trajectories * records * particles) return null;
  const places = found.map((o) => {
    const frame = Math.floor(o / particles);
    return `particle ${o % particles} at record ${frame % records} of trajectory ${Math.floor(frame / records)}`;
  });
  const farthest = found.reduce((most, o) => Math.max(most, near.scaled[o] / usual), 0);
  return {
    mended: without(set, found),
    finding: {
      kind: "outliers",
      text: `${found.length} of ${trajectories * records * particles} positions lie far off the path that the records around them agree on (up to ${farthest.toPrecision(2)} times the usual distance): ${named(places)}, counted from 0`,
      sigmas: farthest,
      share: null,
      try: "Mark them as not observed; the law was learned without them.",
    },
  };
};

/** Whether velocities lead from the record before, or back from the one after, nearer to where a particle is than to the path of the others: then it went there. */
function isReached(set: TrajectorySet, o: number, distance: number): boolean {
  const { records, particles, dimension, times, positions, velocities } = set;
  if (velocities === undefined) return false;
  const k = Math.floor(o / particles) % records;
  return [-1, 1].some((side) => {
    if (k + side < 0 || k + side >= records || !isObserved(set, o + side * particles)) return false;
    const h = (times[k + side] - times[k]) / 2;
    let square = 0;
    for (let c = 0; c < dimension; c++) {
      const [at, next] = [o, o + side * particles].map((one) => one * dimension + c);
      const left = positions[next] - positions[at] - h * (velocities[at] + velocities[next]);
      square += left * left;
    }
    return Math.sqrt(square) < distance / 2;
  });
}

/** So near to an end no records say whether a particle comes back to its path. */
const END = 2;

/** Whether another position is as far off at the same end of the trajectory: rather than two slips, two particles have met there. */
function metAtAnEnd(
  { records, particles }: TrajectorySet,
  o: number,
  all: readonly number[],
): boolean {
  const endOf = (one: number): number | null => {
    const frame = Math.floor(one / particles);
    const record = frame % records;
    const trajectory = 2 * Math.floor(frame / records);
    return record < END ? trajectory : record >= records - END ? trajectory + 1 : null;
  };
  const end = endOf(o);
  return end !== null && all.some((other) => other !== o && endOf(other) === end);
}

/**
 * How far each position lies from a polynomial through those around it, the same over how well that is known, and what it leaves of those; NaN where too
 * few are there. [trajectory x record x particle]
 */
function distancesOf(
  set: TrajectorySet,
  window: number,
  degree: number,
): { alone: Float64Array; scaled: Float64Array; rest: Float64Array } {
  const { trajectories, records, particles, dimension, times, positions } = set;
  const alone = new Float64Array(trajectories * records * particles).fill(Number.NaN);
  const rest = alone.slice();
  const scaled = alone.slice();
  const size = particles * dimension;
  for (let k = 0; k < records; k++) {
    const first = Math.max(0, Math.min(records - window, k - (window - 1) / 2));
    const hat = residualMaker(times.subarray(first, first + window), degree);
    if (hat === null) continue;
    const a = k - first;
    // What the fit of all leaves of one, over this, is its distance from the fit of the others.
    const own = hat[a * window + a];
    for (let t = 0; t < trajectories; t++)
      for (let i = 0; i < particles; i++) {
        const frame = (t * records + first) * particles + i;
        let seen = true;
        for (let b = 0; b < window; b++) seen &&= isObserved(set, frame + b * particles);
        if (!seen) continue;
        let [square, others] = [0, 0];
        for (let c = 0; c < dimension; c++) {
          const o = frame * dimension + c;
          let [total, mine] = [0, 0];
          for (let d = 0; d < window; d++) {
            let e = 0;
            for (let b = 0; b < window; b++) e += hat[d * window + b] * positions[o + b * size];
            total += e * e;
            if (d === a) mine = e;
          }
          square += (mine / own) * (mine / own);
          others += total - (mine * mine) / own;
        }
        const at = (t * records + k) * particles + i;
        alone[at] = Math.sqrt(square);
        scaled[at] = alone[at] * Math.sqrt(own);
        rest[at] = Math.sqrt(Math.max(0, others));
      }
  }
  return { alone, scaled, rest };
}

function median(values: Float64Array): number {
  const seen = values.filter((x) => !Number.isNaN(x)).sort();
  return seen[Math.floor(seen.length / 2)] ?? 0;
}
