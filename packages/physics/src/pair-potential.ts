/**
 * How a pair's energy depends on the two particles beside their separation:
 * `none` takes V(r) as it is, `mass-product` multiplies it by m_i m_j, `charge-product` by q_i q_j.
 */
export type Coupling = "none" | "mass-product" | "charge-product";

/**
 * A pair potential V(r): the energy of two particles at separation r.
 *
 * Reduced units (k = G = m = 1 unless said). A trained network, a spline law and a textbook formula are all of this type.
 */
export interface PairPotential {
  readonly name: string;
  /** Named constants of the formula, for display and provenance. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** Default `none`. */
  readonly coupling?: Coupling;
  /** V is 0 from this separation on. Default: none. In a box a law needs one. */
  readonly cutoff?: number;
  /** V(r). */
  energy(r: number): number;
  /** dV/dr at r; the force on particle i is -slope(r) (q_i - q_j) / r. */
  slope(r: number): number;
  /** d2V/dr2 at r. */
  curvature?(r: number): number;
}
