import { decadeTicks, linearTicks } from "./domain.ts";
import type { Axis } from "./panel-plan.ts";
import { textWidth } from "./text-width.ts";
import { powerText, powerTexts, tickText } from "./tick-text.ts";

/** Where an axis has ticks, and what stands there. */
export interface Ticks {
  readonly ticks: number[];
  readonly text: (value: number) => string;
  /** Power of ten that the texts leave out: it is said once, with the axis. */
  readonly power?: string;
}

/** The room of an axis. */
interface Room {
  /** In pixels. */
  readonly length: number;
  /** About how far ticks are apart. */
  readonly apart: number;
  /** Size of the texts where they stand beside each other; else they stand one above the other. */
  readonly font?: number;
}

/** Between two texts, in pixels. */
const GAP = 7;
const LINE = 13;

/** Ticks at round numbers whose texts do not touch. */
export function axisTicks(axis: Axis, room: Room): Ticks {
  const { domain, log, at } = axis;
  if (at !== undefined) return { ticks: [...at], text: (value) => tickText(value, value) };
  const count = axis.ticks ?? Math.max(3, Math.round(room.length / room.apart));
  const choices = log === true ? logarithmic(domain, count) : linear(domain, count);
  return choices.find((ticks) => fits(ticks, axis, room)) ?? (choices.at(-1) as Ticks);
}

function linear(domain: readonly [number, number], most: number): Ticks[] {
  return Array.from({ length: Math.max(1, most - 1) }, (_, k) => {
    const { ticks, step } = linearTicks(domain, most - k);
    const largest = Math.max(...ticks.map(Math.abs), 0);
    if (largest < 1e5 && (largest >= 1e-3 || largest === 0))
      return { ticks, text: (value: number) => tickText(value, step, largest) };
    const power = Number(`1e${Math.floor(Math.log10(largest) + 1e-9)}`);
    return {
      ticks,
      text: (value: number) => tickText(value / power, step / power, largest / power),
      power: powerText(power),
    };
  });
}

function logarithmic(domain: readonly [number, number], count: number): Ticks[] {
  const [low, high] = domain;
  const decades = decadeTicks(domain, count + 1);
  if (decades.length >= 3)
    return [count + 1, Math.ceil(count / 2), 3, 2].map((most) => {
      const ticks = decadeTicks(domain, most);
      return { ticks, text: powerTexts(ticks) };
    });
  // About two decades or less: powers of ten alone would leave the axis bare.
  const between = (factors: readonly number[]): Ticks => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
      for (const factor of factors) {
        const tick = Number(`${factor}e${power}`);
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    const unit = Number(`1e${Math.floor(Math.log10(low))}`);
    if (high < 1e5 && low >= 1e-3) return { ticks, text: (value) => tickText(value, value) };
    return {
      ticks,
      text: (value) => tickText(value / unit, value / unit),
      power: powerText(unit),
    };
  };
  return [between([1, 2, 5]), between([1, 3]), between([1])];
}

/** Whether no text touches the next. */
function fits(
  { ticks, text }: Ticks,
  { domain: [from, to], log }: Axis,
  { length, font }: Room,
): boolean {
  const place = (value: number): number =>
    length *
    (log === true ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from));
  const size = (value: number): number =>
    font === undefined ? LINE - GAP : textWidth(text(value), font);
  return ticks.every((tick, k) => {
    const next = ticks[k + 1];
    return next === undefined || place(next) - place(tick) >= (size(tick) + size(next)) / 2 + GAP;
  });
}
