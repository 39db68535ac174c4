import type { LawTerm } from "@mclnn/models";
import type { SplineBasis } from "@mclnn/models/parts";
import type { TermSpec } from "@mclnn/physics/terms";
import { type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import type { Posterior } from "../prior/evidence.ts";
import { type Likelihood, marginalLikelihood } from "../prior/likelihood.ts";
import { covarianceOf } from "../prior/marginal.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { diagonalBlock } from "../splines/law-blocks.ts";
import { placed, withTerms } from "../terms/law-terms.ts";

/** What fits of a pair law with terms beside it have in common. */
interface FitWithTerms {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly basis: SplineBasis;
  readonly pass: SensitivityPass;
  readonly values: Float64Array;
  readonly equations: NormalEquations;
}

/** The same fit with its terms acting in the records: what is left to be found is the pair law. */
export function withTermsHeld<F extends FitWithTerms>(fit: F, terms: readonly TermSpec[]): F {
  if (terms.length === 0) return fit;
  const { schedule, basis, pass, equations } = fit;
  const { size } = basis;
  const data = withTerms(fit.data, terms, fit.values);
  const { tangents } = pass;
  const freeStarts = equations.eliminations.length > 0;
  return {
    ...fit,
    data,
    pass: new SensitivityPass(data, schedule, basis, { freeStarts, tangents }),
    values: new Float64Array(0),
    equations: {
      ...equations,
      curves: [],
      metric: diagonalBlock(equations.metric, pass.size, 0, size),
      gradient: equations.gradient.slice(0, size),
      // Terms' columns follow those of the law.
      eliminations: equations.eliminations.map((each) => {
        const active = each.active.filter((column) => column < size);
        const cross = each.cross.slice(0, active.length * each.unknowns);
        return { ...each, active, cross };
      }),
    },
  };
}

/** A term that was found, and what the records alone say of its coefficients. */
export interface FoundTerm extends LawTerm {
  /** About the coefficients, in variances of the noise; null where that is not known, and where nobody asks: of what has no rate. */
  readonly likelihood: Likelihood | null;
}

/** The terms that a fit has found, with their coefficients' covariance where the posterior has one. */
export function foundTerms(
  { data, basis, values }: Pick<FitWithTerms, "data" | "basis" | "values">,
  terms: readonly TermSpec[],
  posterior: (Pick<Posterior, "factor" | "variance"> & { readonly likelihood?: Likelihood }) | null,
): FoundTerm[] {
  let first = basis.size;
  return placed(terms, values, data).map(({ spec, coefficients }): FoundTerm => {
    const n = coefficients.length;
    const covariance = posterior === null ? null : covarianceOf(posterior, first, n);
    const own = posterior?.likelihood;
    const alone = own && spec.name === "drift" ? marginalLikelihood(own, first, n) : null;
    first += n;
    const likelihood = alone && inVariances(alone, posterior?.variance ?? 1);
    return { spec, coefficients: Float64Array.from(coefficients), covariance, likelihood };
  });
}

const inVariances = ({ metric, gradient }: Likelihood, variance: number): Likelihood => ({
  metric: metric.map((x) => x / variance),
  gradient: gradient.map((x) => x / variance),
});
