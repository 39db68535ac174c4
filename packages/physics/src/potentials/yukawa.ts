import type { PairPotential } from "../pair-potential.ts";

/** Yukawa (screened Coulomb): V = A exp(-r / lambda) / r. @param strength - A @param range - lambda */
export function yukawa({
  strength = 1,
  range = 1,
}: {
  strength?: number;
  range?: number;
} = {}): PairPotential {
  const energy = (r: number): number => (strength * Math.exp(-r / range)) / r;
  return {
    name: "yukawa",
    parameters: { strength, range },
    energy,
    slope: (r) => -energy(r) * (1 / r + 1 / range),
    curvature: (r) => {
      const x = 1 / r + 1 / range;
      return energy(r) * (x * x + 1 / (r * r));
    },
  };
}
