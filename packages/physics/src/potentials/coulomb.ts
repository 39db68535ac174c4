import type { PairPotential } from "../pair-potential.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Coulomb: V = k / r times the product of the charges, r > 0; like charges repel.
 *
 * @param given - `k`, Coulomb constant, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function coulomb(given: { k?: number } = {}): PairPotential {
  const parameters = parametersOf("coulomb", given, { k: 1 });
  const { k } = parameters;
  return {
    name: "coulomb",
    parameters,
    coupling: "charge-product",
    energy: (r) => k / r,
    slope: (r) => -k / (r * r),
    curvature: (r) => (2 * k) / (r * r * r),
  };
}
