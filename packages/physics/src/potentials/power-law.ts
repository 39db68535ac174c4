import type { PairPotential } from "../pair-potential.ts";

/** Power law: V = A r^n. @param strength - A @param exponent - n, any sign */
export function powerLaw({
  strength = 1,
  exponent = -1,
}: {
  strength?: number;
  exponent?: number;
} = {}): PairPotential {
  return {
    name: "power-law",
    parameters: { strength, exponent },
    energy: (r) => strength * r ** exponent,
    slope: (r) => strength * exponent * r ** (exponent - 1),
    curvature: (r) => strength * exponent * (exponent - 1) * r ** (exponent - 2),
  };
}
