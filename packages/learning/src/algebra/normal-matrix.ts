/** Numbers of a matrix above which its rows are taken block by block, so that a block stays in the nearest memory. */
const LARGE = 2 ** 15;
/** Rows of a block. */
const BLOCK = 48;

/**
 * Lower triangle of J'J and J' e over some rows of J, row after row; two columns by two at a time.
 *
 * @param jacobian - [rows x columns]
 * @param rows - which rows, in order; those left out are all 0
 * @param residuals - e, by the same numbers of rows
 * @param metric - [columns x columns], its lower triangle is overwritten
 * @param gradient - [columns], overwritten
 */
export function normalMatrix(
  jacobian: Float64Array,
  columns: number,
  rows: Int32Array,
  used: number,
  residuals: Float64Array,
  metric: Float64Array,
  gradient: Float64Array,
): void {
  const block = used * columns > LARGE ? BLOCK : used;
  metric.fill(0, 0, columns * columns);
  gradient.fill(0, 0, columns);
  for (let first = 0; first < used; first += block)
    addProducts(
      jacobian,
      columns,
      rows.subarray(first, Math.min(used, first + block)),
      residuals,
      metric,
      gradient,
    );
}

/** The sums go on where the rows before have left them. */
function addProducts(
  jacobian: Float64Array,
  columns: number,
  rows: Int32Array,
  residuals: Float64Array,
  metric: Float64Array,
  gradient: Float64Array,
): void {
  const used = rows.length;
  for (let i = 0; i < columns; i += 2) {
    // The last row of an odd number is made twice.
    const i1 = Math.min(i + 1, columns - 1);
    let g0 = gradient[i];
    let g1 = gradient[i1];
    for (let n = 0; n < used; n++) {
      const row = rows[n];
      const o = row * columns;
      const e = residuals[row];
      g0 += jacobian[o + i] * e;
      g1 += jacobian[o + i1] * e;
    }
    gradient[i] = g0;
    gradient[i1] = g1;
    for (let k = 0; k <= i; k += 2) {
      const k1 = Math.min(k + 1, columns - 1);
      let s00 = metric[i * columns + k];
      let s01 = metric[i * columns + k1];
      let s10 = metric[i1 * columns + k];
      let s11 = metric[i1 * columns + k1];
      for (let n = 0; n < used; n++) {
        const o = rows[n] * columns;
        const x = jacobian[o + i];
        const y = jacobian[o + i1];
        const p = jacobian[o + k];
        const q = jacobian[o + k1];
        s00 += x * p;
        s01 += x * q;
        s10 += y * p;
        s11 += y * q;
      }
      metric[i * columns + k] = s00;
      metric[i1 * columns + k] = s10;
      metric[i1 * columns + k1] = s11;
      if (k < i) metric[i * columns + k1] = s01;
    }
  }
}
