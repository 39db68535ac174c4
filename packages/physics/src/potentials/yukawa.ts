import type { PairPotential } from "../pair-potential.ts";
import { portableExp } from "../portable/index.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Yukawa (screened Coulomb): V = A exp(-r / lambda) / r, r > 0; repels where A > 0.
 *
 * @param given - `strength` A, energy x length, default 1; `range` lambda above 0, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function yukawa(given: { strength?: number; range?: number } = {}): PairPotential {
  const parameters = parametersOf("yukawa", given, { strength: 1, range: 1 }, ["range"]);
  const { strength, range } = parameters;
  const energy = (r: number): number => (strength * portableExp(-r / range)) / r;
  return {
    name: "yukawa",
    parameters,
    energy,
    slope: (r) => -energy(r) * (1 / r + 1 / range),
    curvature: (r) => {
      const x = 1 / r + 1 / range;
      return energy(r) * (x * x + 1 / (r * r));
    },
  };
}
