import type { PairPotential } from "../pair-potential.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Soft core (Plummer): V = -A / sqrt(r^2 + a^2), finite at r = 0.
 *
 * @param given - `strength` A, energy x length, default 1; `core` a above 0, length, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function softCore(given: { strength?: number; core?: number } = {}): PairPotential {
  const parameters = parametersOf("soft-core", given, { strength: 1, core: 1 }, ["core"]);
  const { strength, core } = parameters;
  return {
    name: "soft-core",
    parameters,
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
