/**
 * Elementary functions from + - * / and square root alone.
 *
 * Those are rounded exactly on every machine, while `Math.log` and its like differ between engines; so data and trained
 * parameters that go through these functions have the same bits everywhere. Relative error below 1e-15 (sine and cosine: absolute, for
 * |x| up to 1e5; beyond it grows as 1e-16 |x|).
 */
import { exponentOf } from "./binary.ts";
import { exponential, logarithm } from "./exponential.ts";
import { power } from "./power.ts";
import { sineAndCosine } from "./trigonometric.ts";

const room = new Float64Array(2);

/** Natural logarithm. NaN below 0, -Infinity at 0. */
export function portableLog(x: number): number {
  room[0] = x;
  logarithm(room, 0, 0);
  return room[0];
}

/** Exponential. */
export function portableExp(x: number): number {
  room[0] = x;
  exponential(room, 0, 0);
  return room[0];
}

/** Sine. */
export function portableSin(x: number): number {
  room[0] = x;
  sineAndCosine(room, 0, 0);
  return room[0];
}

/** Cosine. */
export function portableCos(x: number): number {
  room[0] = x;
  sineAndCosine(room, 0, 0);
  return room[1];
}

/** The exponent of x as a binary number, exact: floor(log2 x). @param x - finite, above 0 */
export function portableExponent(x: number): number {
  return exponentOf(x);
}

/** x^n; by repeated products for whole n up to 1024. NaN for a negative x where n is not whole. */
export function portablePower(x: number, n: number): number {
  room[0] = x;
  room[1] = n;
  power(room, 0, 0);
  return room[0];
}
