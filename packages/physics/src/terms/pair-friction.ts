import { type CurveSpec, KNOTS } from "./curve.ts";
import { frictionAlong, pairCurve } from "./pair-curve.ts";
import { knotsFor } from "./spline.ts";
import type { TermKind } from "./term.ts";

/** Friction along the line between two particles, by their separation: F_i = -g(r) ((v_i - v_j) . u) u, u from j to i, and the opposite on j. */
export const pairFriction: TermKind<CurveSpec> = {
  name: "pair-friction",
  summary: "friction along the line of a pair, m a = -g(r) (w . u) u",
  family: "pair-friction",
  rung: 0,
  oneForm: true,
  options: { knots: KNOTS },
  reads: "positions-and-velocities",
  conserves: { energy: false, linearMomentum: true, angularMomentum: true },
  // What findings look for before any law stands for it.
  finding: null,
  specs: ({ separations }) => [{ name: "pair-friction", knots: knotsFor(separations, 6) }],
  curve: () => ({ name: "g", of: "r" }),
  create: (spec, bodies) => ({
    ...pairCurve(spec, bodies, { look: (pair, push) => frictionAlong(pair, push, 1) }),
    constants: () => [],
  }),
};
