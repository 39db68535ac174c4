import { bodyCurve, type CurveSpec, KNOTS } from "./curve.ts";
import { knotsFor } from "./spline.ts";
import type { TermKind } from "./term.ts";

/** Drag by a function of the speed: a_i = -gamma(|v_i|) v_i, or that over m_i where it is a force. Where gamma is below 0 it drives. */
export const generalDrag: TermKind<CurveSpec> = {
  name: "general-drag",
  summary: "drag by a function of the speed, a = -gamma(|v|) v",
  family: "drag",
  rung: 2,
  options: { knots: KNOTS },
  reads: "positions-and-velocities",
  conserves: { energy: false, linearMomentum: false, angularMomentum: false },
  // Linear drag is asked for, and takes most of what this one does.
  finding: null,
  specs: ({ speeds }) => [{ name: "general-drag", knots: knotsFor(speeds, 6) }],
  curve: () => ({ name: "gamma", of: "|v|" }),
  create: (spec, bodies) => ({
    ...bodyCurve(spec, bodies, {
      state: "velocities",
      look(v, push) {
        let square = 0;
        for (const x of v) square += x * x;
        push.x = Math.sqrt(square);
        for (let a = 0; a < 3; a++) {
          push.along[a] = -v[a];
          push.gradient[a] = push.x > 0 ? v[a] / push.x : 0;
          push.turn[4 * a] = -1;
        }
      },
    }),
    constants: () => [],
  }),
};
