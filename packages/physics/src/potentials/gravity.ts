import type { PairPotential } from "../pair-potential.ts";

/** Gravity: V = -G / r, times the product of the masses (paper, 4.1.1). @param G - gravitational constant */
export function gravity({ G = 1 }: { G?: number } = {}): PairPotential {
  return {
    name: "gravity",
    parameters: { G },
    coupling: "mass-product",
    energy: (r) => -G / r,
    slope: (r) => G / (r * r),
    curvature: (r) => (-2 * G) / (r * r * r),
  };
}
