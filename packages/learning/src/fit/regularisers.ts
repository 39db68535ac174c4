import type { SplineBasis } from "@mclnn/models/parts";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import { bestPosterior, penalty } from "../prior/evidence.ts";
import { lawScale } from "../prior/law-scale.ts";
import type { Roughness } from "../prior/law-system.ts";
import { roughness as roughnessOf } from "../prior/roughness.ts";
import type { Regulariser } from "./gauss-newton.ts";
import { solveWithPrior } from "./least-squares.ts";

/** R of the roughness that steps are held back by, at some unknowns. */
export type RoughnessAt = (unknowns: Float64Array) => Float64Array;

/** The same everywhere, or relative to the local size of V': for laws that span decades. */
export function roughnessAt(basis: SplineBasis, relative: boolean): RoughnessAt {
  const plain = roughnessOf(basis);
  return relative ? (c) => roughnessOf(basis, c) : () => plain;
}

/** A prior of each of these weights: absolute ones, or factors of the weight that was best before. */
export function weights(
  basis: SplineBasis,
  roughness: RoughnessAt,
  { factors, of }: { factors: readonly number[]; of: "metric" | "weight before" },
): Regulariser {
  return function* (equations, unknowns, strength) {
    const scale = lawScale(equations, basis);
    const smooth = roughness(unknowns);
    for (const factor of factors) {
      const weight = factor * (of === "metric" ? scale : strength.weight * scale);
      const step = solveWithPrior(equations, smooth, weight, unknowns);
      if (step !== null) yield { step, strength: { weight: weight / scale, damping: 0 } };
    }
  };
}

/** Damping of the diagonal: none at first, or a tenth of what was needed before, more and more. */
const DAMPING = { attempts: 8, first: 1e-4, more: 10, less: 0.1, none: 1e-7 };

/** Levenberg-Marquardt under a prior whose weight stays; damped steps leave it out. */
export function damped(basis: SplineBasis, roughness: RoughnessAt): Regulariser {
  return function* (equations, unknowns, { weight, damping }) {
    const smooth = roughness(unknowns);
    const own = weight * lawScale(equations, basis);
    let now = damping;
    for (let attempt = 0; attempt < DAMPING.attempts; attempt++) {
      const step = solveWithPrior(equations, smooth, own, now > 0 ? null : unknowns, now);
      if (step === null) return;
      yield { step, strength: { weight, damping: now < DAMPING.none ? 0 : now * DAMPING.less } };
      now = now === 0 ? DAMPING.first : now * DAMPING.more;
    }
  };
}

/** Damping of unknowns beside the law: it changes eightfold with each attempt. */
const BESIDE = { attempts: 7, factor: 8, least: 1e-12, share: 1e-3, prior: 1e-10, floor: 1e-14 };

/** Levenberg-Marquardt on unknowns beside the law alone: the law is linear once they are known. */
export function dampedBeside(basis: SplineBasis): Regulariser {
  const smooth = roughnessOf(basis);
  const m = basis.size;
  return function* (equations, unknowns, { weight, damping }) {
    const size = unknowns.length;
    const scale = lawScale(equations, basis);
    let now = damping;
    for (let attempt = 0; attempt < BESIDE.attempts; attempt++, now *= BESIDE.factor) {
      const metric = equations.metric.slice();
      for (let i = 0; i < size; i++) {
        const o = i * size + i;
        metric[o] += i < m ? BESIDE.floor * scale : now * (metric[o] + BESIDE.share * scale);
      }
      const step = solveWithPrior({ ...equations, metric }, smooth, BESIDE.prior * scale, unknowns);
      const less = Math.max(BESIDE.least, now / BESIDE.factor);
      if (step !== null) yield { step, strength: { weight, damping: less } };
    }
  };
}

/** A prior whose weights are those of highest evidence. @param mostVariance - noise variance that the data cannot exceed */
export function byEvidence(
  basis: SplineBasis,
  roughness: Roughness,
  mostVariance?: number,
): Regulariser {
  return function* (equations, unknowns, strength) {
    const posterior = bestPosterior(equations, unknowns, basis, roughness, mostVariance);
    if (posterior === null) return;
    const { step, weights: own } = posterior;
    yield { step, strength, penalty: (c) => penalty(own, roughness, c, basis, equations) };
  };
}

/** The law stays as it is, and start states follow their own residuals. */
export const lawStays: Regulariser = function* ({ gradient }, _, strength) {
  yield { step: new Float64Array(gradient.length), strength };
};

/** Nothing holds the step back: for unknowns that the records determine. */
export const plainly: Regulariser = function* ({ metric, gradient }, _, strength) {
  const n = gradient.length;
  const scale = Float64Array.from({ length: n }, (_each, i) => Math.sqrt(metric[i * n + i]) || 1);
  const factor = metric.map((x, o) => x / (scale[Math.floor(o / n)] * scale[o % n]));
  for (let i = 0; i < n; i++) factor[i * n + i] += 1e-14;
  if (!choleskyFactor(factor, n)) return;
  const step = choleskySolve(
    factor,
    n,
    gradient.map((g, i) => -g / scale[i]),
  );
  yield { step: step.map((x, i) => x / scale[i]), strength };
};
