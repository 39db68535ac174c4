import type { PairPotential } from "../pair-potential.ts";

/** Gaussian well: V = -D exp(-(r - c)^2 / (2 w^2)). @param depth - D @param width - w @param centre - c */
export function gaussianWell({
  depth = 1,
  width = 1,
  centre = 1,
}: {
  depth?: number;
  width?: number;
  centre?: number;
} = {}): PairPotential {
  const energy = (r: number): number => {
    const x = (r - centre) / width;
    return -depth * Math.exp(-0.5 * x * x);
  };
  return {
    name: "gaussian-well",
    parameters: { depth, width, centre },
    energy,
    slope: (r) => (-energy(r) * (r - centre)) / (width * width),
    curvature: (r) => {
      const x = (r - centre) / width;
      return (energy(r) * (x * x - 1)) / (width * width);
    },
  };
}
