import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import { curveOf } from "./catalogue.ts";
import { levelFrom, splineSize } from "./curve.ts";
import { Spline } from "./spline.ts";
import type { TermAt, TermCurve } from "./term.ts";

/** The function of a term as columns of numbers. */
export interface ReportedCurve extends Pick<TermCurve, "name" | "of"> {
  /** Speeds, separations, places: equally far apart. */
  readonly x: Float64Array;
  readonly value: Float64Array;
  /** One standard deviation; not a number where there are no error bars. */
  readonly sd: Float64Array;
}

/**
 * The function of a term at its coefficients, with what the coefficients' covariance leaves unsure of it.
 *
 * @param covariance - of the coefficients [size x size]; null for none
 * @param options - `points`: default 200; `from`, `to`: default the ends of the knots
 * @throws MclnnError `bad-option` for a term without a function of one number, `bad-range`, `bad-shape`, and as specs are refused
 */
export function reportCurve(
  { spec, coefficients }: TermAt,
  covariance: ArrayLike<number> | null,
  options: { readonly points?: number; readonly from?: number; readonly to?: number } = {},
): ReportedCurve {
  checkArgument("options", options, { points: "count?", from: "number?", to: "number?" });
  const curve = curveOf({ spec });
  if (curve === null)
    throw new MclnnError(`${spec.name} cannot be tabulated`, {
      code: "bad-option",
      argument: "spec.name",
      expected: "a term that is a function of one number",
      got: spec.name,
    });
  const { name, of, knots, level, square } = curve;
  const { points = 200, from = knots[0], to = knots[knots.length - 1] } = options;
  if (points < 2 || !(from < to))
    throw new MclnnError(`${spec.name} cannot be tabulated`, {
      code: "bad-range",
      argument: "options",
      expected: "from < to and 2 points or more",
      got: `from ${from} to ${to}, ${points} points`,
    });
  const c = Float64Array.from(coefficients);
  const n = c.length;
  const spline = new Spline(square ? knots.map((each) => each * each) : knots);
  const size = splineSize(curve);
  if (n < size || (covariance !== null && covariance.length !== n * n))
    throw new MclnnError(`coefficients of ${spec.name} cannot be used`, {
      code: "bad-shape",
      argument: n < size ? "coefficients" : "covariance",
      expected: n < size ? `${size} numbers or more` : `${n} x ${n} numbers`,
      got: String(n < size ? n : covariance?.length),
    });
  // With those that are 0 whatever the data.
  const begin = levelFrom(level);
  const all = new Float64Array(spline.size);
  all.set(c.subarray(0, size), begin);
  const free = (k: number): boolean => k >= 0 && k < size;
  const x = Float64Array.from({ length: points }, (_, k) =>
    k === points - 1 ? to : from + ((to - from) * k) / (points - 1),
  );
  const value = new Float64Array(points);
  const sd = new Float64Array(points).fill(Number.NaN);
  x.forEach((at, k) => {
    const { values } = spline.at(square ? at * at : at);
    value[k] = spline.value(all);
    if (covariance === null) return;
    let variance = 0;
    const first = spline.first - begin;
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++)
        if (free(first + a) && free(first + b))
          variance += values[a] * values[b] * covariance[(first + a) * n + first + b];
    sd[k] = Math.sqrt(Math.max(0, variance));
  });
  return { name, of, x, value, sd };
}
