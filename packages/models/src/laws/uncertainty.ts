import { MclnnError } from "@mclnn/physics";
import { checkLength } from "@mclnn/physics/arguments";
import { checkKnots } from "../numbers.ts";
import {
  basisFromKnots,
  basisValues,
  bridgeGaps,
  planOf,
  type SplineBasis,
  splineCurve,
} from "../splines/b-spline.ts";
import { curveAt, edgesOf } from "../splines/cells.ts";
import { standardDeviation } from "./standard-deviation.ts";

/** The Gauss-Newton posterior of V' as a spline: how sure the data make us of the law, and where. */
export interface LawUncertainty {
  /** Knots of each cluster, as in a spline law. */
  readonly knots: readonly Float64Array[];
  /** Posterior mean. [coefficients] */
  readonly coefficients: Float64Array;
  /** Lower Cholesky factor of the precision over the variance. [coefficients x coefficients] */
  readonly factor: Float64Array;
  /** Estimated variance of a position component. */
  readonly variance: number;
  /** What the records alone say, without which no formula can be judged. */
  readonly likelihood?: LawLikelihood;
}

/** Residuals squared at a distance d from the posterior mean: s + 2 gradient' d + d' metric d, what else was unknown at its best. */
export interface LawLikelihood {
  /** [coefficients x coefficients] */
  readonly metric: Float64Array;
  /** [coefficients] */
  readonly gradient: Float64Array;
}

/** Standard deviations of a law, one posterior standard deviation each. */
export interface LawDeviations {
  /** Of V' at r. */
  readonly slopeDeviation: (r: number) => number;
  /** Of V at r, relative to the separation at which V is 0. */
  readonly energyDeviation: (r: number) => number;
}

/**
 * Standard deviations of V' and V from a posterior.
 *
 * Where the law itself is not the posterior mean (a network that was fitted to it), its distance to the mean counts as well.
 *
 * @param zero - the separation at which V is 0
 * @param law - V' of the law that is used, when it is not the posterior mean
 * @throws MclnnError `bad-shape`, `bad-knots`, `not-finite`
 */
export function lawDeviations(
  uncertainty: LawUncertainty,
  { zero, law }: { zero: number; law?: (r: number) => number },
): LawDeviations {
  const { knots, coefficients, factor, variance } = uncertainty;
  checkKnots(knots);
  const basis = basisFromKnots([planOf(knots)]);
  checkLength("coefficients", coefficients, [basis.size, "coefficients"]);
  checkLength("factor", factor, [basis.size, "rows"], [basis.size]);
  if (!(variance >= 0) || !Number.isFinite(variance))
    throw new MclnnError("the variance of a law cannot be used", {
      code: "not-finite",
      argument: "variance",
      expected: "a number from 0",
      got: String(variance),
    });
  const curve = splineCurve(basis, coefficients);
  bridgeGaps(basis, curve);
  const posterior = { factor, variance };
  const apart = (r: number): number =>
    law === undefined ? 0 : law(r) - curveAt(basis.cells, curve, 0, r);
  return {
    slopeDeviation: (r) => length(standardDeviation(posterior, basisValues(basis, 0, r)), apart(r)),
    energyDeviation(r) {
      let distance = 0;
      const row = new Float64Array(basis.size);
      // Basis functions are cubics on each cell, which two Gauss points integrate exactly.
      for (const [from, to] of stretches(basis, r, zero))
        for (const share of GAUSS_POINTS) {
          const at = from + share * (to - from);
          const half = (to - from) / 2;
          basisValues(basis, 0, at).forEach((value, k) => {
            row[k] = row[k] + half * value;
          });
          distance += half * apart(at);
        }
      return length(standardDeviation(posterior, row), distance);
    },
  };
}

const GAUSS_POINTS = [0.5 - Math.sqrt(3) / 6, 0.5 + Math.sqrt(3) / 6];

const length = (a: number, b: number): number => (b === 0 ? a : Math.sqrt(a * a + b * b));

/** The way from one separation to another, cut at the edges of the cells. */
function* stretches(
  { cells }: SplineBasis,
  a: number,
  b: number,
): Generator<readonly [number, number]> {
  const [from, to] = a < b ? [a, b] : [b, a];
  let at = from;
  for (const edge of edgesOf(cells, 0)) {
    if (edge <= at) continue;
    if (edge >= to) break;
    yield [at, edge];
    at = edge;
  }
  if (at < to) yield [at, to];
}
