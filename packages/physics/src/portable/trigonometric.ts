// Numbers go in and come out through arrays: where V8 hands them from function to function it allocates.

/** pi / 2 in three parts of 33 bits and their rest. */
const A = 1.5707963267341256;
const B = 6.077100506303966e-11;
const C = 2.0222662487959506e-21;

/** sin(x) and cos(x) of x at `from`, to `to` and the place after it. */
export function sineAndCosine(values: Float64Array, to: number, from: number): void {
  const x = values[from];
  const n = Math.round(x * 0.6366197723675814);
  const first = x - n * A;
  const second = first - n * B;
  const lost = first - second - n * B;
  const tail = n * C - lost;
  const high = second - tail;
  const low = second - high - tail;
  const z = high * high;
  // sin on [-pi/4, pi/4] (fdlibm's k_sin).
  let r = 1.58969099521155e-10;
  r = r * z - 2.5050760253406863e-8;
  r = r * z + 0.0000027557313707070068;
  r = r * z - 0.0001984126982985795;
  r = r * z + 0.00833333333332249;
  const v = z * high;
  const sine = high - (z * (0.5 * low - v * r) - low - v * -0.16666666666666632);
  // cos there (k_cos).
  r = -1.1359647557788195e-11;
  r = r * z + 2.087572321298175e-9;
  r = r * z - 2.7557314351390663e-7;
  r = r * z + 0.00002480158728947673;
  r = r * z - 0.001388888888887411;
  r = r * z + 0.0416666666666666;
  const half = 0.5 * z;
  const w = 1 - half;
  const cosine = w + (1 - w - half + (z * (z * r) - high * low));
  const quadrant = ((n % 4) + 4) % 4;
  values[to] = quadrant === 0 ? sine : quadrant === 1 ? cosine : quadrant === 2 ? -sine : -cosine;
  values[to + 1] =
    quadrant === 0 ? cosine : quadrant === 1 ? -sine : quadrant === 2 ? -cosine : sine;
}

/** tan(x) of x at `from`, to `to`; leaves cos(x) after it. */
export function tangent(values: Float64Array, to: number, from: number): void {
  sineAndCosine(values, to, from);
  values[to] = values[to] / values[to + 1];
}

/** atan of 1/2, 1, 3/2 and infinity, and what rounding took from them. */
const ANGLES = Float64Array.of(
  0.4636476090008061,
  0.7853981633974483,
  0.982793723247329,
  1.5707963267948966,
);
const ANGLES_LOW = Float64Array.of(
  2.2698777452961687e-17,
  3.061616997868383e-17,
  1.3903311031230998e-17,
  6.123233995736766e-17,
);

/** atan(x) of x at `from`, to `to` (fdlibm's s_atan). */
export function arcTangent(values: Float64Array, to: number, from: number): void {
  const x = values[from];
  const size = Math.abs(x);
  // Of an angle near by: tan(a - b) = (s - t) / (1 + s t).
  let near = -1;
  let t = size;
  if (size >= 2.4375) {
    near = 3;
    t = -1 / size;
  } else if (size >= 1.1875) {
    near = 2;
    t = (size - 1.5) / (1 + 1.5 * size);
  } else if (size >= 0.6875) {
    near = 1;
    t = (size - 1) / (size + 1);
  } else if (size >= 0.4375) {
    near = 0;
    t = (2 * size - 1) / (2 + size);
  }
  const z = t * t;
  const w = z * z;
  let even = 0.016285820115365782;
  even = even * w + 0.049768779946159324;
  even = even * w + 0.06661073137387531;
  even = even * w + 0.09090887133436507;
  even = even * w + 0.14285714272503466;
  even = even * w + 0.3333333333333293;
  let odd = -0.036531572744216916;
  odd = odd * w - 0.058335701337905735;
  odd = odd * w - 0.0769187620504483;
  odd = odd * w - 0.11111110405462356;
  odd = odd * w - 0.19999999999876483;
  const bend = t * (even * z + odd * w);
  const angle = near < 0 ? t - bend : ANGLES[near] - (bend - ANGLES_LOW[near] - t);
  // Stryker disable next-line EqualityOperator: which of the two zeros is given for 0 is not promised
  values[to] = x < 0 ? -angle : angle;
}
