import { inertiaOf, scalarConstant } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";

/** Linear drag: a_i = -gamma v_i, or that over m_i where it is a force. */
export const drag: TermKind<TermSpec> = {
  name: "drag",
  summary: "linear drag, a = -gamma v",
  family: "drag",
  rung: 0,
  reads: "positions-and-velocities",
  conserves: { energy: false, linearMomentum: false, angularMomentum: false },
  affine: true,
  finding: {
    kind: "drag",
    what: "energy falls (or grows) with the speed: drag",
    mend: "Record faster or with less friction; a conserving law cannot hold drag.",
  },
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    return {
      size: 1,
      accelerate({ velocities }, c, out) {
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++)
            out[3 * i + a] -= (c[0] * velocities[3 * i + a]) / inertia[i];
      },
      linearise({ velocities }, c, into) {
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++) {
            const row = 3 * i + a;
            into.source(row, 0, -velocities[row] / inertia[i]);
            into.damping(row, row, -c[0] / inertia[i]);
          }
      },
      constants: (c) => [scalarConstant("gamma", c)],
    };
  },
};
