// Dense linear algebra. Twin of src/linear-algebra.ts.

/** Factors symmetric A = L L' in place (lower triangle); false when A is not positive definite. */
export function cholesky(a: usize, n: i32): bool {
  const row = <usize>n << 3;
  for (let j: usize = 0; j < <usize>n; j++) {
    const oj = a + j * row;
    let d = load<f64>(oj + (j << 3));
    for (let k: usize = 0; k < j; k++) {
      const l = load<f64>(oj + (k << 3));
      d -= l * l;
    }
    if (!(d > 0) || d == f64.POSITIVE_INFINITY) return false;
    const pivot = sqrt(d);
    const inverse = 1 / pivot;
    store<f64>(oj + (j << 3), pivot);
    for (let i = j + 1; i < <usize>n; i++) {
      const oi = a + i * row;
      let s = load<f64>(oi + (j << 3));
      for (let k: usize = 0; k < j; k++) s -= load<f64>(oi + (k << 3)) * load<f64>(oj + (k << 3));
      store<f64>(oi + (j << 3), s * inverse);
    }
  }
  return true;
}
