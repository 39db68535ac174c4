import { matrixConstant, symmetricMatrix, symmetricPlaces } from "./matrix.ts";
import { inertiaOf, massShares } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";

/**
 * Linear force from outside, as of a trap that is stiffer in one direction, or of a saddle: a_i = b - K q_i with a symmetric K, or that over m_i where it is
 * a force. Linear in K and b.
 */
export const linearForce: TermKind<TermSpec> = {
  name: "linear",
  summary: "linear force from outside, stiffer in some directions, a = b - K q",
  family: "outside",
  rung: 2,
  reads: "positions",
  conserves: { energy: true, linearMomentum: false, angularMomentum: false },
  affine: true,
  // A trap is asked for, and takes most of what this one does.
  finding: null,
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    const shares = massShares(spec, bodies);
    const matrix = symmetricMatrix(spec, bodies, "positions");
    const places = symmetricPlaces(dimension);
    const first = matrix.size;
    return {
      size: first + dimension,
      accelerate(frame, c, out) {
        matrix.accelerate(frame, c, out);
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++) out[3 * i + a] += c[first + a] / inertia[i];
      },
      linearise(frame, c, into) {
        matrix.linearise(frame, c, into);
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++) into.source(3 * i + a, first + a, 1 / inertia[i]);
      },
      energy({ positions: q }, c) {
        let sum = 0;
        shares.forEach((share, i) => {
          let own = 0;
          places.forEach(([a, b], k) => {
            own += (a === b ? 0.5 : 1) * c[k] * q[3 * i + a] * q[3 * i + b];
          });
          for (let a = 0; a < dimension; a++) own -= c[first + a] * q[3 * i + a];
          sum += share * own;
        });
        return sum;
      },
      constants: (c) => [
        matrixConstant("K", c, dimension),
        {
          name: "b",
          value: Array.from(c.subarray(first)),
          gradient: Array.from({ length: dimension }, (_, a) =>
            Array.from(c, (_, k) => (k === first + a ? 1 : 0)),
          ),
        },
      ],
    };
  },
};
