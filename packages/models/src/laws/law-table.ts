import type { PairPotential } from "@mclnn/physics";
import { withCutoff } from "@mclnn/physics/potentials";

/** A learned law as rollouts evaluate it: V' looked up in a table, V its exact integral. */
export interface LawTable extends SmoothLaw {
  /** Separations from 0 to here are looked up; beyond, the law itself is evaluated. */
  readonly reach: number;
  /** Largest difference of V' from the law itself within reach, relative to the largest |V'| at separations seen in training. */
  slopeError(): number;
}

/** Relative difference that a cell may have from the law, where it is looked at, and how often a cell is halved to get there. */
const ENOUGH = 1e-10;
const HALVINGS = 10;
/** Cells to begin with, over so many times the largest separation seen. */
const CELLS = 64;
const REACH = 8;
/** Places in a cell where it is compared with the law. */
const BETWEEN = [0.25, 0.5, 0.75];
/** Separations at which the size of V' is looked at. */
const SAMPLES = 256;

/** A law with its second derivative. */
export type SmoothLaw = PairPotential & { curvature(r: number): number };

/** A law that ends at a cutoff, where its V is 0; as it is where it has none. */
export function ended(law: SmoothLaw, cutoff: number | undefined): SmoothLaw {
  if (cutoff === undefined) return law;
  return { ...withCutoff(law, { cutoff }), curvature: (r) => (r >= cutoff ? 0 : law.curvature(r)) };
}

/** Numbers of a cell: left end, inverse width, V' as a cubic in t from 0 to 1, constant term first, V at the left end. */
const CELL = 7;

interface Made {
  /** [cells x CELL] */
  readonly cells: Float64Array;
  /** Offset of the cell that each of equally wide bins lies in; ends of cells are ends of bins. [bins] */
  readonly offsets: Int32Array;
  readonly error: number;
}

/**
 * Tabulates a law: V' by cubics that agree with it and its derivative at their ends, in cells that are halved until they are good enough.
 * V is the exact integral of that V', so that a run conserves its energy as well as with the law itself.
 *
 * The table is made when the law is first asked for.
 *
 * @param seen - separations of the training data, increasing ranges
 * @param cutoff - where the law ends, if it does
 */
export function tabulateLaw(
  law: SmoothLaw,
  seen: readonly (readonly [number, number])[],
  cutoff?: number,
): LawTable {
  const reach = cutoff ?? REACH * (seen.at(-1)?.[1] ?? 1);
  let made: Made | null = null;
  let cells: Float64Array = new Float64Array(0);
  let offsets = new Int32Array(0);
  // Until there is a table nothing lies in it.
  let bins = 0;
  let perLength = 0;
  const make = (): Made => {
    if (made !== null) return made;
    made = makeTable(law, seen, reach);
    cells = made.cells;
    offsets = Int32Array.from(made.offsets);
    bins = offsets.length;
    perLength = bins / reach;
    return made;
  };
  /** Whether the law itself is to be asked; makes the table where it is not there yet. */
  const isBeyond = (r: number): boolean => {
    if (!(r < reach) || made !== null) return true;
    make();
    return !(r * perLength < bins);
  };
  const table: LawTable = {
    name: law.name,
    ...(law.coupling === undefined ? {} : { coupling: law.coupling }),
    reach,
    slopeError: () => make().error,
    slope(r) {
      if (!(r * perLength < bins) && isBeyond(r)) return law.slope(r);
      const o = offsets[(r * perLength) | 0];
      const t = (r - cells[o]) * cells[o + 1];
      return cells[o + 2] + t * (cells[o + 3] + t * (cells[o + 4] + t * cells[o + 5]));
    },
    energy(r) {
      if (!(r * perLength < bins) && isBeyond(r)) return law.energy(r);
      const o = offsets[(r * perLength) | 0];
      const t = (r - cells[o]) * cells[o + 1];
      return cells[o + 6] + integral(cells, o, t);
    },
    curvature(r) {
      if (!(r * perLength < bins) && isBeyond(r)) return law.curvature(r);
      const o = offsets[(r * perLength) | 0];
      const perWidth = cells[o + 1];
      const t = (r - cells[o]) * perWidth;
      return perWidth * (cells[o + 3] + t * (2 * cells[o + 4] + t * 3 * cells[o + 5]));
    },
  };
  return cutoff === undefined ? table : { ...table, ...ended(table, cutoff) };
}

