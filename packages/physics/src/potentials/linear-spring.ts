import type { PairPotential } from "../pair-potential.ts";

/** Linear spring: V = k (r - r0)^2 / 2 (paper, 4.1.1). @param stiffness - k @param restLength - r0 */
export function linearSpring({
  stiffness = 1,
  restLength = 1,
}: {
  stiffness?: number;
  restLength?: number;
} = {}): PairPotential {
  return {
    name: "linear-spring",
    parameters: { stiffness, restLength },
    energy: (r) => 0.5 * stiffness * (r - restLength) * (r - restLength),
    slope: (r) => stiffness * (r - restLength),
    curvature: () => stiffness,
  };
}
