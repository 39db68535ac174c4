import { median } from "../laws/averages.ts";

/** Seconds of all runs of one piece of work, in short. */
export interface Spread {
  readonly minimum: number;
  readonly median: number;
  readonly runs: number;
}

/** @param seconds - of each run, one at least */
export function spreadOf(seconds: readonly number[]): Spread {
  const middle = median(seconds);
  if (middle === undefined || !seconds.every((s) => Number.isFinite(s) && s >= 0))
    throw new RangeError(`a spread needs times, got [${seconds.join(", ")}]`);
  return { minimum: Math.min(...seconds), median: middle, runs: seconds.length };
}

/**
 * The p in y = c x^p, by least squares on logarithms.
 *
 * @param points - [x, y], both positive, at two different x at least
 */
export function growthExponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (k: 0 | 1): number => logs.reduce((sum, p) => sum + p[k], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  let xx = 0;
  let xy = 0;
  for (const [x, y] of logs) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
  }
  if (!(xx > 0) || !Number.isFinite(xy))
    throw new RangeError(`no exponent from ${JSON.stringify(points)}`);
  return xy / xx;
}

/**
 * Where a falling curve meets a level, by the power law through its last half; where it has met it already, that place.
 *
 * @param curve - y at x = 1, 2, 3, ...
 * @returns x, infinite where the curve does not fall
 */
export function crossing(curve: ArrayLike<number>, level: number): number {
  const values = Array.from(curve);
  const met = values.findIndex((y) => y <= level);
  if (met >= 0) return met + 1;
  const last = values
    .map((y, k) => [k + 1, y] as const)
    .slice(Math.floor(values.length / 2))
    // Adam goes up and down: the least so far is what a patient user has in hand.
    .map(
      ([x, y], k, half) =>
        [x, half.slice(0, k + 1).reduce((m, p) => Math.min(m, p[1]), y)] as const,
    );
  const p = growthExponent(last);
  const [x, y] = last[last.length - 1];
  return p < 0 ? x * (level / y) ** (1 / p) : Number.POSITIVE_INFINITY;
}

/** Largest |a - b| over the largest |b|; infinite where lengths differ or something is not finite. */
export function deviation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || b.length === 0) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let scale = 0;
  for (let k = 0; k < b.length; k++) {
    const d = Math.abs(a[k] - b[k]);
    if (!Number.isFinite(d)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, d);
    scale = Math.max(scale, Math.abs(b[k]));
  }
  return largest === 0 ? 0 : largest / scale;
}
