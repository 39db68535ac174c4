import { type CurveSpec, KNOTS } from "./curve.ts";
import { frictionAlong, pairCurve } from "./pair-curve.ts";
import { knotsFor } from "./spline.ts";
import type { TermKind } from "./term.ts";

/** Friction across the line between two particles, by their separation: F_i = -g(r) (w - (w . u) u), w = v_i - v_j, and the opposite on j. */
export const transverseFriction: TermKind<CurveSpec> = {
  name: "transverse-friction",
  summary: "friction across the line of a pair, m a = -g(r) (w - (w . u) u)",
  family: "pair-friction",
  rung: 1,
  oneForm: true,
  options: { knots: KNOTS },
  reads: "positions-and-velocities",
  conserves: { energy: false, linearMomentum: true, angularMomentum: false },
  // Friction along the line is asked for, and takes some of what this one does.
  finding: null,
  specs: ({ separations }) => [{ name: "transverse-friction", knots: knotsFor(separations, 6) }],
  curve: () => ({ name: "g", of: "r" }),
  create: (spec, bodies) => ({
    ...pairCurve(spec, bodies, {
      look(pair, push) {
        // All of it, less what is along the line.
        frictionAlong(pair, push, -1);
        for (let a = 0; a < 3; a++) {
          push.along[a] -= pair.w[a];
          push.spin[4 * a] -= 1;
        }
      },
    }),
    constants: () => [],
  }),
};
