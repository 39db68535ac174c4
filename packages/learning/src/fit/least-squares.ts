import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { NormalEquations } from "../engine/sensitivity.ts";
import { addCurvePrior, curvePull, curveScale } from "../prior/curve-prior.ts";
import { lawScale } from "../prior/law-scale.ts";

/** Keeps directions without data from failing the factorisation; relative to the largest diagonal element, or to a plain number's own. */
const FLOOR = 1e-15;
/** A failed factorisation is tried again with the prior this much heavier. */
const HEAVIER = 30;
/** No heavier than this, relative to the largest diagonal element. */
const HEAVIEST = 1e6;

/**
 * Minimises the Gauss-Newton model of the loss plus weight x |c + dc|_R^2: solves (A + weight R) dc = -(g + weight R c).
 *
 * @param prior - R, of the coefficients that come first; what comes after them has priors where it is a curve, and none else. [coefficients x coefficients]
 * @param unknowns - c, or null for c = 0. [size]
 * @param damping - multiplies the diagonal of A by 1 + damping
 * @returns dc, or null when no weight up to 1e6 x the metric makes the system positive definite
 */
export function solveWithPrior(
  equations: Pick<NormalEquations, "metric" | "gradient" | "curves">,
  prior: Float64Array,
  weight: number,
  unknowns: Float64Array | null,
  damping = 0,
): Float64Array | null {
  const { metric, gradient, curves = [] } = equations;
  const size = gradient.length;
  const m = Math.sqrt(prior.length);
  const scale = lawScale(equations, { size: m });
  let largest = 0;
  for (let i = 0; i < m; i++) largest = Math.max(largest, metric[i * size + i]);
  // Sensitivities that have grown beyond all bounds say nothing.
  const heaviest = HEAVIEST * largest;
  if (!(largest > 0) || !Number.isFinite(heaviest)) return null;
  for (let w = weight; w <= heaviest; w = w > 0 ? w * HEAVIER : 1e-12 * largest) {
    const system = metric.slice();
    const step = gradient.map((g) => -g);
    for (let i = 0; i < m; i++)
      for (let k = 0; k < m; k++) {
        const p = w * prior[i * m + k];
        system[i * size + k] = system[i * size + k] + p;
        if (unknowns !== null) step[i] = step[i] - p * unknowns[k];
      }
    for (const curve of curves) {
      // As heavy beside its data as the law's prior is beside the law's.
      const own = (w / scale) * curveScale(equations, curve);
      addCurvePrior(curve, own, system);
      const pull = new Float64Array(size);
      if (unknowns !== null) curvePull(curve, unknowns, pull);
      for (let i = curve.first; i < curve.first + curve.size; i++)
        step[i] = step[i] - own * pull[i];
    }
    for (let i = 0; i < size; i++) {
      const o = i * size + i;
      const floor = FLOOR * (i < m || !(metric[o] > 0) ? largest : metric[o]);
      system[o] = system[o] + damping * metric[o] + floor;
    }
    if (choleskyFactor(system, size)) {
      choleskySolve(system, size, step);
      if (step.every(Number.isFinite)) return step;
    }
  }
  return null;
}
