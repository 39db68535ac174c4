import { MclnnError } from "../errors.ts";
import { bodyCurve, type CurveSpec, KNOTS } from "./curve.ts";
import { massShares } from "./shared.ts";
import { knotsFor, Spline } from "./spline.ts";
import type { TermKind } from "./term.ts";

/** Names of the axes. */
const AXES = ["x", "y", "z"] as const;

export interface AxisSpec extends CurveSpec {
  readonly along: "x" | "y" | "z";
}

/** Force along one axis by a function of the position on it, such as that of walls or of a wave: a_i = -f(x_i) e_x, or that over m_i where it is a force. */
export const axis: TermKind<AxisSpec> = {
  name: "axis",
  summary: "force along one axis by the position on it, a = -f(x)",
  family: "outside",
  rung: 3,
  options: { knots: KNOTS, along: AXES },
  reads: "positions",
  conserves: { energy: true, linearMomentum: false, angularMomentum: false },
  // A trap is asked for, and takes most of what this one does.
  finding: null,
  specs: ({ coordinates }) =>
    coordinates.map((sorted, a) => ({ name: "axis", along: AXES[a], knots: knotsFor(sorted, 9) })),
  curve: ({ along }) => ({ name: "f", of: along }),
  create(spec, bodies) {
    const a = AXES.indexOf(spec.along);
    if (a >= bodies.dimension)
      throw new MclnnError("there is no such axis", {
        code: "bad-dimension",
        argument: "spec.along",
        expected: AXES.slice(0, bodies.dimension).join(" or "),
        got: spec.along,
      });
    const spline = new Spline(spec.knots);
    const shares = massShares(spec, bodies);
    return {
      ...bodyCurve(spec, bodies, {
        state: "positions",
        look(q, push) {
          push.x = q[a];
          push.gradient[a] = 1;
          push.along[a] = -1;
        },
      }),
      energy: ({ positions }, c) =>
        shares.reduce((sum, share, i) => sum + share * spline.integral(c, positions[3 * i + a]), 0),
      constants: () => [],
    };
  },
};
