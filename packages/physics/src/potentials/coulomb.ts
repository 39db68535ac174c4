import type { PairPotential } from "../pair-potential.ts";

/** Coulomb: V = k / r, times the product of the charges; like charges repel. @param k - Coulomb constant */
export function coulomb({ k = 1 }: { k?: number } = {}): PairPotential {
  return {
    name: "coulomb",
    parameters: { k },
    coupling: "charge-product",
    energy: (r) => k / r,
    slope: (r) => -k / (r * r),
    curvature: (r) => (2 * k) / (r * r * r),
  };
}
