import { MclnnError } from "./errors.ts";
import type { PairPotential } from "./pair-potential.ts";

/** The particles themselves: what a force may depend on beside positions and velocities. */
export interface Bodies {
  /** [N] */
  readonly masses: Float64Array;
  readonly dimension: 2 | 3;
  /** [N], for potentials that couple by charge. */
  readonly charges?: Float64Array;
  /** [N], index of the kind of particle. */
  readonly species?: Int32Array;
  /** Where they are, where that is a box, or too large for all pairs to be looked at. Default: open space. */
  readonly space?: Space;
}

/**
 * Where particles are: in a cell that space repeats along some of its rows, or in open space.
 *
 * Particles may be in any image of the cell; displacements are to nearest images. `periodicSpace(...)` and `openSpace` of
 * `@mclnn/physics/space` make it. A system without one is in open space, and all its pairs are looked at; with one only those nearer than the
 * cutoffs of their laws.
 */
export interface Space {
  /** Rows a, b, c of the cell. [9] */
  readonly rows: Float64Array;
  /** Corner of the cell. [3] */
  readonly origin: Float64Array;
  /** Rows along which space repeats. */
  readonly periodic: readonly [boolean, boolean, boolean];
  /** What turns a place into shares of the rows: share = place . inverse. [9] */
  readonly inverse: Float64Array;
  /** Distance between the two faces of the cell that each row joins. [3] */
  readonly widths: Float64Array;
  /** The longest cutoff: within it only one image of a particle can be. Infinity in open space. */
  readonly reach: number;
  /** Replaces a displacement by that to the nearest image; exact up to {@link reach}. @param d - [3] */
  nearest(d: Float64Array): void;
  /** Makes sums over near pairs. It is a part of the space so that who has none does not load it. */
  sumOf(laws: PairLaws, look: LookAtBodies): NearSum;
}

/** Sums over the pairs that are nearer than the cutoffs of their laws. */
export interface NearSum {
  energy(bodies: Bodies, positions: Float64Array): number;
  /** Adds forces, or with a `grid` above 0 each pair's impulse over `time`, rounded once. */
  push(
    bodies: Bodies,
    positions: Float64Array,
    out: Float64Array,
    time: number,
    grid: number,
  ): void;
}

/** Which of several laws holds between two particles. */
export interface LawLookup {
  /** [kinds x kinds] index of the law of two kinds, below 0 where there is none. */
  readonly table: Int32Array;
  /** Number of kinds. */
  readonly width: number;
  /** Kind of each particle, below 0 where no law knows it. [N] */
  kinds(bodies: Bodies): Int32Array;
  /** What to throw for a pair without a law. */
  missing(bodies: Bodies, i: number, j: number): MclnnError;
}

/** Laws of pairs, and the factors whose product is the weight of a pair, null where all weigh 1. */
export interface PairLaws {
  readonly laws: readonly PairPotential[];
  readonly lookup: LawLookup | undefined;
  /** Of the bodies at hand. [laws] */
  readonly weights: (Float64Array | null)[];
}

/** Weighs the bodies; their kinds, null where one law holds between all. */
export type LookAtBodies = (laws: PairLaws, bodies: Bodies) => Int32Array | null;

/** @throws MclnnError `missing-charges` */
export function chargesOf(force: string, { charges }: Bodies): Float64Array {
  if (charges !== undefined) return charges;
  throw new MclnnError(`${force} needs charges`, {
    code: "missing-charges",
    argument: "charges",
    expected: "a charge for every particle",
    got: "none",
  });
}
