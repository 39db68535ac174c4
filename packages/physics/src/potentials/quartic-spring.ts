import type { PairPotential } from "../pair-potential.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Quartic ("non-linear") spring: V = k (r - r0)^4 / 2, for every r. Paper, 4.1.1: 1/2, not 1/4.
 *
 * @param given - `stiffness` k, energy / length^4, default 1; `restLength` r0, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function quarticSpring(
  given: { stiffness?: number; restLength?: number } = {},
): PairPotential {
  const parameters = parametersOf("quartic-spring", given, { stiffness: 1, restLength: 1 });
  const { stiffness, restLength } = parameters;
  return {
    name: "quartic-spring",
    parameters,
    energy: (r) => {
      const x = r - restLength;
      return 0.5 * stiffness * (x * x * (x * x));
    },
    slope: (r) => {
      const x = r - restLength;
      return 2 * stiffness * (x * x * x);
    },
    curvature: (r) => 6 * stiffness * (r - restLength) * (r - restLength),
  };
}
