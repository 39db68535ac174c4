import { bodyCurve, type CurveSpec, KNOTS } from "./curve.ts";
import { checkDimension, massShares } from "./shared.ts";
import { knotsFor, Spline } from "./spline.ts";
import type { TermKind } from "./term.ts";

export interface RadialSpec extends CurveSpec {
  /** Where the centre is looked for from. [dimension] */
  readonly centre: readonly number[];
}

/**
 * Force towards a centre that is to be found, by the distance from it: a_i = -f(|q_i - centre|) n, or that over m_i where it is a force.
 *
 * Coefficients: those of f, then how far the centre is from where it is looked for.
 */
export const radial: TermKind<RadialSpec> = {
  name: "radial",
  summary: "force towards a centre by the distance from it, a = -f(rho) (q - centre) / rho",
  family: "outside",
  rung: 4,
  options: { knots: KNOTS, centre: "numbers" },
  reads: "positions",
  conserves: { energy: true, linearMomentum: false, angularMomentum: false },
  // A trap is asked for, and takes most of what this one does.
  finding: null,
  specs: ({ middle, distances }) => [
    { name: "radial", centre: middle, knots: knotsFor(distances, 6) },
  ],
  curve: () => ({ name: "f", of: "rho" }),
  about(spec, c) {
    const size = c.length - spec.centre.length;
    return {
      spec: { ...spec, centre: spec.centre.map((x, a) => x + c[size + a]) },
      coefficients: c.map((x, k) => (k < size ? x : 0)),
    };
  },
  create(spec, bodies) {
    const { dimension } = bodies;
    const { centre } = spec;
    checkDimension("a radial force", "spec.centre", centre, dimension);
    const spline = new Spline(spec.knots);
    const shares = massShares(spec, bodies);
    return {
      ...bodyCurve(spec, bodies, {
        state: "positions",
        centre,
        look(q, push) {
          let square = 0;
          for (const x of q) square += x * x;
          const rho = Math.sqrt(square);
          const { gradient: n, along, turn } = push;
          push.x = rho;
          for (let a = 0; a < 3; a++) {
            // At the centre itself there is no direction.
            n[a] = rho > 0 ? q[a] / rho : 0;
            along[a] = -n[a];
          }
          for (let a = 0; a < 3; a++)
            for (let b = 0; b < 3; b++)
              turn[3 * a + b] = rho > 0 ? (n[a] * n[b] - (a === b ? 1 : 0)) / rho : 0;
        },
      }),
      energy({ positions }, c) {
        let sum = 0;
        shares.forEach((share, i) => {
          let square = 0;
          for (let a = 0; a < dimension; a++) {
            const x = positions[3 * i + a] - centre[a] - c[spline.size + a];
            square += x * x;
          }
          sum += share * spline.integral(c, Math.sqrt(square));
        });
        return sum;
      },
      constants: (c) => [
        {
          name: "centre",
          value: centre.map((x, a) => x + c[spline.size + a]),
          gradient: centre.map((_, a) => Array.from(c, (_, k) => (k === spline.size + a ? 1 : 0))),
        },
      ],
    };
  },
};
