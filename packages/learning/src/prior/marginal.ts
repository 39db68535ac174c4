import { choleskyFactor } from "../algebra/linear-algebra.ts";
import type { Posterior } from "./evidence.ts";

/**
 * What is known of some neighbouring unknowns when the others are left open: the lower Cholesky factor of their precision over the variance, which is the
 * Schur complement of the others. Null where these are not determined.
 *
 * @param factor - of the precision of all. [size x size]
 * @returns [n x n]
 */
export function marginalFactor(
  factor: Float64Array,
  first: number,
  n: number,
): Float64Array | null {
  const size = Math.sqrt(factor.length);
  if (n === size) return factor;
  // With the others first, the last block of the factor is that of the Schur complement.
  const order = Int32Array.from({ length: size }, (_, k) =>
    k < size - n ? (k < first ? k : k + n) : first + k - (size - n),
  );
  const precision = new Float64Array(size * size);
  for (let a = 0; a < size; a++)
    for (let b = 0; b <= a; b++) {
      const i = order[a];
      const k = order[b];
      let s = 0;
      for (let j = 0; j <= Math.min(i, k); j++) s += factor[i * size + j] * factor[k * size + j];
      precision[a * size + b] = s;
    }
  if (!choleskyFactor(precision, size)) return null;
  const out = new Float64Array(n * n);
  const o = size - n;
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) out[i * n + k] = precision[(o + i) * size + o + k];
  return out;
}

/** Covariance of n neighbouring unknowns from `first` on, the others left open; null where it is not finite. [n x n] */
export function covarianceOf(
  { factor, variance }: Pick<Posterior, "factor" | "variance">,
  first: number,
  n: number,
): Float64Array | null {
  const size = Math.sqrt(factor.length);
  /** Columns of the factor's inverse; nothing lies above their diagonal. [n x size] */
  const columns = new Float64Array(n * size);
  for (let k = 0; k < n; k++) {
    const o = k * size;
    columns[o + first + k] = 1 / factor[(first + k) * (size + 1)];
    for (let i = first + k + 1; i < size; i++) {
      let s = 0;
      for (let j = first + k; j < i; j++) s -= factor[i * size + j] * columns[o + j];
      columns[o + i] = s / factor[i * size + i];
    }
  }
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) {
      let s = 0;
      for (let j = first + i; j < size; j++) s += columns[i * size + j] * columns[k * size + j];
      if (!Number.isFinite(s)) return null;
      out[i * n + k] = variance * s;
      out[k * n + i] = variance * s;
    }
  return out;
}

/** Inverse of a lower triangular matrix; what is above the diagonal is left alone. */
export function lowerInverse(lower: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    out[k * n + k] = 1 / lower[k * n + k];
    for (let i = k + 1; i < n; i++) {
      let s = 0;
      for (let j = k; j < i; j++) s -= lower[i * n + j] * out[j * n + k];
      out[i * n + k] = s / lower[i * n + i];
    }
  }
  return out;
}
