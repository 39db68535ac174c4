import type { PairPotential } from "../pair-potential.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Newton's gravity: V = -G / r times the product of the masses, r > 0. Paper, 4.1.1.
 *
 * @param given - `G`, gravitational constant, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function gravity(given: { G?: number } = {}): PairPotential {
  const parameters = parametersOf("gravity", given, { G: 1 });
  const { G } = parameters;
  return {
    name: "gravity",
    parameters,
    coupling: "mass-product",
    energy: (r) => -G / r,
    slope: (r) => G / (r * r),
    curvature: (r) => (-2 * G) / (r * r * r),
  };
}
