// J'J and J' e, row after row. Twin of src/rollout/normal-matrix.ts.
import { add, mul } from "./lanes";

/** Bytes of a matrix above which its rows are taken block by block, so that a block stays in the nearest memory. */
const LARGE: usize = 1 << 18;
/** Rows of a block. */
const BLOCK: i32 = 48;

/**
 * Lower triangle of X'Y, 4 columns by 4 at a time, row after row.
 *
 * @param columns - a multiple of 4
 * @param left - X. [rows x columns]
 * @param right - Y. [rows x columns]
 * @param metric - [columns x columns], overwritten; some entries above the diagonal are written as well
 */
export function gram(left: usize, right: usize, columns: i32, rows: i32, metric: usize): void {
  const row = <usize>columns << 3;
  const block = <usize>rows * row > LARGE ? BLOCK : rows;
  addProducts(left, right, row, min(rows, block), metric, true);
  for (let n = block; n < rows; n += block) {
    const o = <usize>n * row;
    addProducts(left + o, right + o, row, min(rows - n, block), metric, false);
  }
}

/** The sums go on where the rows before have left them. */
function addProducts(
  left: usize,
  right: usize,
  row: usize,
  rows: i32,
  metric: usize,
  first: bool,
): void {
  const end = right + <usize>rows * row;
  for (let i: usize = 0; i < row; i += 32)
    for (let k: usize = 0; k <= i; k += 32) {
      let o = metric + (i >> 3) * row + k;
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      if (!first) {
        a0 = v128.load(o);
        a1 = v128.load(o, 16);
        b0 = v128.load(o + row);
        b1 = v128.load(o + row, 16);
        c0 = v128.load(o + 2 * row);
        c1 = v128.load(o + 2 * row, 16);
        d0 = v128.load(o + 3 * row);
        d1 = v128.load(o + 3 * row, 16);
      }
      let x = left + i;
      for (let y = right + k; y < end; y += row) {
        const p = v128.load(y);
        const q = v128.load(y, 16);
        const a = v128.load64_splat(x);
        a0 = add(a0, mul(a, p));
        a1 = add(a1, mul(a, q));
        const b = v128.load64_splat(x, 8);
        b0 = add(b0, mul(b, p));
        b1 = add(b1, mul(b, q));
        const c = v128.load64_splat(x, 16);
        c0 = add(c0, mul(c, p));
        c1 = add(c1, mul(c, q));
        const d = v128.load64_splat(x, 24);
        d0 = add(d0, mul(d, p));
        d1 = add(d1, mul(d, q));
        x += row;
      }
      v128.store(o, a0);
      v128.store(o, a1, 16);
      o += row;
      v128.store(o, b0);
      v128.store(o, b1, 16);
      o += row;
      v128.store(o, c0);
      v128.store(o, c1, 16);
      o += row;
      v128.store(o, d0);
      v128.store(o, d1, 16);
    }
}

/** J'J and J' e. */
export function normalMatrix(
  jacobian: usize,
  columns: i32,
  rows: i32,
  residuals: usize,
  metric: usize,
  gradient: usize,
): void {
  gram(jacobian, jacobian, columns, rows, metric);
  const row = <usize>columns << 3;
  for (let i: usize = 0; i < row; i += 32) {
    let a = f64x2.splat(0);
    let b = a;
    let x = jacobian + i;
    for (let n: usize = 0; n < <usize>rows; n++) {
      const e = v128.load64_splat(residuals + (n << 3));
      a = add(a, mul(v128.load(x), e));
      b = add(b, mul(v128.load(x, 16), e));
      x += row;
    }
    v128.store(gradient + i, a);
    v128.store(gradient + i, b, 16);
  }
}
