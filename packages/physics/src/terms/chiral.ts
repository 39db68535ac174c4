import { MclnnError } from "../errors.ts";
import { type CurveSpec, KNOTS } from "./curve.ts";
import { pairCurve } from "./pair-curve.ts";
import { knotsFor } from "./spline.ts";
import type { TermKind } from "./term.ts";

/**
 * Force across the line between two particles in the plane, by their separation, as between spinning disks: F_i = h(r) z, z the unit vector from j to i
 * turned by a right angle, and the opposite on j. In three dimensions there is no such direction.
 */
export const chiral: TermKind<CurveSpec> = {
  name: "chiral",
  summary: "force across the line of a pair in the plane, m a = h(r) u turned by 90 degrees",
  family: "across",
  rung: 0,
  oneForm: true,
  options: { knots: KNOTS },
  needs: "a plane",
  reads: "positions",
  conserves: { energy: false, linearMomentum: true, angularMomentum: false },
  // Forces across the line, whatever the dimension, are asked for, and take most of what this one does.
  finding: null,
  specs: ({ separations }, { dimension }) =>
    dimension === 2 ? [{ name: "chiral", knots: knotsFor(separations, 6) }] : [],
  curve: () => ({ name: "h", of: "r" }),
  create(spec, bodies) {
    if (bodies.dimension !== 2)
      throw new MclnnError("a chiral force needs a plane", {
        code: "bad-dimension",
        argument: "spec.name",
        expected: "two dimensions",
        got: String(bodies.dimension),
      });
    return {
      ...pairCurve(spec, bodies, {
        look({ u, r }, { along, turn }) {
          along[0] = -u[1];
          along[1] = u[0];
          for (let b = 0; b < 2; b++) {
            // E (1 - u u') / r with E u = along.
            turn[b] = ((b === 1 ? -1 : 0) - along[0] * u[b]) / r;
            turn[3 + b] = ((b === 0 ? 1 : 0) - along[1] * u[b]) / r;
          }
        },
      }),
      constants: () => [],
    };
  },
};
