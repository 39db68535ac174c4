/** Numbers that are looked at. */
const LOOKED_AT = 300;
/** From here on numbers are float64 in full. */
const FULL = 15;

/** Significant digits that numbers were written with; null for those of float64 in full. */
export function writtenDigits(values: ArrayLike<number>): number | null {
  const step = Math.max(1, Math.floor(values.length / LOOKED_AT));
  let most = 0;
  let single = true;
  for (let k = 0; k < values.length; k += step) {
    const x = values[k] as number;
    if (!Number.isFinite(x)) continue;
    most = Math.max(most, significantDigits(x));
    single &&= Math.fround(x) === x;
  }
  if (most > 7 && single) return 7;
  return most >= FULL || most === 0 ? null : most;
}

/** Digits of the shortest text that is the number. */
function significantDigits(x: number): number {
  const [mantissa = ""] = String(Math.abs(x)).split("e");
  const digits = mantissa.replace(".", "").replace(/^0+/, "");
  return (mantissa.includes(".") ? digits : digits.replace(/0+$/, "")).length;
}
