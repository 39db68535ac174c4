import { MclnnError } from "@mclnn/physics";
import { checkArgument, described } from "@mclnn/physics/arguments";

/** How well a quantity is kept along a run. */
export interface Conservation {
  /** Value at the start. [components] */
  readonly start: Float64Array;
  /** Largest distance from the value at the start. */
  readonly maxDrift: number;
  /** Least-squares slope against time, of a vector the length of its components' slopes; null for fewer than two records. */
  readonly slope: number | null;
  /** Standard error of the slope, from the scatter about the line; null for fewer than three records. */
  readonly slopeStandardError: number | null;
}

/**
 * Drift of a conserved quantity: bounded fluctuation (maxDrift) and trend (slope) apart.
 *
 * Neighbouring records are correlated, so the standard error counts only as many as there are independent ones, n (1 - c) / (1 + c) with the
 * lag-1 correlation c of the residuals.
 *
 * @param times - [records], increasing
 * @param series - [records x components]
 * @throws MclnnError `bad-shape`, `not-finite`, `different-times`
 * @see Bartlett, J. R. Stat. Soc. 98 (1935) 536, doi:10.2307/2342284, for the number of independent records
 */
export function conservation(
  times: Float64Array,
  series: Float64Array,
  components = 1,
): Conservation {
  checkArgument("times", times, "list");
  checkArgument("series", series, "list");
  checkArgument("components", components, "count", { code: "bad-shape" });
  const records = times.length;
  if (records < 1 || series.length !== records * components)
    throw new MclnnError("a series does not fit its times", {
      code: "bad-shape",
      argument: "series",
      expected: `one or more records of ${components} values`,
      got: `${series.length} values at ${records} times`,
    });
  for (let k = 1; k < records; k++)
    if (!((times[k] as number) > (times[k - 1] as number)))
      throw new MclnnError("times of a series do not increase", {
        code: "different-times",
        argument: "times",
        expected: `a time after ${times[k - 1]} at record ${k}`,
        got: `${times[k]}`,
      });
  checkArgument("times", times, "numbers");
  const bad = Array.prototype.findIndex.call(series, (x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new MclnnError(`a series is not finite at record ${Math.floor(bad / components)}`, {
      code: "not-finite",
      argument: "series",
      expected: "finite numbers",
      got: described(series[bad]),
      mend: "Cut the run where it diverged.",
    });
  const start = Float64Array.from({ length: components }, (_, c) => series[c] as number);
  let maxDrift = 0;
  for (let k = 0; k < records; k++) {
    let square = 0;
    for (let c = 0; c < components; c++) {
      const d = (series[k * components + c] as number) - (start[c] as number);
      square += d * d;
    }
    maxDrift = Math.max(maxDrift, Math.sqrt(square));
  }
  const lines = Array.from({ length: components }, (_, c) =>
    fitLine(times, (k) => series[k * components + c] as number),
  );
  const length = (values: number[]): number => Math.sqrt(values.reduce((s, x) => s + x * x, 0));
  const slopes = lines.map((l) => l.slope);
  const slope = components === 1 ? (slopes[0] as number) : length(slopes);
  return {
    start,
    maxDrift,
    slope: records < 2 ? null : slope,
    slopeStandardError: records < 3 ? null : length(lines.map((l) => l.standardError)),
  };
}

/** Least-squares line through (times[k], value(k)). */
function fitLine(
  times: Float64Array,
  value: (k: number) => number,
): { slope: number; standardError: number } {
  const n = times.length;
  let meanT = 0;
  let meanX = 0;
  for (let k = 0; k < n; k++) {
    meanT += (times[k] as number) / n;
    meanX += value(k) / n;
  }
  let tt = 0;
  let tx = 0;
  for (let k = 0; k < n; k++) {
    const t = (times[k] as number) - meanT;
    tt += t * t;
    tx += t * (value(k) - meanX);
  }
  const slope = tx / tt;
  let rss = 0;
  let lagged = 0;
  let previous = 0;
  for (let k = 0; k < n; k++) {
    const e = value(k) - meanX - slope * ((times[k] as number) - meanT);
    rss += e * e;
    lagged += e * previous;
    previous = e;
  }
  const correlation = rss > 0 ? Math.min(0.999, Math.max(0, lagged / rss)) : 0;
  const independent = Math.max(3, (n * (1 - correlation)) / (1 + correlation));
  return { slope, standardError: Math.sqrt(rss / tt / (independent - 2)) };
}
