import { MclnnError } from "@mclnn/physics";
import { basisFromKnots, basisValues, planOf } from "../training/function-first/basis.ts";
import { standardDeviation } from "../training/function-first/evidence.ts";
import { checkFinite, checkKnots } from "./checks.ts";

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
}

/** One posterior standard deviation of V' at a separation. @throws MclnnError `bad-shape`, `bad-knots`, `not-finite` */
export function slopeDeviation(uncertainty: LawUncertainty): (r: number) => number {
  const { knots, coefficients, factor, variance } = uncertainty;
  checkKnots(knots);
  const basis = basisFromKnots([planOf(knots)]);
  checkFinite("coefficients", coefficients, basis.size);
  checkFinite("factor", factor, basis.size * basis.size);
  if (!(variance >= 0) || !Number.isFinite(variance))
    throw new MclnnError("the variance of a law cannot be used", {
      code: "not-finite",
      argument: "variance",
      expected: "a number from 0",
      got: String(variance),
    });
  return (r) => standardDeviation({ factor, variance }, basisValues(basis, 0, r));
}
