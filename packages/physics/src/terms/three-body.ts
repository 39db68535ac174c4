import { type CurveSpec, KNOTS } from "./curve.ts";
import { knotsFor } from "./spline.ts";
import type { TermKind } from "./term.ts";
import { TripleBasis } from "./triple-basis.ts";

export interface ThreeBodySpec extends CurveSpec {
  /** Legendre polynomials of the cosine of the angle, from 0 on. */
  readonly angles: number;
}

/** Share of the separations within which three particles feel each other. */
const NEAR = 0.9;

/**
 * Energies of every particle i with two others j and k: the sum over a <= b and l of c_abl [B_a(r_ij) B_b(r_ik) + B_b(r_ij) B_a(r_ik)] P_l(cos of the angle at i),
 * with B-splines B that are 0 from the last knot on and Legendre polynomials P. The form that Stillinger and Weber (1985) and others are cases of.
 */
export const threeBody: TermKind<ThreeBodySpec> = {
  name: "three-body",
  summary: "energy of every particle with two others, m a = -grad sum f(r, r', cos)",
  family: "three-body",
  rung: 0,
  oneForm: true,
  needs: "three particles",
  options: { knots: KNOTS, angles: "count" },
  reads: "positions",
  conserves: { energy: true, linearMomentum: true, angularMomentum: true },
  // A few energies of that form are asked for, whatever the law holds.
  finding: null,
  specs({ separations }, { masses }) {
    const near = separations.subarray(0, Math.max(2, Math.ceil(NEAR * separations.length)));
    return masses.length < 3 ? [] : [{ name: "three-body", knots: knotsFor(near, 5), angles: 4 }];
  },
  create(spec, bodies) {
    const { masses } = bodies;
    const basis = new TripleBasis(spec, bodies);
    return {
      size: basis.size,
      small: true,
      accelerate({ positions }, c, out) {
        basis.eachTriple(positions, (...of) => {
          const { a, b, x } = basis.derivatives(c);
          basis.triple.forces(a, b, x, (body, axis, force) => {
            out[3 * of[body] + axis] += force / masses[of[body]];
          });
        });
      },
      linearise({ positions }, c, into) {
        const acts = c.some((x) => x !== 0);
        basis.eachTriple(positions, (...of) => {
          basis.eachTerm((z, a, b, x) => {
            basis.triple.forces(a, b, x, (body, axis, force) => {
              into.source(3 * of[body] + axis, z, force / masses[of[body]]);
            });
          });
          if (!acts) return;
          basis.triple.stiffness(basis.derivatives(c), (body, axis, other, along, x) => {
            into.stiffness(3 * of[body] + axis, 3 * of[other] + along, x / masses[of[body]]);
          });
        });
      },
      energy({ positions }, c) {
        let sum = 0;
        basis.eachTriple(positions, () => {
          sum += basis.derivatives(c).value;
        });
        return sum;
      },
      constants: () => [],
    };
  },
};
