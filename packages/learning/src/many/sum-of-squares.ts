import type { SplineBasis } from "@mclnn/models/parts";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";

/** Normal equations added up interval by interval: J itself is never kept. */
export interface SumOfSquares {
  readonly size: number;
  /** J'J, lower triangle. [size x size] */
  readonly metric: Float64Array;
  /** J' residuals. [size] */
  readonly gradient: Float64Array;
  /** Of all residuals, and of those of positions. */
  sum: number;
  residualSquares: number;
  rows: number;
}

export const noSquares = (size: number): SumOfSquares => ({
  size,
  metric: new Float64Array(size * size),
  gradient: new Float64Array(size),
  sum: 0,
  residualSquares: 0,
  rows: 0,
});

/** Adds residuals y = J c of some weight, three rows (a particle's) at a time. @param jacobian - [rows x size] @returns sum of y^2 */
export function addRows(
  sums: SumOfSquares,
  jacobian: Float64Array,
  residuals: Float64Array,
  weight: number,
): number {
  const { size, metric, gradient } = sums;
  const square = weight * weight;
  let squares = 0;
  for (let row = 0; row < residuals.length; row += 3) {
    const [p, q, r] = [row * size, (row + 1) * size, (row + 2) * size];
    const [x, y, z] = [residuals[row], residuals[row + 1], residuals[row + 2]];
    squares += x * x + y * y + z * z;
    for (let a = 0; a < size; a++) {
      const ja = square * jacobian[p + a];
      const ka = square * jacobian[q + a];
      const la = square * jacobian[r + a];
      if (ja === 0 && ka === 0 && la === 0) continue;
      gradient[a] += ja * x + ka * y + la * z;
      const o = a * size;
      for (let b = 0; b <= a; b++)
        metric[o + b] += ja * jacobian[p + b] + ka * jacobian[q + b] + la * jacobian[r + b];
    }
  }
  sums.sum += square * squares;
  return squares;
}

/** Third differences of neighbouring coefficients. */
const DIFFERENCES = [-1, 3, -3, 1];
/** How a prior that is too weak for factorisation grows. */
const STRONGER = 30;

/** Where the sum of squares is least, under a weak prior on third differences of each law's coefficients. */
export interface Least {
  readonly step: Float64Array;
  /** Cholesky factor of metric and prior. [size x size] */
  readonly factor: Float64Array;
}

/** @param prior - relative to the mean diagonal @returns null where nothing can be solved */
export function leastSquares(sums: SumOfSquares, basis: SplineBasis, prior: number): Least | null {
  const { size, metric, gradient } = sums;
  let trace = 0;
  for (let a = 0; a < basis.size; a++) trace += metric[a * size + a];
  if (!(trace > 0) || !Number.isFinite(trace)) return null;
  for (let weight = (prior * trace) / basis.size; weight < trace; weight *= STRONGER) {
    const factor = metric.slice();
    for (const { first, size: own } of basis.clusters)
      for (let k = first; k + 3 < first + own; k++)
        for (let i = 0; i < 4; i++)
          for (let j = 0; j <= i; j++)
            factor[(k + i) * size + k + j] += weight * DIFFERENCES[i] * DIFFERENCES[j];
    const scale = Float64Array.from({ length: size }, (_, a) => {
      const own = factor[a * size + a];
      return own > 0 ? 1 / Math.sqrt(own) : 1;
    });
    for (let a = 0; a < size; a++)
      for (let b = 0; b <= a; b++) factor[a * size + b] *= scale[a] * scale[b];
    // Directions that neither data nor prior fix.
    for (let a = 0; a < size; a++) factor[a * size + a] += 1e-15;
    if (!choleskyFactor(factor, size)) continue;
    const step = choleskySolve(
      factor,
      size,
      gradient.map((g, a) => g * scale[a]),
    ).map((s, a) => s * scale[a]);
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++)
        factor[a * size + b] = b > a ? 0 : factor[a * size + b] / scale[a];
    return { step, factor };
  }
  return null;
}

/** Sum of squares that a step leaves. */
export function squaresAfter(
  { size, metric, gradient, sum }: SumOfSquares,
  step: Float64Array,
): number {
  let left = sum;
  for (let a = 0; a < size; a++) {
    left += step[a] * (metric[a * size + a] * step[a] - 2 * gradient[a]);
    for (let b = 0; b < a; b++) left += 2 * step[a] * step[b] * metric[a * size + b];
  }
  return Math.max(0, left);
}

/** The metric with both triangles. */
export function wholeMetric({ size, metric }: SumOfSquares): Float64Array {
  const out = metric.slice();
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) out[b * size + a] = out[a * size + b];
  return out;
}
