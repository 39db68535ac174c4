import type { PairPotential } from "../pair-potential.ts";
import { portableExp } from "../portable/index.ts";
import { parametersOf } from "./parameters.ts";

/**
 * Gaussian well: V = -D exp(-(r - c)^2 / (2 w^2)), for every r.
 *
 * @param given - `depth` D, default 1; `width` w above 0, default 1; `centre` c, default 1
 * @throws MclnnError `bad-parameter`, `unknown-parameter`
 */
export function gaussianWell(
  given: { depth?: number; width?: number; centre?: number } = {},
): PairPotential {
  const parameters = parametersOf("gaussian-well", given, { depth: 1, width: 1, centre: 1 }, [
    "width",
  ]);
  const { depth, width, centre } = parameters;
  const energy = (r: number): number => {
    const x = (r - centre) / width;
    return -depth * portableExp(-0.5 * x * x);
  };
  return {
    name: "gaussian-well",
    parameters,
    energy,
    slope: (r) => (-energy(r) * (r - centre)) / (width * width),
    curvature: (r) => {
      const x = (r - centre) / width;
      return (energy(r) * (x * x - 1)) / (width * width);
    },
  };
}
