import type { Numbers } from "@mclnn/studies";

/** Lowest and highest of the finite numbers; `undefined` where there is none. */
export function extent(...arrays: readonly Numbers[]): readonly [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const array of arrays)
    for (let i = 0; i < array.length; i++) {
      const value = array[i] as number;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : undefined;
}

/**
 * Range of an axis on which the truth can be read: all of the truth, and of the others what lies within twice its scale of it.
 *
 * The scale is the truth's span or its magnitude, whichever is more. Where the truth is nothing but roundoff (a momentum of 0), the others set the
 * range.
 */
export function truthFrame(truth: Numbers, others: readonly Numbers[]): readonly [number, number] {
  const own = extent(truth) ?? extent(...others) ?? [0, 1];
  const all = extent(truth, ...others) ?? own;
  const magnitude = Math.max(Math.abs(own[0]), Math.abs(own[1]));
  const scale = Math.max(own[1] - own[0], magnitude);
  const roundoff = magnitude < 1e-9 * (all[1] - all[0]) || magnitude < 1e-11;
  let low = roundoff ? all[0] : Math.max(all[0], own[0] - 2 * scale);
  let high = roundoff ? all[1] : Math.min(all[1], own[1] + 2 * scale);
  // A conserved quantity should look like one: no axis is narrower than 2 % of the value.
  const least = magnitude === 0 ? (high > low ? 0 : 2) : 0.02 * magnitude;
  if (high - low < least) {
    const middle = (low + high) / 2;
    [low, high] = [middle - least / 2, middle + least / 2];
  }
  const margin = 0.06 * (high - low);
  return [low >= 0 && low - margin < 0 ? 0 : low - margin, high + margin];
}

/**
 * Range of a logarithmic axis in whole decades, at least two: all but the lowest 1 % of the positive numbers, within [floor, ceiling].
 *
 * Errors pass through zero when two curves cross; those few dips would stretch the axis by decades that hold nothing.
 */
export function decades(
  arrays: readonly Numbers[],
  { floor, ceiling }: { readonly floor: number; readonly ceiling: number },
): readonly [number, number] {
  const positive: number[] = [];
  for (const array of arrays)
    for (let i = 0; i < array.length; i++) {
      const value = array[i] as number;
      if (Number.isFinite(value) && value > 0) positive.push(value);
    }
  if (positive.length === 0) return [floor, floor * 100];
  positive.sort((a, b) => a - b);
  const low = positive[Math.floor(0.01 * (positive.length - 1))] as number;
  const high = positive[positive.length - 1] as number;
  const within = (value: number): number => Math.min(Math.max(value, floor), ceiling);
  const top = Math.max(Math.ceil(log10(within(high))), Math.round(Math.log10(floor)) + 2);
  const bottom = Math.min(Math.floor(log10(within(low))), top - 2);
  return [powerOfTen(bottom), powerOfTen(top)];
}

/** 10^power, correctly rounded (`**` is not in all engines). */
function powerOfTen(power: number): number {
  return Number(`1e${power}`);
}

/** log10, free of the last bit's error at powers of ten. */
function log10(value: number): number {
  const log = Math.log10(value);
  return Math.abs(log - Math.round(log)) < 1e-9 ? Math.round(log) : log;
}

/** A time axis: to the next round number, if that is less than 1 % on. */
export function roundedEnd([from, to]: readonly [number, number]): readonly [number, number] {
  const { step } = linearTicks([from, to], 6);
  const next = Math.ceil(to / step - 1e-9) * step;
  return [from, next - to < 0.01 * (to - from) ? next : to];
}

/** Powers of ten inside a domain, thinned to at most `most`. */
export function decadeTicks([from, to]: readonly [number, number], most: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const ticks: number[] = [];
  for (let power = first; power <= last; power++)
    if ((power - first) % step === 0) ticks.push(powerOfTen(power));
  return ticks;
}

/** Round numbers (1, 2 or 5 times a power of ten apart) inside a domain, about `count` of them, and their distance. */
export function linearTicks(
  [from, to]: readonly [number, number],
  count: number,
): { readonly ticks: number[]; readonly step: number } {
  const rough = (to - from) / count;
  const unit = powerOfTen(Math.floor(Math.log10(rough)));
  const step = ([1, 2, 5].find((factor) => factor * unit >= rough * 0.7) ?? 10) * unit;
  const ticks: number[] = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; k++)
    ticks.push(k === 0 ? 0 : k * step);
  return { ticks, step };
}
