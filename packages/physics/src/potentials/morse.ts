import type { PairPotential } from "../pair-potential.ts";
import { portableExp } from "../portable/index.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Morse: V = D (1 - exp(-(r - r0) / w))^2 - D, for every r; minimum -D at r0. Phys. Rev. 34 (1929) 57, with a = 1 / w.
 *
 * @param given - `depth` D, default 1; `width` w above 0, default 1; `restLength` r0, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function morse(
  given: { depth?: number; width?: number; restLength?: number } = {},
): PairPotential {
  const parameters = parametersOf("morse", given, { depth: 1, width: 1, restLength: 1 }, ["width"]);
  const { depth, width, restLength } = parameters;
  const e = (r: number): number => portableExp((restLength - r) / width);
  return {
    name: "morse",
    parameters,
    energy: (r) => {
      const x = e(r);
      return depth * x * (x - 2);
    },
    slope: (r) => {
      const x = e(r);
      return ((2 * depth) / width) * x * (1 - x);
    },
    curvature: (r) => {
      const x = e(r);
      return ((2 * depth) / (width * width)) * x * (2 * x - 1);
    },
  };
}
