import type { PairPotential } from "../pair-potential.ts";

/** Quartic ("non-linear") spring: V = k (r - r0)^4 / 2 (paper, 4.1.1). @param stiffness - k @param restLength - r0 */
export function quarticSpring({
  stiffness = 1,
  restLength = 1,
}: {
  stiffness?: number;
  restLength?: number;
} = {}): PairPotential {
  return {
    name: "quartic-spring",
    parameters: { stiffness, restLength },
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
