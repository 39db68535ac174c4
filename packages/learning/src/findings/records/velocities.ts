import type { TrajectorySet } from "@mclnn/datasets";
import { isObserved, type RecordCheck } from "./check.ts";

/** A factor this near to 1 is none. */
const NEAR = 5e-3;
/** A factor or shift is one where it leaves this share of what is left without it, or less. */
const FALL = 0.25;
/** Standard errors that it is away from none. */
const SURE = 6;
/** Velocities that have this share in common with differences of positions at least are of the same motion. */
const SAME_MOTION = 0.9;
/** Below, they are of another. */
const OTHER_MOTION = 0.3;
/** Values that are compared at least. */
const LEAST = 24;

/**
 * Velocities beside differences of positions: by Simpson's rule (v- + 4 v + v+) / 6 is the difference over two records. They may be of another unit,
 * which is a factor, or of another time, which is a shift along the acceleration.
 */
export const velocities: RecordCheck = (set) => {
  const sums = sumsOf(set);
  if (sums === null || sums.count < LEAST) return null;
  const { vv, vx, xx, va, xa, aa, count } = sums;
  const common = (vx * vx) / (vv * xx);
  if (!(common > SAME_MOTION))
    return common < OTHER_MOTION && sums.smooth
      ? told("velocities do not follow the positions: their order, axes or frame may be another")
      : null;
  // v = f x + s a; noise in x makes f too small, and noise in v the inverse of f.
  const determinant = xx * aa - xa * xa;
  const shifted = determinant > 1e-9 * xx * aa;
  const factor = shifted ? (vx * aa - va * xa) / determinant : vx / xx;
  const shift = shifted ? (xx * va - xa * vx) / determinant : 0;
  const other = vv / vx;
  const left = (f: number, s: number): number =>
    vv - 2 * f * vx - 2 * s * va + f * f * xx + 2 * f * s * xa + s * s * aa;
  const best = Math.max(left(factor, shift), 1e-30 * vv);
  const error = Math.sqrt(best / count / xx);
  const between = (factor - 1) * (other - 1) <= 0;
  const isFactor =
    !between &&
    Math.abs(factor - 1) > Math.max(NEAR, SURE * error) &&
    best < FALL * Math.min(left(1, 0), left(1, (va - xa) / aa || 0));
  if (isFactor)
    return told(
      `velocities are ${factor.toPrecision(4)} times what the positions' differences over the times give: another unit of velocity, length or time?`,
    );
  const alone = (va - xa) / aa;
  const uncertainty = Math.sqrt(Math.max(left(1, alone), 0) / count / aa);
  if (shifted && left(1, alone) < FALL * left(1, 0) && Math.abs(alone) > SURE * uncertainty)
    return told(
      `velocities are those of another time than the positions, ${Math.abs(alone).toPrecision(3)} ${alone < 0 ? "before" : "after"} (records are ${sums.spacing.toPrecision(3)} apart): half a step of a leapfrog?`,
    );
  return null;
};

const told = (text: string) => ({
  finding: {
    kind: "velocities",
    text,
    sigmas: 0,
    share: null,
    try: "Check the velocities, or train with velocities unknown: the positions alone give the law.",
  },
});

interface Sums {
  /** Of products of averaged velocities v, differences of positions x and accelerations a. */
  readonly vv: number;
  readonly vx: number;
  readonly xx: number;
  readonly va: number;
  readonly xa: number;
  readonly aa: number;
  readonly count: number;
  readonly spacing: number;
  /** Whether positions move smoothly enough to be compared with. */
  readonly smooth: boolean;
}

function sumsOf(set: TrajectorySet): Sums | null {
  const { trajectories, records, particles, dimension, times, positions, velocities: v } = set;
  if (v === undefined || records < 3) return null;
  const size = particles * dimension;
  let [vv, vx, xx, va, xa, aa, count, turns] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let t = 0; t < trajectories; t++)
    for (let k = 1; k + 1 < records; k++) {
      const h = times[k + 1] - times[k];
      if (Math.abs(times[k] - times[k - 1] - h) > 1e-6 * h) continue;
      for (let i = 0; i < particles; i++) {
        const frame = (t * records + k) * particles + i;
        if (![frame - particles, frame, frame + particles].every((o) => isObserved(set, o)))
          continue;
        for (let o = frame * dimension; o < (frame + 1) * dimension; o++) {
          const [before, after] = [o - size, o + size];
          const mean = (v[before] + 4 * v[o] + v[after]) / 6;
          const difference = (positions[after] - positions[before]) / (2 * h);
          const acceleration = (v[after] - v[before]) / (2 * h);
          vv += mean * mean;
          vx += mean * difference;
          xx += difference * difference;
          va += mean * acceleration;
          xa += difference * acceleration;
          aa += acceleration * acceleration;
          const turn = (positions[after] - 2 * positions[o] + positions[before]) / h;
          turns += turn * turn;
          count++;
        }
      }
    }
  if (!(vv > 0 && xx > 0)) return null;
  const spacing = (times[records - 1] - times[0]) / (records - 1);
  return { vv, vx, xx, va, xa, aa, count, spacing, smooth: turns < xx };
}
