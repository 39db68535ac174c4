import { MclnnError } from "@mclnn/physics";
import { checkArgument, checkRanges } from "@mclnn/physics/arguments";

/** Middle and ends of some values. */
export interface MedianRange {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Median, smallest and largest of some values: what several seeds gave.
 *
 * The median of an even number of values is the mean of the two in the middle; infinity, as of a run that diverged, is a value like any other.
 *
 * @throws MclnnError `too-little-data`, `not-finite` for NaN
 */
export function medianRange(values: ArrayLike<number>): MedianRange {
  checkArgument("values", values, "list");
  const sorted = Float64Array.from(values, (x) => (typeof x === "number" ? x : Number.NaN)).sort();
  if (sorted.length === 0)
    throw new MclnnError("there is no median of nothing", {
      code: "too-little-data",
      argument: "values",
      expected: "one or more values",
      got: "none",
      missing: 1,
    });
  // Sorting puts NaN last.
  if (Number.isNaN(sorted[sorted.length - 1]))
    throw new MclnnError("there is no median where a value is no number", {
      code: "not-finite",
      argument: "values",
      expected: "numbers",
      got: "NaN",
    });
  const upper = sorted[Math.floor(sorted.length / 2)] as number;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number;
  return {
    median: lower === upper ? upper : (lower + upper) / 2,
    min: sorted[0] as number,
    max: sorted[sorted.length - 1] as number,
  };
}

/**
 * Coefficient of determination R^2 = 1 - sum (y - f)^2 / sum (y - mean y)^2: the share of the variance of what was measured that is predicted.
 *
 * 1 for a perfect prediction, 0 for the mean, below 0 for worse than the mean.
 *
 * @returns null where the measured values do not vary
 * @throws MclnnError `bad-shape`, `not-finite`
 */
export function determination(
  predicted: ArrayLike<number>,
  measured: ArrayLike<number>,
): number | null {
  checkArgument("predicted", predicted, "numbers");
  checkArgument("measured", measured, "numbers");
  const n = measured.length;
  if (predicted.length !== n || n === 0)
    throw new MclnnError("predictions do not fit what was measured", {
      code: "bad-shape",
      argument: "predicted",
      expected: `${n === 0 ? "one or more values" : `${n} values`}`,
      got: `${predicted.length}`,
    });
  let mean = 0;
  for (let k = 0; k < n; k++) mean += (measured[k] as number) / n;
  let residual = 0;
  let spread = 0;
  for (let k = 0; k < n; k++) {
    const missed = (measured[k] as number) - (predicted[k] as number);
    const away = (measured[k] as number) - mean;
    residual += missed * missed;
    spread += away * away;
  }
  if (!Number.isFinite(residual + spread))
    throw new MclnnError("values to compare are not finite", {
      code: "not-finite",
      argument: "predicted",
      expected: "finite numbers",
      got: String(residual + spread),
    });
  return spread > 0 ? 1 - residual / spread : null;
}

/**
 * Mean of the squared differences.
 *
 * @throws MclnnError `bad-argument`, `bad-shape`, `not-finite`
 */
export function meanSquaredError(
  predicted: ArrayLike<number>,
  measured: ArrayLike<number>,
): number {
  checkArgument("predicted", predicted, "numbers");
  checkArgument("measured", measured, "numbers");
  const n = measured.length;
  if (predicted.length !== n || n === 0)
    throw new MclnnError("predictions do not fit what was measured", {
      code: "bad-shape",
      argument: "predicted",
      expected: `${n === 0 ? "one or more values" : `${n} values`}`,
      got: `${predicted.length}`,
    });
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const missed = (predicted[k] as number) - (measured[k] as number);
    sum += missed * missed;
  }
  return sum / n;
}

/**
 * Share of separations that lie in none of some ranges: how much of a run asks a law for what it has never seen. 0 to 1.
 *
 * @param ranges - [from, to], ends included
 * @throws MclnnError `bad-argument`, `not-finite`, `too-little-data`
 */
export function shareOutside(
  separations: ArrayLike<number>,
  ranges: readonly (readonly [number, number])[],
): number {
  checkArgument("separations", separations, "numbers");
  checkRanges("ranges", ranges);
  const n = separations.length;
  if (n === 0)
    throw new MclnnError("there is no share of nothing", {
      code: "too-little-data",
      argument: "separations",
      expected: "one or more separations",
      got: "none",
      missing: 1,
    });
  let outside = 0;
  for (let k = 0; k < n; k++) {
    const r = separations[k] as number;
    if (!ranges.some(([from, to]) => r >= from && r <= to)) outside++;
  }
  return outside / n;
}
