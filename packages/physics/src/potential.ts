import type { PairPotential } from "./pair-potential.ts";
import type { SpeciesPairPotential } from "./pairwise-by-species.ts";
import type { Bodies } from "./system.ts";

/**
 * Energy and forces of a whole configuration.
 *
 * `pairwise(pairPotential)` makes one from a pair potential, `pairwiseBySpecies(laws)` from one for each pair of species; external fields and networks of all positions are others; `sum(...)` adds them.
 */
export interface Potential {
  readonly name: string;
  /** The pair potential behind this potential, when it is nothing but that. */
  readonly pair?: PairPotential;
  /** The laws behind it, when it is nothing but one for each pair of species. */
  readonly pairs?: readonly SpeciesPairPotential[];
  /** What the force reads. Integrators that cannot serve `velocities` refuse it. */
  readonly dependsOn: "positions" | "positions-and-velocities";
  /** Which totals forces of this potential leave unchanged. */
  readonly conserves: { readonly linearMomentum: boolean; readonly angularMomentum: boolean };
  /** Total potential energy. @param positions - [N x dimension] */
  energy(bodies: Bodies, positions: Float64Array): number;
  /**
   * Adds the forces to `out`; allocates nothing.
   *
   * @param positions - [N x dimension]
   * @param out - [N x dimension], added to
   * @param velocities - [N x dimension], read only when {@link dependsOn} says so
   */
  addForces(
    bodies: Bodies,
    positions: Float64Array,
    out: Float64Array,
    velocities?: Float64Array,
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
