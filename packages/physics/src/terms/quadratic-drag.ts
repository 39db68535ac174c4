import { inertiaOf, scalarConstant } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";

/** Quadratic drag: a_i = -c |v_i| v_i, or that over m_i where it is a force. */
export const quadraticDrag: TermKind<TermSpec> = {
  name: "quadratic-drag",
  summary: "quadratic drag, a = -c |v| v",
  family: "drag",
  rung: 1,
  reads: "positions-and-velocities",
  conserves: { energy: false, linearMomentum: false, angularMomentum: false },
  // Linear drag is asked for, and takes most of what this one does.
  finding: null,
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    const speedOf = (v: Float64Array, i: number): number => {
      let square = 0;
      for (let a = 0; a < dimension; a++) square += v[3 * i + a] * v[3 * i + a];
      return Math.sqrt(square);
    };
    return {
      size: 1,
      accelerate({ velocities: v }, c, out) {
        for (let i = 0; i < masses.length; i++) {
          const f = (c[0] * speedOf(v, i)) / inertia[i];
          for (let a = 0; a < dimension; a++) out[3 * i + a] -= f * v[3 * i + a];
        }
      },
      linearise({ velocities: v }, c, into) {
        for (let i = 0; i < masses.length; i++) {
          const speed = speedOf(v, i);
          if (speed === 0) continue;
          for (let a = 0; a < dimension; a++) {
            const row = 3 * i + a;
            into.source(row, 0, (-speed * v[row]) / inertia[i]);
            // d(|v| v_a) / dv_b = |v| (a = b) + v_a v_b / |v|
            for (let b = 0; b < dimension; b++) {
              const column = 3 * i + b;
              const slope = (a === b ? speed : 0) + (v[row] * v[column]) / speed;
              into.damping(row, column, (-c[0] * slope) / inertia[i]);
            }
          }
        }
      },
      constants: (c) => [scalarConstant("c", c)],
    };
  },
};
