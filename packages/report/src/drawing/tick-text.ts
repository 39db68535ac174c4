const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole power of ten as 10⁻⁸. */
export function powerText(value: number): string {
  const power = Math.round(Math.log10(value));
  return power === 0 ? "1" : power === 1 ? "10" : `10${superscript(power)}`;
}

/** Texts for powers of ten on one axis: plain where all are near 1, as powers where one is not. */
export function powerTexts(powers: readonly number[]): (value: number) => string {
  if (powers.some((value) => value < 0.9e-3 || value > 1.1e4)) return powerText;
  return (value) => (value >= 1 ? value.toFixed(0) : value.toPrecision(1));
}

function superscript(power: number): string {
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]);
  return `${power < 0 ? "⁻" : ""}${digits.join("")}`;
}

/**
 * Short text for a number on a linear axis whose ticks are `step` apart.
 *
 * @param largest - the largest magnitude on the axis: all ticks take its power of ten
 */
export function tickText(value: number, step: number, largest: number = Math.abs(value)): string {
  if (value === 0 || Math.abs(value) < step * 1e-6) return "0";
  if (largest >= 1e5 || largest < 1e-3) {
    const power = Math.floor(Math.log10(largest) + 1e-9);
    const digits = Math.max(0, power - Math.floor(Math.log10(step) + 1e-9));
    const mantissa = (value / 10 ** power).toFixed(digits);
    return minus(`${mantissa === "1" ? "" : `${mantissa}·`}10${superscript(power)}`);
  }
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return minus(value.toFixed(digits));
}

function minus(text: string): string {
  return text.replace("-", "−");
}
