import { type Bodies, chargesOf } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import type { TermConstant, TermSpec } from "./term.ts";

/** What the coefficients of a term are divided by to be accelerations: 1, the mass, or mass over charge. [particles] @throws MclnnError `missing-charges` */
export function inertiaOf({ name, per = "acceleration" }: TermSpec, bodies: Bodies): Float64Array {
  const { masses } = bodies;
  if (per === "acceleration") return new Float64Array(masses.length).fill(1);
  if (per === "force") return masses;
  // Without charge infinite, which nothing moves.
  const charges = chargesOf(name, bodies);
  return masses.map((m, i) => m / charges[i]);
}

/** The product of the vectors of one particle. @param o - where they begin */
export const productOf = (a: Float64Array, b: Float64Array, o: number): number =>
  a[o] * b[o] + a[o + 1] * b[o + 1] + a[o + 2] * b[o + 2];

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

/** What potentials of a term are multiplied with to be energies, for each particle. */
export const massShares = (spec: TermSpec, bodies: Bodies): Float64Array => {
  const inertia = inertiaOf(spec, bodies);
  return bodies.masses.map((m, i) => m / inertia[i]);
};

/** @throws MclnnError `bad-dimension` */
export function checkDimension(
  what: string,
  argument: string,
  place: readonly number[],
  dimension: number,
): void {
  if (place.length === dimension) return;
  throw new MclnnError(`${what} cannot be there`, {
    code: "bad-dimension",
    argument,
    expected: `${dimension} components`,
    got: String(place.length),
  });
}
