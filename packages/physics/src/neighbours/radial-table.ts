import type { PairPotential } from "../pair-potential.ts";
import { slopeDerivative } from "../potentials/numerical-derivative.ts";

/** Cells over the square of the cutoff. */
const CELLS = 8192;
/** A cell is used where its middle is that close to the law itself, relative to the law there and to the largest force of the outer half. */
const CLOSE = 1e-8;
const CLOSE_TO_LARGEST = 1e-10;

/** -V'(r) / r of a law with a cutoff, in s = r^2, so that a pair needs neither root nor division; V its exact integral, 0 at the cutoff. */
export interface RadialTable {
  /** Cubics in t from 0 to 1 of equal cells of s. [cells x 4] */
  readonly forces: Float64Array;
  /** V at the left end of each cell. [cells] */
  readonly energies: Float64Array;
  /** Cells a unit of s, and the square of the cutoff. */
  readonly perSquare: number;
  readonly end: number;
  /** Below this square the law itself is asked. */
  readonly from: number;
}

/** @param cutoff - above 0 */
export function radialTable(law: PairPotential, cutoff: number): RadialTable {
  const end = cutoff * cutoff;
  const width = end / CELLS;
  // At the cutoff the law has its value from inside.
  const inside = cutoff * (1 - 2 ** -50);
  const force = (s: number): number => {
    const r = Math.min(Math.sqrt(s), inside);
    return -law.slope(r) / r;
  };
  const change = (s: number): number => {
    const r = Math.min(Math.sqrt(s), inside);
    const curvature = law.curvature?.(r) ?? slopeDerivative(law.slope, r);
    return (law.slope(r) / r - curvature) / (2 * r * r);
  };
  // One cell more: rounding may take what is just below the end there.
  const forces = new Float64Array(4 * (CELLS + 1));
  let largest = 0;
  for (let k = CELLS >> 2; k <= CELLS; k++) largest = Math.max(largest, Math.abs(force(k * width)));
  let first = 0;
  let right = force(end);
  let rightChange = change(end) * width;
  for (let k = CELLS - 1; k >= 0 && first === 0; k--) {
    const left = k === 0 ? Number.NaN : force(k * width);
    const leftChange = k === 0 ? Number.NaN : change(k * width) * width;
    const square = 3 * (right - left) - 2 * leftChange - rightChange;
    const cube = 2 * (left - right) + leftChange + rightChange;
    forces.set([left, leftChange, square, cube], 4 * k);
    const middle = left + 0.5 * (leftChange + 0.5 * (square + 0.5 * cube));
    const own = force((k + 0.5) * width);
    // Not a number is not close.
    if (!(Math.abs(middle - own) <= CLOSE * Math.abs(own) + CLOSE_TO_LARGEST * largest))
      first = k + 1;
    right = left;
    rightChange = leftChange;
  }
  const energies = new Float64Array(CELLS + 1);
  const shift = law.energy(inside);
  energies[CELLS] = shift;
  forces[4 * CELLS] = force(end);
  let energy = shift;
  for (let k = CELLS - 1; k >= first; k--) {
    energy += 0.5 * width * integral(forces, 4 * k, 1);
    energies[k] = energy;
  }
  return { forces, energies, perSquare: CELLS / end, end, from: first * width };
}

/** Of a cell's cubic, from 0 to t. */
export function integral(forces: Float64Array, o: number, t: number): number {
  return (
    t * (forces[o] + t * (forces[o + 1] / 2 + t * (forces[o + 2] / 3 + (t * forces[o + 3]) / 4)))
  );
}
