import { inertiaOf, scalarConstant, vectorConstant } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";
import { turnsIn } from "./turns.ts";

/** Force across the velocity, as of a magnetic field: a_i = v_i x B, or that over m_i where it is a force. B = (0, 0, B) in two dimensions. */
export const magnetic: TermKind<TermSpec> = {
  name: "magnetic",
  summary: "force across the velocity, as of a magnetic field, a = v x B",
  family: "velocity",
  rung: 0,
  reads: "positions-and-velocities",
  conserves: { energy: true, linearMomentum: false, angularMomentum: false },
  affine: true,
  finding: {
    kind: "velocity-force",
    what: "forces act across the velocity, as of a magnetic field or a rotating frame",
    mend: "Record in a frame that does not rotate; a pair law of separations cannot hold it.",
  },
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    const { size, turns } = turnsIn(dimension);
    return {
      size,
      accelerate({ velocities }, field, out) {
        for (let i = 0; i < masses.length; i++)
          for (const { row, column, sign, k } of turns)
            out[3 * i + row] += (sign * field[k] * velocities[3 * i + column]) / inertia[i];
      },
      linearise({ velocities }, field, into) {
        for (let i = 0; i < masses.length; i++)
          for (const { row, column, sign, k } of turns) {
            into.source(3 * i + row, k, (sign * velocities[3 * i + column]) / inertia[i]);
            into.damping(3 * i + row, 3 * i + column, (sign * field[k]) / inertia[i]);
          }
      },
      energy: () => 0,
      constants: (c) => [dimension === 3 ? vectorConstant("B", c) : scalarConstant("B", c)],
    };
  },
};
