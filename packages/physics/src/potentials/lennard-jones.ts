import type { PairPotential } from "../pair-potential.ts";

/** Lennard-Jones 12-6: V = 4 epsilon ((sigma / r)^12 - (sigma / r)^6); minimum -epsilon at 2^(1/6) sigma. */
export function lennardJones({
  epsilon = 1,
  sigma = 1,
}: {
  epsilon?: number;
  sigma?: number;
} = {}): PairPotential {
  const sixth = (r: number): number => {
    const s = sigma / r;
    return s * s * s * (s * s * s);
  };
  return {
    name: "lennard-jones",
    parameters: { epsilon, sigma },
    energy: (r) => {
      const s6 = sixth(r);
      return 4 * epsilon * (s6 * s6 - s6);
    },
    slope: (r) => {
      const s6 = sixth(r);
      return (4 * epsilon * (6 * s6 - 12 * s6 * s6)) / r;
    },
    curvature: (r) => {
      const s6 = sixth(r);
      return (4 * epsilon * (156 * s6 * s6 - 42 * s6)) / (r * r);
    },
  };
}
