import type { PairPotential } from "../pair-potential.ts";
import { portablePower } from "../portable/index.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Power law: V = A r^n, r > 0.
 *
 * @param given - `strength` A, default 1; `exponent` n, of any sign, default -1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function powerLaw(given: { strength?: number; exponent?: number } = {}): PairPotential {
  const parameters = parametersOf("power-law", given, { strength: 1, exponent: -1 });
  const { strength, exponent } = parameters;
  return {
    name: "power-law",
    parameters,
    energy: (r) => strength * portablePower(r, exponent),
    slope: (r) => strength * exponent * portablePower(r, exponent - 1),
    curvature: (r) => strength * exponent * (exponent - 1) * portablePower(r, exponent - 2),
  };
}
