import { type CurveSpec, KNOTS } from "./curve.ts";
import { knotsFor, Spline } from "./spline.ts";
import type { TermKind } from "./term.ts";
import { Triple } from "./triple.ts";

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
  create(spec, { masses, dimension }) {
    const { angles, knots } = spec;
    const [first, second] = [new Spline(knots), new Spline(knots)];
    const cutoff = knots[knots.length - 1];
    // Those that are 0, straight and not bent at the last knot.
    const radial = knots.length - 1;
    /** Where the coefficients of a pair of radial functions begin. */
    const place = (a: number, b: number): number => {
      const [low, high] = a < b ? [a, b] : [b, a];
      return angles * (low * radial - (low * (low - 1)) / 2 + high - low);
    };
    const triple = new Triple(dimension, angles);
    /** Calls `visit` with every particle i and two others within the cutoff. */
    const each = (q: Float64Array, visit: (i: number, j: number, k: number) => void): void => {
      for (let i = 0; i < masses.length; i++)
        for (let j = 0; j < masses.length; j++)
          for (let k = j + 1; k < masses.length; k++) {
            if (i === j || i === k) continue;
            triple.look(q, i, j, k);
            if (triple.ra >= cutoff || triple.rb >= cutoff) continue;
            first.at(triple.ra);
            second.at(triple.rb);
            visit(i, j, k);
          }
    };
    /** Calls `visit` with every coefficient that counts, and where in the splines and polynomials it does. */
    const terms = (visit: (z: number, e: number, f: number, l: number) => void): void => {
      for (let e = 0; e < 4 && first.first + e < radial; e++)
        for (let f = 0; f < 4 && second.first + f < radial; f++)
          for (let l = 0; l < angles; l++)
            visit(place(first.first + e, second.first + f) + l, e, f, l);
    };
    const { values: A, slopes: dA } = first;
    const { values: B, slopes: dB } = second;
    const { P, dP, ddP } = triple;
    return {
      size: (angles * radial * (radial + 1)) / 2,
      small: true,
      accelerate({ positions }, c, out) {
        each(positions, (i, j, k) => {
          let [a, b, x] = [0, 0, 0];
          terms((z, e, f, l) => {
            a += c[z] * dA[e] * B[f] * P[l];
            b += c[z] * A[e] * dB[f] * P[l];
            x += c[z] * A[e] * B[f] * dP[l];
          });
          triple.forces(a, b, x, (body, axis, force) => {
            const own = [i, j, k][body];
            out[3 * own + axis] += force / masses[own];
          });
        });
      },
      linearise({ positions }, c, into) {
        const acts = c.some((x) => x !== 0);
        each(positions, (i, j, k) => {
          const bodies = [i, j, k];
          const of = { a: 0, b: 0, x: 0, aa: 0, ab: 0, bb: 0, ax: 0, bx: 0, xx: 0 };
          const [ddA, ddB] = acts ? [first.bends(), second.bends()] : [A, B];
          terms((z, e, f, l) => {
            triple.forces(
              dA[e] * B[f] * P[l],
              A[e] * dB[f] * P[l],
              A[e] * B[f] * dP[l],
              (body, axis, force) => {
                into.source(3 * bodies[body] + axis, z, force / masses[bodies[body]]);
              },
            );
            const w = c[z];
            if (w === 0) return;
            of.a += w * dA[e] * B[f] * P[l];
            of.b += w * A[e] * dB[f] * P[l];
            of.x += w * A[e] * B[f] * dP[l];
            of.aa += w * ddA[e] * B[f] * P[l];
            of.ab += w * dA[e] * dB[f] * P[l];
            of.bb += w * A[e] * ddB[f] * P[l];
            of.ax += w * dA[e] * B[f] * dP[l];
            of.bx += w * A[e] * dB[f] * dP[l];
            of.xx += w * A[e] * B[f] * ddP[l];
          });
          if (!acts) return;
          triple.stiffness(of, (body, axis, other, along, x) => {
            into.stiffness(
              3 * bodies[body] + axis,
              3 * bodies[other] + along,
              x / masses[bodies[body]],
            );
          });
        });
      },
      energy({ positions }, c) {
        let sum = 0;
        each(positions, () => {
          terms((z, e, f, l) => {
            sum += c[z] * A[e] * B[f] * P[l];
          });
        });
        return sum;
      },
      constants: () => [],
    };
  },
};
