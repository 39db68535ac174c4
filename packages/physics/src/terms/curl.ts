import { inertiaOf, scalarConstant, vectorConstant } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";
import { turnsIn } from "./turns.ts";

/** Force about an axis through the origin that grows with the distance from it, as of a vortex: a_i = w x q_i, or that over m_i where it is a force. */
export const curl: TermKind<TermSpec> = {
  name: "curl",
  summary: "force about an axis through the origin, a = w x q",
  family: "outside",
  rung: 2,
  reads: "positions",
  conserves: { energy: false, linearMomentum: false, angularMomentum: false },
  affine: true,
  // Terms that are met more often stand for it.
  finding: null,
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    const { size, turns } = turnsIn(dimension);
    return {
      size,
      accelerate({ positions: q }, w, out) {
        for (let i = 0; i < masses.length; i++)
          for (const { row, column, sign, k } of turns)
            out[3 * i + row] -= (sign * w[k] * q[3 * i + column]) / inertia[i];
      },
      linearise({ positions: q }, w, into) {
        for (let i = 0; i < masses.length; i++)
          for (const { row, column, sign, k } of turns) {
            into.source(3 * i + row, k, (-sign * q[3 * i + column]) / inertia[i]);
            into.stiffness(3 * i + row, 3 * i + column, (-sign * w[k]) / inertia[i]);
          }
      },
      constants: (c) => [dimension === 3 ? vectorConstant("w", c) : scalarConstant("w", c)],
    };
  },
};
