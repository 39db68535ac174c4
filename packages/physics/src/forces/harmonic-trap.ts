import type { Potential } from "../force.ts";
import { parametersOf } from "../potentials/parameters.ts";
import { forceOfKind } from "../terms/term-force.ts";
import { trap } from "../terms/trap.ts";
import { components } from "./components.ts";
import { type BodyCoupling, perOf } from "./coupling.ts";

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
  const of =
    centre === undefined
      ? (dimension: number) => new Float64Array(dimension)
      : components("harmonic-trap", "centre", centre);
  const per = perOf(coupling);
  return forceOfKind(
    trap,
    (dimension) => ({
      spec: { name: "trap", per, centre: Array.from(of(dimension)) },
      coefficients: [stiffness],
    }),
    {
      name: "harmonic-trap",
      conserves: {
        ...trap.conserves,
        angularMomentum: Array.from(centre ?? []).every((c) => c === 0),
      },
    },
  ) as Potential;
}
