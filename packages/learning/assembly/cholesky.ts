// Dense linear algebra. Twin of src/linear-algebra.ts.
import { mul, sub } from "./lanes";

/**
 * Factors symmetric A = L L' in place (lower triangle); false when A is not positive definite.
 *
 * Every element loses its products in the order of their columns, as in the twin, which takes them row by row.
 *
 * @param room - [n + 1]
 */
export function cholesky(a: usize, n: i32, room: usize): bool {
  return choleskyOf(a, n, <usize>n << 3, room);
}

/** The same of a block of a matrix. @param row - bytes of a row of that */
function choleskyOf(a: usize, n: i32, row: usize, room: usize): bool {
  for (let k: usize = 0; k < <usize>n; k++) {
    const o = k << 3;
    const d = load<f64>(a + k * row + o);
    if (!(d > 0) || d == f64.POSITIVE_INFINITY) return false;
    const pivot = sqrt(d);
    const inverse = 1 / pivot;
    store<f64>(a + k * row + o, pivot);
    for (let i = k + 1; i < <usize>n; i++) {
      const l = load<f64>(a + i * row + o) * inverse;
      store<f64>(a + i * row + o, l);
      store<f64>(room + (i << 3), l);
      const factor = f64x2.splat(l);
      let to = a + i * row + o + 8;
      let from = room + o + 8;
      const end = a + i * row + (i << 3);
      while (to < end) {
        v128.store(to, sub(v128.load(to), mul(factor, v128.load(from))));
        to += 16;
        from += 16;
      }
      if (to == end) store<f64>(to, load<f64>(to) - l * l);
    }
  }
  return true;
}

/** Columns that are taken off the others together. */
const PANEL: usize = 4;

/**
 * The same for many rows: a panel of columns is factored, then taken off the rest in one go, element by element in the order of the columns.
 *
 * @param room - 4 x (n + 2)
 */
export function choleskyByPanels(a: usize, n: i32, room: usize): bool {
  const row = <usize>n << 3;
  const size = <usize>n;
  const panel = (size + 2) << 3;
  let k: usize = 0;
  for (; k + PANEL <= size; k += PANEL) {
    const after = k + PANEL;
    for (let j = k; j < after; j++) {
      const own = room + (j - k) * panel;
      const d = load<f64>(a + j * row + (j << 3));
      if (!(d > 0) || d == f64.POSITIVE_INFINITY) return false;
      const pivot = sqrt(d);
      const inverse = 1 / pivot;
      store<f64>(a + j * row + (j << 3), pivot);
      for (let i = j + 1; i < size; i++) {
        const o = a + i * row;
        const l = load<f64>(o + (j << 3)) * inverse;
        store<f64>(o + (j << 3), l);
        store<f64>(own + (i << 3), l);
        const last = min(i + 1, after);
        for (let c = j + 1; c < last; c++)
          store<f64>(o + (c << 3), load<f64>(o + (c << 3)) - l * load<f64>(own + (c << 3)));
      }
    }
    for (let i = after; i < size; i++) {
      const from = room + (i << 3);
      const l0 = f64x2.splat(load<f64>(from));
      const l1 = f64x2.splat(load<f64>(from + panel));
      const l2 = f64x2.splat(load<f64>(from + 2 * panel));
      const l3 = f64x2.splat(load<f64>(from + 3 * panel));
      let to = a + i * row + (after << 3);
      let y = room + (after << 3);
      const end = a + i * row + (i << 3);
      // Two at a time; the one beyond the diagonal is never read.
      while (to <= end) {
        let x = v128.load(to);
        x = sub(x, mul(l0, v128.load(y)));
        x = sub(x, mul(l1, v128.load(y + panel)));
        x = sub(x, mul(l2, v128.load(y + 2 * panel)));
        x = sub(x, mul(l3, v128.load(y + 3 * panel)));
        v128.store(to, x);
        to += 16;
        y += 16;
      }
    }
  }
  if (k < size) return choleskyOf(a + k * (row + 8), <i32>(size - k), row, room);
  return true;
}

/** Solves L L' x = b in place of b. */
export function choleskySolve(l: usize, n: i32, b: usize): void {
  const row = <usize>n << 3;
  for (let i: usize = 0; i < <usize>n; i++) {
    const o = l + i * row;
    let s = load<f64>(b + (i << 3));
    for (let k: usize = 0; k < i; k++) s -= load<f64>(o + (k << 3)) * load<f64>(b + (k << 3));
    store<f64>(b + (i << 3), s / load<f64>(o + (i << 3)));
  }
  for (let i = n - 1; i >= 0; i--) {
    const o = l + <usize>i * row;
    const x = load<f64>(b + (<usize>i << 3)) / load<f64>(o + (<usize>i << 3));
    store<f64>(b + (<usize>i << 3), x);
    for (let k: usize = 0; k < <usize>i; k++)
      store<f64>(b + (k << 3), load<f64>(b + (k << 3)) - load<f64>(o + (k << 3)) * x);
  }
}
