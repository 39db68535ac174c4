import { exponentOf, scaled } from "./binary.ts";
import { LN2_HIGH, LN2_LOW } from "./exponential.ts";

/** Whole exponents up to here by repeated products. */
const WHOLE = 1024;
/** 2^27 + 1: splits a number into two of 26 bits, whose products are exact (Dekker, Numer. Math. 18 (1971) 224). */
const SPLIT = 134217729;
/** What rounding took from 2/3. */
const TWO_THIRDS_LOW = 3.700743415417188e-17;

/**
 * x^n of x at `from` and n at `from + 1`, to `to`.
 *
 * By products for whole n up to 1024. Else exp(n log x) with log x to 64 bits or more: n log x may be 700, and so is what its
 * error grows by. NaN where x is below 0 and n is not whole.
 */
export function power(values: Float64Array, to: number, from: number): void {
  const base = values[from];
  const n = values[from + 1];
  const whole = n === Math.round(n);
  if (whole && Math.abs(n) <= WHOLE) {
    wholePower(values, to, from);
    return;
  }
  const x = Math.abs(base);
  const negative = base < 0 && n % 2 !== 0;
  if (!(x > 0 && x < Number.POSITIVE_INFINITY) || !Number.isFinite(n) || (base < 0 && !whole)) {
    values[to] = limit(base, n, whole);
    return;
  }

  // With x = m 2^k: log m = 2 s + 2/3 s^3 + 2/5 s^5 + ..., with s = (m - 1) / (m + 1) and s^3 in two parts each.
  let k = exponentOf(x);
  let m = scaled(x, -k);
  if (m > Math.SQRT2) {
    m *= 0.5;
    k++;
  }
  const above = m + 1;
  const s = (m - 1) / above;
  const sLow =
    (m - 1 - s * above - productError(s, above, s * above) - s * (m - (above - 1))) / above;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;
  const cube = s * z;
  const cubeLow = productError(s, z, cube) + s * zLow + sLow * z;
  const third = cube * (2 / 3);
  const thirdLow = productError(cube, 2 / 3, third) + cube * TWO_THIRDS_LOW + cubeLow * (2 / 3);
  let tail = 2 / 25;
  tail = tail * z + 2 / 23;
  tail = tail * z + 2 / 21;
  tail = tail * z + 2 / 19;
  tail = tail * z + 2 / 17;
  tail = tail * z + 2 / 15;
  tail = tail * z + 2 / 13;
  tail = tail * z + 2 / 11;
  tail = tail * z + 2 / 9;
  tail = tail * z + 2 / 7;
  tail = tail * z + 2 / 5;
  tail *= cube * z;

  const large = k * LN2_HIGH;
  const sum = large + 2 * s;
  const sumLow = 2 * s - (sum - large);
  const high = sum + third;
  const low = third - (high - sum) + (sumLow + 2 * sLow + (thirdLow + tail + k * LN2_LOW));
  const log = high + low;
  const logLow = low - (log - high);

  const exponent = n * log;
  if (!(exponent < 710))
    values[to] = negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  else if (exponent < -746) values[to] = negative ? -0 : 0;
  else {
    const rest = productError(n, log, exponent) + n * logLow;
    // exp as in exponential(), of two parts.
    const q = Math.round(exponent * Math.LOG2E);
    const first = exponent - q * LN2_HIGH;
    const second = q * LN2_LOW - rest;
    const r = first - second;
    const t = r * r;
    let c = 4.1381367970572385e-8;
    c = c * t - 0.0000016533902205465252;
    c = c * t + 0.00006613756321437934;
    c = c * t - 0.0027777777777015593;
    c = c * t + 0.16666666666666602;
    c = r - c * t;
    const out = scaled(1 - (second - (r * c) / (2 - c) - first), q);
    values[to] = negative ? -out : out;
  }
}

/** The same of whole n, by products. */
function wholePower(values: Float64Array, to: number, from: number): void {
  const n = values[from + 1];
  let out = 1;
  let square = values[from];
  for (let k = Math.abs(n); k > 0; k >>= 1) {
    if (k & 1) out *= square;
    square *= square;
  }
  values[to] = n < 0 ? 1 / out : out;
}

/** a b - p, exact. @param p - a b, rounded */
function productError(a: number, b: number, p: number): number {
  const ca = SPLIT * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = SPLIT * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return al * bl - (p - ah * bh - al * bh - ah * bl);
}

/** What Math.pow gives where 0, infinity, NaN or a root of a negative number is involved; these are the same everywhere. */
function limit(x: number, n: number, whole: boolean): number {
  const size = Math.abs(x);
  const root = x < 0 && size < Number.POSITIVE_INFINITY && !whole;
  if (Number.isNaN(x) || Number.isNaN(n) || root || size === 1) return Number.NaN;
  const grows = size > 1 === n > 0;
  const odd = Number.isFinite(n) && n % 2 !== 0 && whole;
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  return grows ? sign * Number.POSITIVE_INFINITY : sign * 0;
}
