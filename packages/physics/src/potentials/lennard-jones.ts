import type { PairPotential } from "../pair-potential.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Lennard-Jones 12-6: V = 4 epsilon ((sigma / r)^12 - (sigma / r)^6), r > 0; minimum -epsilon at 2^(1/6) sigma. Not cut off: see `smoothCutoff`.
 *
 * @param given - `epsilon`, depth, default 1; `sigma` above 0, length, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function lennardJones(given: { epsilon?: number; sigma?: number } = {}): PairPotential {
  const parameters = parametersOf("lennard-jones", given, { epsilon: 1, sigma: 1 }, ["sigma"]);
  const { epsilon, sigma } = parameters;
  const sixth = (r: number): number => {
    const s = sigma / r;
    return s * s * s * (s * s * s);
  };
  return {
    name: "lennard-jones",
    parameters,
    energy: (r) => {
      const s6 = sixth(r);
      return 4 * epsilon * (s6 * s6 - s6);
    },
    slope: (r) => {
      const s6 = sixth(r);
      return (4 * epsilon * (6 * s6 - 12 * s6 * s6)) / r;
    },
    curvature: (r) => {
      const s6 = sixth(r);
      return (4 * epsilon * (156 * s6 * s6 - 42 * s6)) / (r * r);
    },
  };
}
