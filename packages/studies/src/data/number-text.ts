import { checkArgument, type Requirement } from "@mclnn/physics/arguments";

/** As many as a number can be written with. */
const DIGITS = Array.from({ length: 100 }, (_, k) => k + 1);

/** Any number, NaN and infinities too; or none. */
const anyNumber: Requirement = (argument, value) => {
  if (value != null && typeof value !== "number") checkArgument(argument, value, "number");
};

/** A number to two significant digits, as tables show it: `1.3e-12`, `0.52`, `31`; a dash where there is none. */
export function formatNumber(value: number | null | undefined, digits = 2): string {
  checkArgument("value", value, anyNumber);
  checkArgument("digits", digits, DIGITS);
  if (value === null || value === undefined || Number.isNaN(value)) return "-";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return "0";
  const size = Math.abs(value);
  // Beyond, zeros would fill places that say nothing: 7.8e3, not 7800.
  if (size >= 1e-2 && size < Math.max(1e3, Number(`1e${digits}`)))
    return String(Number(value.toPrecision(Math.max(digits, 2))));
  return value.toExponential(digits - 1).replace("+", "");
}

/** A number named as a target or an offset, to three significant digits: `1e-8`. */
export function formatTarget(value: number): string {
  checkArgument("value", value, "number");
  return Number(value.toPrecision(3)).toExponential().replace("+", "");
}

/** Seconds for people: `0.21 s`, `12 s`, `3 min 05 s`; a dash where there are none. */
export function formatSeconds(seconds: number | null | undefined): string {
  checkArgument("seconds", seconds, anyNumber);
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "-";
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** A count, its thousands apart: `10,000`. */
export function formatCount(count: number): string {
  checkArgument("count", count, "number");
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Digits of a standard deviation that are shown: two where the first is a one, which would be rounded by half. */
const LEADING = 1.95;
const MOST_DIGITS = 15;

/**
 * A value with one standard deviation of its last digits in brackets, as physics tables have it: `1.0007(5)`, `-6.02(12)e-5`.
 *
 * @param sd - none, or not a number above 0: the value alone
 */
export function formatMeasured(value: number, sd: number | null | undefined): string {
  checkArgument("value", value, anyNumber);
  checkArgument("sd", sd, anyNumber);
  if (
    sd === null ||
    sd === undefined ||
    !(sd > 0) ||
    !Number.isFinite(sd) ||
    !Number.isFinite(value)
  )
    return formatNumber(value, 6);
  const [lead, power] = scientific(sd);
  const last = power - (lead < LEADING ? 1 : 0);
  const [, size] = scientific(Math.max(Math.abs(value), sd));
  const plain = size >= -3 && size < 6 && last <= 0;
  const decimals = Math.max(0, (plain ? 0 : size) - last);
  if (decimals > MOST_DIGITS) return String(value);
  const shown = (plain ? value : value / Number(`1e${size}`)).toFixed(decimals);
  const bracket = Math.round(sd / Number(`1e${last}`));
  return `${shown}(${bracket})${plain ? "" : `e${size}`}`;
}

/** d.ddd and n of d.ddd x 10^n. */
function scientific(value: number): readonly [number, number] {
  const [digits, power] = value.toExponential().split("e");
  return [Number(digits), Number(power)];
}
