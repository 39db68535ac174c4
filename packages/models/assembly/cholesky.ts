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
  const row = <usize>n << 3;
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
