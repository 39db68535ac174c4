import { type CurveSpec, KNOTS } from "./curve.ts";
import { pairCurve } from "./pair-curve.ts";
import { knotsFor } from "./spline.ts";
import type { TermKind } from "./term.ts";

export interface DriftSpec extends CurveSpec {
  /** Time at which the force is that of the pair law alone. Default 0. */
  readonly since?: number;
  /** Whether forces go with the product of the masses, as those of the pair law do. Default: none. */
  readonly coupling?: "mass-product";
  /** What each coefficient counts for the rate at which the coupling of the pair law drifts, and what is added: with them it is a constant of the term. */
  readonly rate?: readonly number[];
}

/**
 * Pair force that grows with time, F_i = -(t - t0) g(r) u, u from j to i, and the opposite on j. Beside a law V' whose coupling drifts as 1 + c (t - t0) it is
 * g = c V'.
 */
export const drift: TermKind<DriftSpec> = {
  name: "drift",
  summary: "coupling of the pair law that drifts in time, m a = -(t - t0) g(r) u",
  family: "time",
  rung: 0,
  oneForm: true,
  options: {
    knots: KNOTS,
    since: "number?",
    coupling: ["mass-product", undefined],
    rate: "numbers?",
  },
  reads: "positions-and-time",
  conserves: { energy: false, linearMomentum: true, angularMomentum: true },
  // A drag takes a share of what it does, and is asked for.
  finding: null,
  specs: ({ separations, begin, coupling }) => [
    {
      name: "drift",
      knots: knotsFor(separations, 6),
      ...(begin !== 0 && { since: begin }),
      ...(coupling === "mass-product" && { coupling }),
    },
  ],
  curve: () => ({ name: "g", of: "r" }),
  create(spec, bodies) {
    const { since = 0, coupling, rate } = spec;
    const { masses } = bodies;
    return {
      ...pairCurve(spec, bodies, {
        ...(coupling !== undefined && { weight: (i, j) => masses[i] * masses[j] }),
        look({ u, r }, { along, turn }, { time }) {
          const t = time - since;
          for (let a = 0; a < 3; a++) {
            along[a] = -t * u[a];
            for (let b = 0; b < 3; b++)
              turn[3 * a + b] = (-t * ((a === b ? 1 : 0) - u[a] * u[b])) / r;
          }
        },
      }),
      constants: (c) =>
        rate === undefined
          ? []
          : [
              {
                name: "rate",
                value: c.reduce((sum, x, k) => sum + x * rate[k], rate[c.length]),
                gradient: [rate.slice(0, c.length)],
              },
            ],
    };
  },
};
