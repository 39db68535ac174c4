import { exponential } from "./exponential.ts";

// Numbers go in and come out through arrays: where V8 hands them from function to function it allocates.

/** Beyond, 1/exp(x) is lost beside exp(x), which may itself be no number where half of it is. */
const LARGE = 40;

/** sinh(x) and cosh(x) of x at `from`, to `to` and the place after it. */
export function hyperbolic(values: Float64Array, to: number, from: number): void {
  const x = values[from];
  const size = Math.abs(x);
  if (size > LARGE) {
    values[to] = 0.5 * size;
    exponential(values, to, to);
    const root = values[to];
    const half = 0.5 * root * root;
    values[to] = x < 0 ? -half : half;
    values[to + 1] = half;
    return;
  }
  values[to + 1] = size;
  exponential(values, to + 1, to + 1);
  const e = values[to + 1];
  values[to + 1] = 0.5 * (e + 1 / e);
  if (size > 1) {
    const half = 0.5 * (e - 1 / e);
    values[to] = x < 0 ? -half : half;
    return;
  }
  // The series, since e and 1/e are nearly the same.
  const z = x * x;
  let s = 1 + z / 342;
  s = 1 + (z / 272) * s;
  s = 1 + (z / 210) * s;
  s = 1 + (z / 156) * s;
  s = 1 + (z / 110) * s;
  s = 1 + (z / 72) * s;
  s = 1 + (z / 42) * s;
  s = 1 + (z / 20) * s;
  values[to] = x + x * (z / 6) * s;
}

/** tanh(x) of x at `from`, to `to`; the place after it is overwritten too. */
export function hyperbolicTangent(values: Float64Array, to: number, from: number): void {
  const x = values[from];
  if (Math.abs(x) > LARGE) {
    values[to] = x < 0 ? -1 : 1;
    return;
  }
  hyperbolic(values, to, from);
  values[to] = values[to] / values[to + 1];
}
