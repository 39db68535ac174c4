/** 2^n for n from -1074 to 1023, all there are. */
const POWERS_OF_TWO: Float64Array = /* @__PURE__ */ powersOfTwo();

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2098);
  powers[1074] = 1;
  for (let k = 1075; k < 2098; k++) powers[k] = 2 * powers[k - 1];
  for (let k = 1073; k >= 0; k--) powers[k] = 0.5 * powers[k + 1];
  return powers;
}

/** x 2^n, rounded once where it is subnormal. @param n - whole, from -2148 to 2046 */
export function scaled(x: number, n: number): number {
  // In two factors, since 2^n may be no number.
  const half = n >> 1;
  return x * POWERS_OF_TWO[half + 1074] * POWERS_OF_TWO[n - half + 1074];
}

/** The high word first, whatever the machine's own order. */
const bits: DataView = /* @__PURE__ */ new DataView(new ArrayBuffer(8));

/** floor(log2 x). @param x - finite, above 0 */
export function exponentOf(x: number): number {
  const subnormal = x < 2.2250738585072014e-308;
  bits.setFloat64(0, subnormal ? x * 18014398509481984 : x);
  return (bits.getInt32(0) >> 20) - (subnormal ? 1077 : 1023);
}
