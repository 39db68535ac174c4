/**
 * Logarithm, exponential, sine and cosine from + - * / alone.
 *
 * Those are rounded exactly on every machine, while `Math.log` and its like differ between engines; so data and trained
 * parameters that go through these functions have the same bits everywhere. Relative error below 1e-15 (sine and cosine: absolute, for
 * |x| up to 1e5).
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** 2^n for |n| up to 1074, by repeated products. */
function powerOfTwo(n: number): number {
  let out = 1;
  let base = n < 0 ? 0.5 : 2;
  for (let k = Math.abs(n); k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) out *= base;
    base *= base;
  }
  return out;
}

/** Natural logarithm. NaN below 0, -Infinity at 0. */
export function portableLog(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let m = x;
  let n = 0;
  // Powers of two are exact, so the mantissa keeps every bit.
  for (const k of [512, 256, 128, 64, 32, 16, 8, 4, 2, 1]) {
    const p = powerOfTwo(k);
    while (m >= p) {
      m /= p;
      n += k;
    }
    while (m < 1 / p) {
      m *= p;
      n -= k;
    }
  }
  if (m > Math.SQRT2) {
    m /= 2;
    n++;
  } else if (m < Math.SQRT1_2) {
    m *= 2;
    n--;
  }
  // fdlibm's e_log: f = m - 1, log(1 + f) = f - hfsq + s (hfsq + R).
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let r = 0;
  for (const c of LOG_SERIES) r = r * z + c;
  r *= z;
  const half = 0.5 * f * f;
  return n * LN2_HIGH - (half - (s * (half + r) + n * LN2_LOW) - f);
}

/** Minimax coefficients of (log(1 + f) - 2 s) / s, highest power first (fdlibm, Sun Microsystems). */
const LOG_SERIES = [
  0.14798198605116586, 0.15313837699209373, 0.1818357216161805, 0.22222198432149784,
  0.2857142874366239, 0.3999999999940942, 0.6666666666666735,
];

/** Exponential. */
export function portableExp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  const n = Math.round(x * Math.LOG2E);
  const high = x - n * LN2_HIGH;
  const low = n * LN2_LOW;
  const r = high - low;
  // fdlibm's e_exp.
  const t = r * r;
  let c = 0;
  for (const p of EXP_SERIES) c = c * t + p;
  c = r - c * t;
  const y = 1 - (low - (r * c) / (2 - c) - high);
  // In two factors, so that results near the smallest and largest numbers are not lost on the way.
  const half = Math.trunc(n / 2);
  return y * powerOfTwo(half) * powerOfTwo(n - half);
}

/** Coefficients of fdlibm's e_exp, highest power first. */
const EXP_SERIES = [
  4.1381367970572385e-8, -0.0000016533902205465252, 0.00006613756321437934, -0.0027777777777015593,
  0.16666666666666602,
];

/** pi / 2 in three parts of 33 bits and their rest. */
const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];

function reduce(x: number): { quadrant: number; high: number; low: number } {
  const n = Math.round(x * 0.6366197723675814);
  const [a = 0, b = 0, c = 0] = HALF_PI;
  const first = x - n * a;
  const second = first - n * b;
  const lost = first - second - n * b;
  const tail = n * c - lost;
  const high = second - tail;
  return { quadrant: ((n % 4) + 4) % 4, high, low: second - high - tail };
}

/** sin on [-pi/4, pi/4] (fdlibm k_sin). */
function kernelSin(x: number, y: number): number {
  const z = x * x;
  let r = 0;
  for (const c of [
    1.58969099521155e-10, -2.5050760253406863e-8, 0.0000027557313707070068, -0.0001984126982985795,
    0.00833333333332249,
  ])
    r = r * z + c;
  const v = z * x;
  return x - (z * (0.5 * y - v * r) - y - v * -0.16666666666666632);
}

/** cos on [-pi/4, pi/4] (fdlibm k_cos). */
function kernelCos(x: number, y: number): number {
  const z = x * x;
  let r = 0;
  for (const c of [
    -1.1359647557788195e-11, 2.087572321298175e-9, -2.7557314351390663e-7, 0.00002480158728947673,
    -0.001388888888887411, 0.0416666666666666,
  ])
    r = r * z + c;
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * (z * r) - x * y));
}

/** Sine, for |x| up to 1e5. */
export function portableSin(x: number): number {
  const { quadrant, high, low } = reduce(x);
  const value = quadrant % 2 === 0 ? kernelSin(high, low) : kernelCos(high, low);
  return quadrant < 2 ? value : -value;
}

/** Cosine, for |x| up to 1e5. */
export function portableCos(x: number): number {
  const { quadrant, high, low } = reduce(x);
  const value = quadrant % 2 === 0 ? kernelCos(high, low) : kernelSin(high, low);
  return quadrant === 0 || quadrant === 3 ? value : -value;
}
