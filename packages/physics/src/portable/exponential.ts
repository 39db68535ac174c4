import { exponentOf, scaled } from "./binary.ts";

// Numbers go in and come out through arrays: where V8 hands them from function to function it allocates.

/** ln 2; the first part has so few bits that whole multiples of it are exact. */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;

/** log(x) of x at `from`, to `to`. NaN below 0, -Infinity at 0. */
export function logarithm(values: Float64Array, to: number, from: number): void {
  const x = values[from];
  if (!(x > 0)) {
    values[to] = x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
    return;
  }
  if (x === Number.POSITIVE_INFINITY) {
    values[to] = x;
    return;
  }
  let n = exponentOf(x);
  let m = scaled(x, -n);
  if (m > Math.SQRT2) {
    m *= 0.5;
    n++;
  }
  // fdlibm's e_log: f = m - 1, log(1 + f) = f - hfsq + s (hfsq + R).
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let r = 0.14798198605116586;
  r = r * z + 0.15313837699209373;
  r = r * z + 0.1818357216161805;
  r = r * z + 0.22222198432149784;
  r = r * z + 0.2857142874366239;
  r = r * z + 0.3999999999940942;
  r = r * z + 0.6666666666666735;
  r *= z;
  const half = 0.5 * f * f;
  values[to] = n * LN2_HIGH - (half - (s * (half + r) + n * LN2_LOW) - f);
}

/** exp(x) of x at `from`, to `to`. */
export function exponential(values: Float64Array, to: number, from: number): void {
  const x = values[from];
  if (!(x <= 709.782712893384)) values[to] = Number.isNaN(x) ? x : Number.POSITIVE_INFINITY;
  else if (x < -745.1332191019411) values[to] = 0;
  else {
    const n = Math.round(x * Math.LOG2E);
    const high = x - n * LN2_HIGH;
    const low = n * LN2_LOW;
    const r = high - low;
    // fdlibm's e_exp.
    const t = r * r;
    let c = 4.1381367970572385e-8;
    c = c * t - 0.0000016533902205465252;
    c = c * t + 0.00006613756321437934;
    c = c * t - 0.0027777777777015593;
    c = c * t + 0.16666666666666602;
    c = r - c * t;
    values[to] = scaled(1 - (low - (r * c) / (2 - c) - high), n);
  }
}
