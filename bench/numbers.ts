/** Means, medians and spreads of what the bench measures. */

/** undefined of nothing. */
export function mean(values: ArrayLike<number>): number | undefined {
  if (values.length === 0) return undefined;
  return Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
}

/** The middle one; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/**
 * Seconds of processor time that this process has used so far, those of V8's compiler and collector threads included.
 *
 * For work on one thread this is what the clock on the wall would say on an idle machine; on a busy one, other programs' turns do not count.
 */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

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
  const [xs, ys] = [0, 1].map((k) => points.map((point) => Math.log(point[k])));
  const [mx, my] = [mean(xs) ?? 0, mean(ys) ?? 0];
  const xx = xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
  const xy = xs.reduce((sum, x, k) => sum + (x - mx) * (ys[k] - my), 0);
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
  // Adam goes up and down: the least so far is what a patient user has in hand.
  let least = Number.POSITIVE_INFINITY;
  const half = Math.floor(values.length / 2);
  const last = values.slice(half).map((y, k) => {
    least = Math.min(least, y);
    return [half + k + 1, least] as const;
  });
  const p = growthExponent(last);
  return p < 0 ? values.length * (level / least) ** (1 / p) : Number.POSITIVE_INFINITY;
}

/** Largest |a - b| over the largest |b|; infinite where lengths differ or something is not finite. */
export function deviation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || b.length === 0) return Number.POSITIVE_INFINITY;
  const differences = Array.from(b, (x, k) => Math.abs(a[k] - x));
  if (!differences.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  const largest = differences.reduce((m, d) => Math.max(m, d), 0);
  return largest === 0 ? 0 : largest / Array.from(b).reduce((m, x) => Math.max(m, Math.abs(x)), 0);
}

/** Rows with the same key, in order of appearance. */
export function groupBy<T>(rows: readonly T[], key: (row: T) => unknown): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = JSON.stringify(key(row));
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()];
}
