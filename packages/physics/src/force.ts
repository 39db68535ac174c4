import type { Bodies } from "./bodies.ts";
import type { PairPotential } from "./pair-potential.ts";

/** The law between particles of two species, in either order. */
export interface SpeciesPairPotential {
  readonly species: readonly [number, number];
  readonly pair: PairPotential;
}

/**
 * What makes momenta other than m v, and the kinetic energy other than m v^2 / 2: a part of the inertia of bodies, told beside the forces on them. Where momenta
 * go by velocities alone they change as forces say, dp/dt = F.
 */
export interface Inertia {
  /** Adds dp_i / dv_i / m_i, beside the 1 of m v, row by row. @param out - [N x 3 x 3], added to */
  addMasses(
    bodies: Bodies,
    positions: Float64Array,
    velocities: Float64Array,
    out: Float64Array,
  ): void;
  /** Adds p_i - m_i v_i; returns what the kinetic energy has beside m v^2 / 2. @param out - [N x dimension], added to */
  addMomenta(
    bodies: Bodies,
    positions: Float64Array,
    velocities: Float64Array,
    out: Float64Array,
  ): number;
}

/**
 * What moves particles: the forces of a whole configuration. One that has an energy is a {@link Potential}.
 *
 * `pairwise(pairPotential)` makes one from a pair potential, `pairwiseBySpecies(laws)` from one for each pair of species; drag, external
 * fields and networks of all positions are others; `sumOfForces(...)` adds them. An object of your own is as good.
 */
export interface Force {
  readonly name: string;
  /** The pair potential behind this force, when it is nothing but that. */
  readonly pair?: PairPotential;
  /** The laws behind it, when it is nothing but one for each pair of species. */
  readonly pairs?: readonly SpeciesPairPotential[];
  /** What {@link addForces} reads. */
  readonly reads:
    | "positions"
    | "positions-and-velocities"
    | "positions-and-time"
    | "positions-velocities-and-time";
  /** What it makes of the inertia of bodies; most forces nothing. Its energy and momenta count with those that it {@link conserves}. */
  readonly inertia?: Inertia;
  /** Which totals this force leaves unchanged; the energy is T plus its own. */
  readonly conserves: {
    readonly energy: boolean;
    readonly linearMomentum: boolean;
    readonly angularMomentum: boolean;
  };
  /** Total potential energy, 0 for forces that do no work; forces that take or give energy have none. @param positions - [N x dimension] */
  energy?(bodies: Bodies, positions: Float64Array): number;
  /**
   * Adds the forces to `out`; allocates nothing.
   *
   * @param positions - [N x dimension]
   * @param out - [N x dimension], added to
   * @param velocities - [N x dimension], for forces that {@link reads | read} them
   * @param time - for forces that read it
   */
  addForces(
    bodies: Bodies,
    positions: Float64Array,
    out: Float64Array,
    velocities?: Float64Array,
    time?: number,
  ): void;
  /**
   * Adds each pair's impulse, force times `time`, rounded once to a multiple of `grid`, to one particle and takes it from the other: the
   * sum over particles is exactly 0, in whatever order pairs are met. Only sums over pairs can offer it.
   *
   * @param grid - a power of two
   * @param out - [N x dimension], multiples of `grid`, added to
   * @throws MclnnError `grid-range` for an impulse above 2^51 grids / N, beyond which sums could round
   */
  addImpulses?(
    bodies: Bodies,
    positions: Float64Array,
    time: number,
    grid: number,
    out: Float64Array,
  ): void;
}

/** A force that has an energy. */
export interface Potential extends Force {
  energy(bodies: Bodies, positions: Float64Array): number;
}
