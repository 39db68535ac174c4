import { parametersOf } from "../potentials/parameters.ts";
import { components } from "./components.ts";
import { type BodyCoupling, weightsBy } from "./coupling.ts";
import type { Potential } from "./force.ts";

const ORIGIN = new Float64Array(3);

/**
 * Harmonic trap: F_i = -w_i k (q_i - centre), V = sum w_i k |q_i - centre|^2 / 2. Keeps angular momentum when its centre is the origin,
 * linear momentum never.
 *
 * @param given - `stiffness` k, energy / length^2, default 1; `centre` [dimension], default the origin; `coupling`, default `none`; with
 * `mass`, k is the square of a frequency
 * @throws MclnnError `bad-parameter`, `bad-shape`, `not-finite`, `bad-option`; when used, `bad-dimension` in another dimension than the
 * centre's, `missing-charges`
 */
export function harmonicTrap(
  given: { stiffness?: number; centre?: ArrayLike<number>; coupling?: BodyCoupling } = {},
): Potential {
  const { centre, coupling = "none", ...numbers } = given ?? {};
  const { stiffness } = parametersOf("harmonic-trap", given && numbers, { stiffness: 1 });
  const of = centre === undefined ? () => ORIGIN : components("harmonic-trap", "centre", centre);
  const weights = weightsBy("harmonic-trap", coupling);
  return {
    name: "harmonic-trap",
    reads: "positions",
    conserves: {
      energy: true,
      linearMomentum: false,
      angularMomentum: Array.from(centre ?? []).every((c) => c === 0),
    },
    energy(bodies, positions) {
      const { masses, dimension } = bodies;
      const o = of(dimension);
      const w = weights(bodies);
      let sum = 0;
      for (let i = 0, k = 0; i < masses.length; i++)
        for (let c = 0; c < dimension; c++, k++) {
          const x = (positions[k] as number) - (o[c] as number);
          sum += 0.5 * stiffness * (w[i] as number) * x * x;
        }
      return sum;
    },
    addForces(bodies, positions, out) {
      const { masses, dimension } = bodies;
      const o = of(dimension);
      const w = weights(bodies);
      for (let i = 0, k = 0; i < masses.length; i++)
        for (let c = 0; c < dimension; c++, k++)
          out[k] =
            (out[k] as number) -
            stiffness * (w[i] as number) * ((positions[k] as number) - (o[c] as number));
    },
  };
}
