import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { NormalEquations } from "../engine/sensitivity.ts";

/** Keeps directions without data from failing the factorisation; relative to the largest diagonal element. */
const FLOOR = 1e-15;
/** A failed factorisation is tried again with the prior this much heavier. */
const HEAVIER = 30;
/** No heavier than this, relative to the largest diagonal element. */
const HEAVIEST = 1e6;

/**
 * Minimises the Gauss-Newton model of the loss plus weight x |c + dc|_R^2: solves (A + weight R) dc = -(g + weight R c).
 *
 * @param prior - R. [size x size]
 * @param coefficients - c, or null for c = 0. [size]
 * @param damping - multiplies the diagonal of A by 1 + damping
 * @returns dc, or null when no weight up to 1e6 x the metric makes the system positive definite
 */
export function solveWithPrior(
  { metric, gradient }: NormalEquations,
  prior: Float64Array,
  weight: number,
  coefficients: Float64Array | null,
  damping = 0,
): Float64Array | null {
  const size = gradient.length;
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, metric[i * size + i]);
  // Sensitivities that have grown beyond all bounds say nothing.
  const heaviest = HEAVIEST * largest;
  if (!(largest > 0) || !Number.isFinite(heaviest)) return null;
  const system = new Float64Array(size * size);
  for (let w = weight; w <= heaviest; w = w > 0 ? w * HEAVIER : 1e-12 * largest) {
    const step = new Float64Array(size);
    for (let k = 0; k < system.length; k++) system[k] = metric[k] + w * prior[k];
    for (let i = 0; i < size; i++) {
      const o = i * size + i;
      system[o] = system[o] + damping * metric[o] + FLOOR * largest;
      let b = -gradient[i];
      if (coefficients !== null)
        for (let k = 0; k < size; k++) b -= w * prior[i * size + k] * coefficients[k];
      step[i] = b;
    }
    if (choleskyFactor(system, size)) {
      choleskySolve(system, size, step);
      if (step.every(Number.isFinite)) return step;
    }
  }
  return null;
}
