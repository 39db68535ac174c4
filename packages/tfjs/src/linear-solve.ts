/** Pivots smaller than this share of the largest are roundoff of a matrix that came in float32. */
const SINGULAR = 1e-6;

/**
 * Solves A x = b by LU with row scaling and partial pivoting, in float64.
 *
 * @param a - [n x n] row-major, left alone
 * @param b - [n], overwritten by x
 * @returns false when A is singular to the precision it came in
 */
export function solveLinear(a: Float64Array, b: Float64Array, n: number): boolean {
  const m = a.slice();
  for (let i = 0; i < n; i++) {
    let largest = 0;
    for (let k = 0; k < n; k++) largest = Math.max(largest, Math.abs(m[i * n + k] as number));
    if (!(largest > 0) || !Number.isFinite(largest)) return false;
    for (let k = 0; k < n; k++) m[i * n + k] = (m[i * n + k] as number) / largest;
    b[i] = (b[i] as number) / largest;
  }
  for (let c = 0; c < n; c++) {
    let p = c;
    for (let i = c + 1; i < n; i++)
      if (Math.abs(m[i * n + c] as number) > Math.abs(m[p * n + c] as number)) p = i;
    const pivot = m[p * n + c] as number;
    if (!(Math.abs(pivot) > SINGULAR)) return false;
    if (p !== c) {
      for (let k = 0; k < n; k++) {
        const x = m[p * n + k] as number;
        m[p * n + k] = m[c * n + k] as number;
        m[c * n + k] = x;
      }
      const x = b[p] as number;
      b[p] = b[c] as number;
      b[c] = x;
    }
    for (let i = c + 1; i < n; i++) {
      const f = (m[i * n + c] as number) / pivot;
      if (f === 0) continue;
      for (let k = c; k < n; k++)
        m[i * n + k] = (m[i * n + k] as number) - f * (m[c * n + k] as number);
      b[i] = (b[i] as number) - f * (b[c] as number);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = b[i] as number;
    for (let k = i + 1; k < n; k++) s -= (m[i * n + k] as number) * (b[k] as number);
    b[i] = s / (m[i * n + i] as number);
  }
  return true;
}