/** Integral of a cell's V' from its left end to t. */
function integral(cells: Float64Array, o: number, t: number): number {
  return (
    (t *
      (cells[o + 2] + t * (cells[o + 3] / 2 + t * (cells[o + 4] / 3 + (t * cells[o + 5]) / 4)))) /
    cells[o + 1]
  );
}

function makeTable(
  law: SmoothLaw,
  seen: readonly (readonly [number, number])[],
  reach: number,
): Made {
  const scale = largestSlope(law, seen);
  const numbers: number[] = [];
  const halvings: number[] = [];
  let error = 0;
  const add = (from: number, to: number, halved: number): void => {
    const { cell, error: own } = cellBetween(law, from, to);
    if (own > ENOUGH * scale && halved < HALVINGS) {
      const middle = 0.5 * (from + to);
      add(from, middle, halved + 1);
      add(middle, to, halved + 1);
      return;
    }
    error = Math.max(error, own / scale);
    halvings.push(halved);
    numbers.push(...cell, 0);
  };
  for (let k = 0; k < CELLS; k++) add((reach * k) / CELLS, (reach * (k + 1)) / CELLS, 0);
  const cells = Float64Array.from(numbers);
  const most = Math.max(...halvings);
  const offsets = Int32Array.from(
    halvings.flatMap((halved, k) => new Array<number>(1 << (most - halved)).fill(CELL * k)),
  );
  for (let o = CELL; o < cells.length; o += CELL)
    cells[o + 6] = cells[o - 1] + integral(cells, o - CELL, 1);
  // The constant of V is the law's own, at the largest separation seen.
  const anchor = seen.at(-1)?.[1] ?? reach / 2;
  // A law that ends has its reach there.
  const o = offsets[Math.min(offsets.length - 1, Math.floor((anchor / reach) * offsets.length))];
  const there = integral(cells, o, (anchor - cells[o]) * cells[o + 1]);
  const shift = law.energy(anchor) - (cells[o + 6] + there);
  for (let k = 6; k < cells.length; k += CELL) cells[k] = cells[k] + shift;
  return { cells, offsets, error };
}

/** The largest |V'| at separations seen; 1 where it vanishes everywhere. */
function largestSlope(law: PairPotential, seen: readonly (readonly [number, number])[]): number {
  let largest = 0;
  for (const [first, last] of seen)
    for (let k = 0; k <= SAMPLES; k++)
      largest = Math.max(largest, Math.abs(law.slope(first + ((last - first) * k) / SAMPLES)));
  return largest > 0 ? largest : 1;
}

/** The cubic that agrees with V' and its derivative at both ends of a cell, and how far it is from V' between them. */
function cellBetween(
  law: SmoothLaw,
  from: number,
  to: number,
): { cell: readonly number[]; error: number } {
  const width = to - from;
  const v0 = law.slope(from);
  const d0 = law.curvature(from) * width;
  const v1 = law.slope(to);
  const d1 = law.curvature(to) * width;
  const c2 = 3 * (v1 - v0) - 2 * d0 - d1;
  const c3 = 2 * (v0 - v1) + d0 + d1;
  let error = 0;
  for (const t of BETWEEN) {
    const v = v0 + t * (d0 + t * (c2 + t * c3));
    error = Math.max(error, Math.abs(v - law.slope(from + t * width)));
  }
  return { cell: [from, 1 / width, v0, d0, c2, c3], error };
}
