// Products of weights with blocks of samples [neurons x 16 samples]. No sum is reordered: neurons in their order, samples in theirs.
import { add, mul } from "../lanes";

/** Samples of a block, and bytes of them. */
export const SAMPLES: i32 = 16;
export const BLOCK: usize = 128;

/**
 * Z = W X, plus biases: Z[j][s] = b[j] + sum over k of W[j][k] X[k][s].
 *
 * @param biases - or 0
 */
export function forwards(rows: i32, columns: i32, w: usize, biases: usize, x: usize, z: usize): void {
  const row = <usize>columns << 3;
  for (let j = 0; j < rows; j += 4) {
    // Rows beyond the last one are made again.
    const j1 = min(j + 1, rows - 1);
    const j2 = min(j + 2, rows - 1);
    const j3 = min(j + 3, rows - 1);
    for (let s: usize = 0; s < BLOCK; s += 32) {
      let a0 = f64x2.splat(0);
      let b0 = a0;
      let c0 = a0;
      let d0 = a0;
      if (biases != 0) {
        a0 = v128.load64_splat(biases + (<usize>j << 3));
        b0 = v128.load64_splat(biases + (<usize>j1 << 3));
        c0 = v128.load64_splat(biases + (<usize>j2 << 3));
        d0 = v128.load64_splat(biases + (<usize>j3 << 3));
      }
      let a1 = a0;
      let b1 = b0;
      let c1 = c0;
      let d1 = d0;
      let wa = w + <usize>j * row;
      let wb = w + <usize>j1 * row;
      let wc = w + <usize>j2 * row;
      let wd = w + <usize>j3 * row;
      let from = x + s;
      const end = wa + row;
      while (wa < end) {
        const p = v128.load(from);
        const q = v128.load(from, 16);
        const a = v128.load64_splat(wa);
        a0 = add(a0, mul(a, p));
        a1 = add(a1, mul(a, q));
        const b = v128.load64_splat(wb);
        b0 = add(b0, mul(b, p));
        b1 = add(b1, mul(b, q));
        const c = v128.load64_splat(wc);
        c0 = add(c0, mul(c, p));
        c1 = add(c1, mul(c, q));
        const d = v128.load64_splat(wd);
        d0 = add(d0, mul(d, p));
        d1 = add(d1, mul(d, q));
        wa += 8;
        wb += 8;
        wc += 8;
        wd += 8;
        from += BLOCK;
      }
      const to = z + s;
      v128.store(to + <usize>j * BLOCK, a0);
      v128.store(to + <usize>j * BLOCK, a1, 16);
      v128.store(to + <usize>j1 * BLOCK, b0);
      v128.store(to + <usize>j1 * BLOCK, b1, 16);
      v128.store(to + <usize>j2 * BLOCK, c0);
      v128.store(to + <usize>j2 * BLOCK, c1, 16);
      v128.store(to + <usize>j3 * BLOCK, d0);
      v128.store(to + <usize>j3 * BLOCK, d1, 16);
    }
  }
}

/** W', so that products with it run along its rows too. @param w - [rows x columns] @param out - [columns x rows] */
export function turn(rows: i32, columns: i32, w: usize, out: usize): void {
  const row = <usize>rows << 3;
  for (let j: usize = 0; j < <usize>rows; j++)
    for (let k: usize = 0; k < <usize>columns; k++) {
      store<f64>(out + k * row + (j << 3), load<f64>(w));
      w += 8;
    }
}

/** Samples as rows. @param x - [neurons x 16] @param padded - neurons, a multiple of 4: those beyond stay as they are @param out - [16 x padded] */
export function transpose(neurons: i32, padded: i32, x: usize, out: usize): void {
  const row = <usize>padded << 3;
  for (let k: usize = 0; k < <usize>neurons; k++) {
    let to = out + (k << 3);
    for (let s: usize = 0; s < BLOCK; s += 16) {
      const v = v128.load(x + s);
      v128.store64_lane(to, v, 0);
      v128.store64_lane(to + row, v, 1);
      to += 2 * row;
    }
    x += BLOCK;
  }
}

// @ts-ignore: decorator
@inline
function both(d: usize, e: usize, p: v128, q: v128): v128 {
  return add(mul(v128.load64_splat(d), p), mul(v128.load64_splat(e), q));
}

/**
 * G[j][k] += sum over samples of (D[j][s] P[s][k] + E[j][s] Q[s][k]), sample after sample.
 *
 * @param columns - a multiple of 4
 * @param p - [16 x columns] @param q - [16 x columns]
 * @param g - [rows x columns]
 */
export function outer(
  rows: i32,
  columns: i32,
  live: i32,
  d: usize,
  e: usize,
  p: usize,
  q: usize,
  g: usize,
): void {
  const row = <usize>columns << 3;
  // A few rows at a time, so that what they are multiplied with stays near.
  for (let begin = 0; begin < rows; begin += ROWS) {
    const end = min(begin + ROWS, rows);
    for (let k: usize = 0; k < row; k += 32)
      for (let j = begin; j < end; j += 2) {
        const dj = d + <usize>j * BLOCK;
        const ej = e + <usize>j * BLOCK;
        const to = g + <usize>j * row + k;
        // The last row of an odd number is made alone.
        if (j + 1 < end) twoRows(live, row, dj, ej, p + k, q + k, to);
        else oneRow(live, row, dj, ej, p + k, q + k, to);
      }
  }
}

const ROWS: i32 = 16;

// @ts-ignore: decorator
@inline
function twoRows(live: i32, row: usize, d: usize, e: usize, p: usize, q: usize, to: usize): void {
  const to1 = to + row;
  let a0 = v128.load(to);
  let a1 = v128.load(to, 16);
  let b0 = v128.load(to1);
  let b1 = v128.load(to1, 16);
  for (let s: usize = 0; s < <usize>live << 3; s += 8) {
    const x = v128.load(p);
    const y = v128.load(q);
    const x1 = v128.load(p, 16);
    const y1 = v128.load(q, 16);
    a0 = add(a0, both(d + s, e + s, x, y));
    a1 = add(a1, both(d + s, e + s, x1, y1));
    b0 = add(b0, both(d + BLOCK + s, e + BLOCK + s, x, y));
    b1 = add(b1, both(d + BLOCK + s, e + BLOCK + s, x1, y1));
    p += row;
    q += row;
  }
  v128.store(to, a0);
  v128.store(to, a1, 16);
  v128.store(to1, b0);
  v128.store(to1, b1, 16);
}

// @ts-ignore: decorator
@inline
function oneRow(live: i32, row: usize, d: usize, e: usize, p: usize, q: usize, to: usize): void {
  let a0 = v128.load(to);
  let a1 = v128.load(to, 16);
  for (let s: usize = 0; s < <usize>live << 3; s += 8) {
    a0 = add(a0, both(d + s, e + s, v128.load(p), v128.load(q)));
    a1 = add(a1, both(d + s, e + s, v128.load(p, 16), v128.load(q, 16)));
    p += row;
    q += row;
  }
  v128.store(to, a0);
  v128.store(to, a1, 16);
}
