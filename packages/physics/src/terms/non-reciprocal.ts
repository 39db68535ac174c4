import { MclnnError } from "../errors.ts";
import { type CurveSpec, KNOTS } from "./curve.ts";
import { pairCurve } from "./pair-curve.ts";
import { knotsFor } from "./spline.ts";
import type { TermKind } from "./term.ts";

export interface NonReciprocalSpec extends CurveSpec {
  /** Two different ones. */
  readonly species: readonly number[];
}

/**
 * Force between particles of two species that both feel alike, so that the total momentum changes: F_i = F_j = g(r) u, u from the particle of the second
 * species to that of the first. Beside a pair law it makes of action and reaction two functions.
 */
export const nonReciprocal: TermKind<NonReciprocalSpec> = {
  name: "non-reciprocal",
  summary: "force that both of two species feel alike, m a = g(r) u",
  family: "one-sided",
  rung: 0,
  oneForm: true,
  needs: "particles of two species",
  options: { knots: KNOTS, species: "numbers" },
  reads: "positions",
  conserves: { energy: false, linearMomentum: false, angularMomentum: false },
  // Forces from outside are asked for, and species are told apart.
  finding: null,
  specs({ separations }, { species }) {
    const all = [...new Set(species ?? [])].sort((a, b) => a - b);
    const knots = knotsFor(separations, 6);
    return all.flatMap((a, k) =>
      all.slice(k + 1).map((b) => ({ name: "non-reciprocal", species: [a, b], knots })),
    );
  },
  curve: () => ({ name: "g", of: "r" }),
  create(spec, bodies) {
    const [a, b] = spec.species;
    const { species } = bodies;
    if (species === undefined || ![a, b].every((each) => species.includes(each)) || a === b)
      throw new MclnnError("there are no such species", {
        code: "bad-option",
        argument: "spec.species",
        expected: "two different species of the particles",
        got: `${spec.species.join(", ")} of ${[...new Set(species ?? [])].join(", ") || "none"}`,
      });
    return {
      ...pairCurve(spec, bodies, {
        back: 1,
        order: (i, j) =>
          species[i] === a && species[j] === b ? 1 : species[i] === b && species[j] === a ? -1 : 0,
        look({ u, r }, { along, turn }) {
          for (let x = 0; x < 3; x++) {
            along[x] = u[x];
            for (let y = 0; y < 3; y++) turn[3 * x + y] = ((x === y ? 1 : 0) - u[x] * u[y]) / r;
          }
        },
      }),
      constants: () => [],
    };
  },
};
