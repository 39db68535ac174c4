import { scalarConstant, vectorConstant } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";
import { turnsIn } from "./turns.ts";

/**
 * What acts in a frame that turns about an axis through the origin: a_i = 2 v_i x W + (W x q_i) x W, the forces of Coriolis and the centrifugal one.
 * W = (0, 0, W) in two dimensions. It goes with the mass, whatever that is.
 */
export const coriolis: TermKind<TermSpec> = {
  name: "coriolis",
  summary: "what acts in a frame that turns about the origin, a = 2 v x W + (W x q) x W",
  family: "velocity",
  rung: 1,
  oneForm: true,
  reads: "positions-and-velocities",
  conserves: { energy: true, linearMomentum: false, angularMomentum: false },
  // A force across the velocity is asked for, and takes most of what this one does.
  finding: null,
  create(_spec, { masses, dimension }) {
    const { size, turns } = turnsIn(dimension);
    const whole = (W: Float64Array, out: Float64Array): Float64Array => {
      out.set(W, 3 - size);
      return out;
    };
    const w = new Float64Array(3);
    const square = (): number => w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
    const dot = (x: Float64Array, o: number): number =>
      w[0] * x[o] + w[1] * x[o + 1] + w[2] * x[o + 2];
    return {
      size,
      accelerate({ positions: q, velocities: v }, W, out) {
        whole(W, w);
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          for (const { row, column, sign, k } of turns)
            out[o + row] += 2 * sign * W[k] * v[o + column];
          // (W x q) x W = W^2 q - (W . q) W
          for (let a = 0; a < dimension; a++) out[o + a] += square() * q[o + a] - dot(q, o) * w[a];
        }
      },
      linearise({ positions: q, velocities: v }, W, into) {
        whole(W, w);
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          for (const { row, column, sign, k } of turns) {
            into.source(o + row, k, 2 * sign * v[o + column]);
            into.damping(o + row, o + column, 2 * sign * W[k]);
          }
          for (let a = 0; a < dimension; a++) {
            for (let k = 0; k < size; k++) {
              const b = k + 3 - size;
              into.source(
                o + a,
                k,
                2 * w[b] * q[o + a] - q[o + b] * w[a] - (a === b ? dot(q, o) : 0),
              );
            }
            for (let b = 0; b < dimension; b++)
              into.stiffness(o + a, o + b, (a === b ? square() : 0) - w[a] * w[b]);
          }
        }
      },
      energy({ positions: q }, W) {
        whole(W, w);
        let sum = 0;
        masses.forEach((m, i) => {
          const along = dot(q, 3 * i);
          let far = 0;
          for (let a = 0; a < dimension; a++) far += q[3 * i + a] * q[3 * i + a];
          sum -= 0.5 * m * (square() * far - along * along);
        });
        return sum;
      },
      constants: (c) => [dimension === 3 ? vectorConstant("W", c) : scalarConstant("W", c)],
    };
  },
};
