/** A number to two significant digits, as tables show it: `1.3e-12`, `0.52`, `31`; a dash where there is none. */
export function formatNumber(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "-";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-2 && size < 1e4) return String(Number(value.toPrecision(Math.max(digits, 2))));
  return value.toExponential(digits - 1);
}

/** A loss named as a target: `1e-8`. */
export function formatTarget(loss: number): string {
  const short = loss.toExponential(2);
  // In full where that is as short; targets in other units are long.
  const full = loss.toExponential();
  return (full.length <= short.length ? full : short).replace("+", "");
}

/** Seconds for people: `0.21 s`, `12 s`, `3 min 05 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** Whole numbers in groups of three: `10,000`. (`Intl` would do it too, and take longer to load than a training to run.) */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
