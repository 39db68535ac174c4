import type { Potential } from "../potential.ts";
import { parametersOf } from "../potentials/parameters.ts";
import { components } from "./components.ts";

const ORIGIN = new Float64Array(3);

/**
 * Harmonic trap: V = sum k |q_i - centre|^2 / 2. Keeps angular momentum when its centre is the origin, linear momentum never.
 *
 * @param given - `stiffness` k, energy / length^2, default 1; `centre` [dimension], default the origin
 * @throws MclnnError `bad-parameter`, `bad-shape`, `not-finite`; `bad-dimension` when used in another dimension than the centre's
 */
export function harmonicTrap(
  given: { stiffness?: number; centre?: ArrayLike<number> } = {},
): Potential {
  const { centre, ...numbers } = given ?? {};
  const { stiffness } = parametersOf("harmonic-trap", given && numbers, { stiffness: 1 });
  const of = centre === undefined ? () => ORIGIN : components("harmonic-trap", "centre", centre);
  return {
    name: "harmonic-trap",
    dependsOn: "positions",
    conserves: {
      linearMomentum: false,
      angularMomentum: Array.from(centre ?? []).every((c) => c === 0),
    },
    energy({ masses, dimension }, positions) {
      const o = of(dimension);
      let sum = 0;
      for (let k = 0; k < masses.length * dimension; k++) {
        const x = (positions[k] as number) - (o[k % dimension] as number);
        sum += 0.5 * stiffness * x * x;
      }
      return sum;
    },
    addForces({ masses, dimension }, positions, out) {
      const o = of(dimension);
      for (let k = 0; k < masses.length * dimension; k++)
        out[k] =
          (out[k] as number) -
          stiffness * ((positions[k] as number) - (o[k % dimension] as number));
    },
  };
}
