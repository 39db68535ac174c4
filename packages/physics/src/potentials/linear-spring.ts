import type { PairPotential } from "../pair-potential.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Linear spring: V = k (r - r0)^2 / 2, for every r. Paper, 4.1.1.
 *
 * @param given - `stiffness` k, energy / length^2, default 1; `restLength` r0, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function linearSpring(
  given: { stiffness?: number; restLength?: number } = {},
): PairPotential {
  const parameters = parametersOf("linear-spring", given, { stiffness: 1, restLength: 1 });
  const { stiffness, restLength } = parameters;
  return {
    name: "linear-spring",
    parameters,
    energy: (r) => 0.5 * stiffness * (r - restLength) * (r - restLength),
    slope: (r) => stiffness * (r - restLength),
    curvature: () => stiffness,
  };
}
