/** Least squares with few columns, thousands of times: by modified Gram and Schmidt, done twice. */

export interface Fitted {
  /** [columns] */
  readonly coefficients: Float64Array;
  readonly chiSquared: number;
  /** [rows] */
  readonly residual: Float64Array;
}

/** A column of which so small a share is not told by those before it says nothing of its own. */
const DEPENDENT = 1e-12;

/** Columns times coefficients nearest to y; null where the columns are not independent. @param columns - [rows] each */
export function leastSquares(columns: readonly Float64Array[], y: Float64Array): Fitted | null {
  const m = y.length;
  const n = columns.length;
  const orthogonal: Float64Array[] = [];
  const triangle = new Float64Array(n * n);
  const scales = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const q = columns[j].slice();
    const scale = Math.sqrt(dot(q, q));
    if (!(scale > 0) || !Number.isFinite(scale)) return null;
    scales[j] = scale;
    for (let i = 0; i < m; i++) q[i] = q[i] / scale;
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < j; k++) {
        const d = dot(orthogonal[k], q);
        triangle[k * n + j] = triangle[k * n + j] + d;
        addTo(q, -d, orthogonal[k]);
      }
    const left = Math.sqrt(dot(q, q));
    if (!(left > DEPENDENT)) return null;
    triangle[j * n + j] = left;
    for (let i = 0; i < m; i++) q[i] = q[i] / left;
    orthogonal.push(q);
  }
  const residual = y.slice();
  const coefficients = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const d = dot(orthogonal[j], residual);
    coefficients[j] = d;
    addTo(residual, -d, orthogonal[j]);
  }
  for (let j = n - 1; j >= 0; j--) {
    let s = coefficients[j];
    for (let k = j + 1; k < n; k++) s -= triangle[j * n + k] * coefficients[k];
    coefficients[j] = s / triangle[j * n + j];
  }
  for (let j = 0; j < n; j++) coefficients[j] = coefficients[j] / scales[j];
  return { coefficients, chiSquared: dot(residual, residual), residual };
}

/** A pivot of so small a share of its column's square is lost in roundoff. */
const LOST = 1e-14;

/** What no fit of the columns leaves more than, by normal equations: quick, for grids. Infinity where they are not independent. */
export function quickChiSquared(columns: readonly Float64Array[], y: Float64Array): number {
  const n = columns.length;
  const a = new Float64Array(n * n);
  const b = new Float64Array(n);
  let left = dot(y, y);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) a[j * n + k] = dot(columns[j], columns[k]);
    const whole = a[j * n + j];
    for (let k = 0; k <= j; k++) {
      let s = a[j * n + k];
      for (let i = 0; i < k; i++) s -= a[j * n + i] * a[k * n + i];
      if (k < j) a[j * n + k] = s / a[k * n + k];
      else if (s > LOST * whole) a[j * n + j] = Math.sqrt(s);
      else return Number.POSITIVE_INFINITY;
    }
    let z = dot(columns[j], y);
    for (let i = 0; i < j; i++) z -= a[j * n + i] * b[i];
    z /= a[j * n + j];
    b[j] = z;
    left -= z * z;
  }
  return Math.max(0, left);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}

function addTo(out: Float64Array, share: number, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = out[i] + share * x[i];
}
