import { type Bodies, MclnnError, sumOfForces } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import {
  createTerm,
  type ReportedConstant,
  reportConstants,
  termForce,
} from "@mclnn/physics/terms";
import type { LawTerm, Model } from "./model.ts";

/** A model whose law has other terms beside its pairs: they act in what is simulated. @throws MclnnError `bad-argument`, `unknown-term`, `bad-shape` */
export function withTerms<M extends Exclude<Model, { kind: "lnn" }>>(
  model: M,
  terms: readonly LawTerm[],
): M {
  if (terms.length === 0) return model;
  const own = terms.map(({ spec, coefficients, covariance }, k) => {
    checkArgument(`terms[${k}]`, { coefficients, spec }, { coefficients: "floats", spec: {} });
    const n = coefficients.length;
    if (covariance !== null && covariance.length !== n * n)
      throw new MclnnError("a covariance does not fit its term", {
        code: "bad-shape",
        argument: `terms[${k}].covariance`,
        expected: `${n} x ${n} numbers`,
        got: `${covariance.length}`,
      });
    return { spec: { ...spec }, coefficients: coefficients.slice(), covariance };
  });
  const { potential: pairs } = model;
  return { ...model, terms: own, pairs, potential: sumOfForces(pairs, ...own.map(termForce)) };
}

/** The constants of a law's term, with their standard deviations. @param bodies - that it acts on */
export function constantsOf(
  { spec, coefficients, covariance }: LawTerm,
  bodies: Bodies,
): ReportedConstant[] {
  return reportConstants(createTerm(spec, bodies), coefficients, covariance);
}
