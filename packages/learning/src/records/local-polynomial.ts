import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";

/** The first m Chebyshev polynomials at x. */
export function chebyshev(x: number, m: number): Float64Array {
  const out = new Float64Array(m);
  out[0] = 1;
  if (m > 1) out[1] = x;
  for (let k = 2; k < m; k++) out[k] = 2 * x * out[k - 1] - out[k - 2];
  return out;
}

/** The matrix from values at these times to what a least-squares polynomial leaves of them; null where times do not determine it. [times x times] */
export function residualMaker(times: Float64Array, degree: number): Float64Array | null {
  const window = times.length;
  const m = degree + 1;
  const t0 = times[0];
  const t1 = times[window - 1];
  const rows = Array.from(times, (t) => chebyshev((2 * t - t0 - t1) / (t1 - t0), m));
  const gram = new Float64Array(m * m);
  for (const row of rows)
    for (let a = 0; a < m; a++)
      for (let b = 0; b <= a; b++) gram[a * m + b] = gram[a * m + b] + row[a] * row[b];
  if (!choleskyFactor(gram, m)) return null;
  const hat = new Float64Array(window * window);
  rows.forEach((row, a) => {
    const solved = choleskySolve(gram, m, row.slice());
    rows.forEach((other, b) => {
      let s = 0;
      for (let k = 0; k < m; k++) s += solved[k] * other[k];
      hat[a * window + b] = (a === b ? 1 : 0) - s;
    });
  });
  return hat;
}
