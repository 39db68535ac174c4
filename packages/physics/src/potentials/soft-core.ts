import type { PairPotential } from "../pair-potential.ts";

/** Soft core (Plummer): V = -A / sqrt(r^2 + a^2), finite at r = 0. @param strength - A @param core - a */
export function softCore({
  strength = 1,
  core = 1,
}: {
  strength?: number;
  core?: number;
} = {}): PairPotential {
  return {
    name: "soft-core",
    parameters: { strength, core },
    energy: (r) => -strength / Math.sqrt(r * r + core * core),
    slope: (r) => {
      const s = r * r + core * core;
      return (strength * r) / (s * Math.sqrt(s));
    },
    curvature: (r) => {
      const s = r * r + core * core;
      return (strength * (core * core - 2 * r * r)) / (s * s * Math.sqrt(s));
    },
  };
}
