import { type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { rolloutSums, shownRollouts } from "../engine/pair-rollout.ts";
import {
  fitSpline,
  type SplineFit,
  type SplineFitOptions,
  type SplineFitStep,
  slopeOf,
} from "../fit/spline-fit.ts";
import type { Schedule } from "../records/schedule.ts";
import { segmentsOf } from "../records/segments.ts";
import { someTrajectories } from "../records/select.ts";
import { sortSeparations } from "../records/sort-separations.ts";
import { roomForSeparations, type TrainingData } from "../records/training-data.ts";
import { givenStarts } from "../rollout/starts.ts";

/**
 * Intervals of trajectories, from each record and its velocity to the next record: where close encounters between records let no law follow whole
 * trajectories, most intervals have none, and each of them is nearly linear in V'.
 */
export interface FollowedIntervals {
  /** Those that the law follows, as trajectories of two records. */
  readonly data: TrainingData;
  /** How many there are in all. */
  readonly of: number;
  readonly fit: SplineFit;
}

/** With fewer intervals nothing can be left out. */
const LEAST = 20;
/** Shares of the intervals, the straightest ones, that a first law is looked for in, one after another. */
const FIRST = [0.5, 0.2, 0.08];
/** Share of those added at a time, and at least. */
const BATCH = 0.1;
const LEAST_BATCH = 0.01;
/** An interval is followed where residuals are at most this share of what forces did in it (both squared). */
const FOLLOWED = 1e-8;
/** One that a law comes so near to is nearly linear in what is left. */
const WITHIN_REACH = 0.04;
/** In the end an interval may leave so much more than all of them do. */
const ROOM = 100;

/**
 * A law that follows most intervals: it begins with the straightest ones, and from law to law takes in those that it nearly follows, as long as all
 * are followed. Null where not even the straightest are (noise, or no pair law), or records are not evenly spaced.
 *
 * @param data - with exact velocities at every record
 */
export function* followIntervals(
  data: TrainingData,
  scheduleOf: (times: Float64Array) => Schedule,
  options: SplineFitOptions,
): Generator<SplineFitStep, FollowedIntervals | null> {
  const all = data.velocities === null ? null : segmentsOf(data, 2);
  if (all === null || all.trajectories < LEAST) return null;
  const schedule = scheduleOf(all.times);
  const { moved, bent } = motionOf(all);
  const first = FIRST.map((share) => Math.round(share * all.trajectories));
  let inside = smallest(bent, first.shift() as number);
  let kept: { data: TrainingData; fit: SplineFit; inside: Set<number>; left: Float64Array } | null =
    null;
  for (let batch = BATCH; batch >= LEAST_BATCH; ) {
    const some = someTrajectories(all, inside);
    const fit: SplineFit = yield* fitSpline(some, schedule, {
      ...options,
      tangents: schedule,
      robustAbove: Number.POSITIVE_INFINITY,
      ...(kept === null ? {} : { initial: slopeOf(kept.fit.basis, kept.fit.coefficients) }),
    });
    const left = residualsUnder(all, schedule, fit.basis, fit.coefficients);
    if (sumOver(inside, left) <= FOLLOWED * sumOver(inside, moved))
      kept = { data: some, fit, inside: new Set(inside), left };
    else if (kept !== null) batch /= 2;
    else {
      const fewer = first.shift() ?? 0;
      if (fewer < LEAST) return null;
      inside = smallest(bent, fewer);
      continue;
    }
    const { inside: before, left: under } = kept;
    const near = under.map((x, t) =>
      !before.has(t) && x <= WITHIN_REACH * moved[t] ? x : Number.POSITIVE_INFINITY,
    );
    const added = smallest(near, Math.ceil(batch * all.trajectories));
    if (added.length === 0) break;
    inside = [...before, ...added].sort((a, b) => a - b);
  }
  return kept === null ? null : { data: kept.data, of: all.trajectories, fit: kept.fit };
}

/** The intervals of all trajectories that a law follows. */
export function followedUnder(
  data: TrainingData,
  scheduleOf: (times: Float64Array) => Schedule,
  { basis, coefficients }: { basis: SplineBasis; coefficients: Float64Array },
): TrainingData | null {
  const all = segmentsOf(data, 2);
  if (all === null) return null;
  const { moved } = motionOf(all);
  const left = residualsUnder(all, scheduleOf(all.times), basis, coefficients);
  const followed = [...left.keys()].filter((t) => left[t] <= ROOM * FOLLOWED * moved[t]);
  return followed.length === 0 ? null : someTrajectories(all, followed);
}

/**
 * Separations at the force evaluations of a law's rollouts from given starts, beside all that acts in the records, sorted, one array a law: those
 * that it was asked for.
 */
export function rolledSeparations(
  data: TrainingData,
  schedule: Schedule,
  { basis, coefficients }: { basis: SplineBasis; coefficients: Float64Array },
): Float64Array[] {
  const { trajectories, pairs, pairI, pairJ, pairLaw } = data;
  const curve = splineCurve(basis, coefficients);
  const roll = shownRollouts(data, schedule, basis.cells, curve, givenStarts(data));
  const out = roomForSeparations(data, trajectories * schedule.kicks);
  const filled = new Int32Array(data.laws);
  for (let t = 0; t < trajectories; t++)
    roll(t, ({ positions: q }) => {
      for (let p = 0; p < pairs; p++) {
        const [i, j] = [pairI[p], pairJ[p]];
        const x = q[i] - q[j];
        const y = q[i + 1] - q[j + 1];
        const z = q[i + 2] - q[j + 2];
        const law = pairLaw[p];
        const k = filled[law];
        out[law][k] = Math.sqrt(x * x + y * y + z * z);
        filled[law] = k + 1;
      }
    });
  return out.map(sortSeparations);
}

/** Mean square of what forces did in intervals, a component. */
export function meanMotion(intervals: TrainingData): number {
  return motionOf(intervals).moved.reduce((sum, x) => sum + x, 0) / intervals.residuals;
}

/** Sum of squares, for each interval, of what forces did in it, and of how far it is from a parabola. */
function motionOf({ trajectories, components, times, positions, velocities }: TrainingData): {
  moved: Float64Array;
  bent: Float64Array;
} {
  const h = times[1];
  const moved = new Float64Array(trajectories);
  const bent = new Float64Array(trajectories);
  for (let t = 0; t < trajectories; t++)
    for (let c = 0; c < components; c++) {
      const start = 2 * t * components + c;
      const [v0, v1] = [start, start + components].map((k) => velocities?.[k] as number) as [
        number,
        number,
      ];
      const x = positions[start + components] - positions[start] - h * v0;
      moved[t] = moved[t] + x * x;
      const y = x - (h * (v1 - v0)) / 2;
      bent[t] = bent[t] + y * y;
    }
  return { moved, bent };
}

/** Sum of squared residuals of each interval; infinity where the rollout diverges. */
function residualsUnder(
  data: TrainingData,
  schedule: Schedule,
  basis: SplineBasis,
  coefficients: Float64Array,
): Float64Array {
  const sums = new Float64Array(data.trajectories);
  const all = { first: 0, end: data.trajectories };
  const curve = splineCurve(basis, coefficients);
  rolloutSums(data, schedule, basis.cells, curve, givenStarts(data), all, sums);
  return sums.map((sum) => (Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY));
}

/** Indices of the smallest finite values, at most so many, increasing. */
function smallest(values: Float64Array, most: number): number[] {
  return [...values.keys()]
    .filter((k) => Number.isFinite(values[k]))
    .sort((a, b) => values[a] - values[b] || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
}

const sumOver = (indices: readonly number[], values: Float64Array): number =>
  indices.reduce((sum, k) => sum + values[k], 0);
