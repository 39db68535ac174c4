/** Dense linear algebra on row-major Float64Arrays, as small as least squares here needs. No sum is reordered. */

import { choleskyByKernel } from "../wasm/dense-module.ts";

/** Rows from which a kernel gains more than its call costs. */
const LARGE = 32;

/** Factors symmetric A = L L' in place (lower triangle); false when A is not positive definite. @param a - [n x n] */
export function choleskyFactor(a: Float64Array, n: number): boolean {
  if (n >= LARGE) {
    const definite = choleskyByKernel(a, n);
    if (definite !== null) return definite;
  }
  for (let j = 0; j < n; j++) {
    const oj = j * n;
    let d = a[oj + j];
    for (let k = 0; k < j; k++) {
      const l = a[oj + k];
      d -= l * l;
    }
    if (!(d > 0) || d === Number.POSITIVE_INFINITY) return false;
    const pivot = Math.sqrt(d);
    const inverse = 1 / pivot;
    a[oj + j] = pivot;
    for (let i = j + 1; i < n; i++) {
      const oi = i * n;
      let s = a[oi + j];
      for (let k = 0; k < j; k++) s -= a[oi + k] * a[oj + k];
      a[oi + j] = s * inverse;
    }
  }
  return true;
}

/** L^-1 b in place. @param l - lower triangle [n x n] @param b - [n] */
export function forward(l: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    const o = i * n;
    let s = b[i];
    for (let k = 0; k < i; k++) s -= l[o + k] * b[k];
    b[i] = s / l[o + i];
  }
  return b;
}

/** L'^-1 b in place. @param l - lower triangle [n x n] @param b - [n] */
export function backward(l: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i] / l[i * n + i];
    b[i] = x;
    const o = i * n;
    for (let k = 0; k < i; k++) b[k] = b[k] - l[o + k] * x;
  }
  return b;
}

/** Solves L L' x = b in place of b. @param l - [n x n] from {@link choleskyFactor} @param b - [n] */
export function choleskySolve(l: Float64Array, n: number, b: Float64Array): Float64Array {
  return backward(l, n, forward(l, n, b));
}

/** A x. @param a - [n x n] @param x - [n] */
export function matrixVector(a: Float64Array, x: Float64Array, n: number): Float64Array {
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const o = i * n;
    let s = 0;
    for (let k = 0; k < n; k++) s += a[o + k] * x[k];
    y[i] = s;
  }
  return y;
}

/** Inverse by Gauss-Jordan with row pivots; null when singular to working precision. @param a - [n x n], left alone */
export function inverse(a: Float64Array, n: number): Float64Array | null {
  const x = a.slice();
  const y = new Float64Array(n * n);
  for (let i = 0; i < n; i++) y[i * n + i] = 1;
  for (let c = 0; c < n; c++) {
    let p = c;
    for (let i = c + 1; i < n; i++) if (Math.abs(x[i * n + c]) > Math.abs(x[p * n + c])) p = i;
    const pivot = x[p * n + c];
    if (!(Math.abs(pivot) > 0)) return null;
    for (let k = 0; k < n; k++) {
      const xp = x[p * n + k];
      const yp = y[p * n + k];
      x[p * n + k] = x[c * n + k];
      y[p * n + k] = y[c * n + k];
      x[c * n + k] = xp / pivot;
      y[c * n + k] = yp / pivot;
    }
    for (let i = 0; i < n; i++) {
      const f = x[i * n + c];
      if (i === c || f === 0) continue;
      for (let k = 0; k < n; k++) {
        x[i * n + k] = x[i * n + k] - f * x[c * n + k];
        y[i * n + k] = y[i * n + k] - f * y[c * n + k];
      }
    }
  }
  return y;
}

/** Mean of the diagonal: the scale of a symmetric matrix. */
export function diagonalMean(a: Float64Array, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += a[i * n + i];
  return s / n;
}
