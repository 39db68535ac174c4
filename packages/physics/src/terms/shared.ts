import type { Bodies } from "../system.ts";
import type { TermConstant, TermSpec } from "./term.ts";

/** What the coefficients of a term are divided by to be accelerations: 1 or the mass. [particles] */
export function inertiaOf({ per = "acceleration" }: TermSpec, { masses }: Bodies): Float64Array {
  return per === "force" ? masses : new Float64Array(masses.length).fill(1);
}

/** A constant that is the first coefficient. */
export const scalarConstant = (name: string, c: Float64Array): TermConstant => ({
  name,
  value: c[0],
  gradient: [Array.from(c, (_, k) => (k === 0 ? 1 : 0))],
});

/** A constant that is the vector of all coefficients. */
export const vectorConstant = (name: string, c: Float64Array): TermConstant => ({
  name,
  value: Array.from(c),
  gradient: Array.from(c, (_, row) => Array.from(c, (_, k) => (k === row ? 1 : 0))),
});
