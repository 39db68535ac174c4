import { portablePower } from "@mclnn/physics/portable";
import type { ConstantKind } from "./block.ts";
import type { Target } from "./target.ts";

/**
 * Where a kind of constant is looked for in data that see so much: beyond these bounds a block is the limit of a simpler one, and data cannot tell.
 */
export interface Scope {
  readonly bounds: readonly [number, number];
  /** Where the search begins; `many` for a block's only constant. */
  starts(count: number): number[];
  /** Values that a constant begins at, where it has the axis to itself. */
  readonly count: number;
  /** Scale on which it changes: its own size where it is above 0 by nature. */
  readonly step: number | "relative";
  /** Width of its prior. */
  width(value: number): number;
}

/** Other constants of a block are looked for at so many values each. */
export const TOGETHER = 10;

export function scopesOf({ from, to }: Target): Readonly<Record<ConstantKind, Scope>> {
  const span = to - from;
  const relative = (
    bounds: readonly [number, number],
    a: number,
    b: number,
    count: number,
  ): Scope => ({
    bounds,
    count,
    step: "relative",
    starts: (n) => geometric(a, b, n),
    width: (value) => 8 * value,
  });
  const place = (
    bounds: readonly [number, number],
    a: number,
    b: number,
    count: number,
    width: number,
  ): Scope => ({
    bounds,
    count,
    step: span,
    starts: (n) => even(a, b, n).filter((x) => x > 0),
    width: () => width,
  });
  return {
    length: relative([0.01 * span, 4 * to], 0.03 * Math.max(span, 0.3 * from), 3 * to, 18),
    core: relative([0.1 * from, 3 * to], 0.12 * from, 2.5 * to, 16),
    rate: relative([0.3 / to, 80 / span], 1.5 / to, 40 / span, 24),
    beyond: relative([1.0005 * to, 5 * to], 1.004 * to, 6 * to, 14),
    place: place([-0.5 * to, 1.5 * to], from - 0.3 * span, to + 0.2 * span, 13, 1.5 * span),
    inside: place([from, to], from + 0.04 * span, to - 0.02 * span, 25, span),
    power: { bounds: [-20, 8], count: 0, step: 1, starts: () => [], width: () => 20 },
  };
}

const geometric = (a: number, b: number, n: number): number[] =>
  Array.from({ length: n }, (_, k) => a * portablePower(b / a, k / (n - 1)));

const even = (a: number, b: number, n: number): number[] =>
  Array.from({ length: n }, (_, k) => a + ((b - a) * k) / (n - 1));
