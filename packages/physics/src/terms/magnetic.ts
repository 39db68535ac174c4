import { inertiaOf, scalarConstant, vectorConstant } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";

/** Entries of v -> v x e for the axes e of B; in two dimensions B has the last one alone. */
const TURNS: readonly { readonly axis: number; row: number; column: number; sign: 1 | -1 }[] = [
  { axis: 0, row: 1, column: 2, sign: 1 },
  { axis: 0, row: 2, column: 1, sign: -1 },
  { axis: 1, row: 0, column: 2, sign: -1 },
  { axis: 1, row: 2, column: 0, sign: 1 },
  { axis: 2, row: 0, column: 1, sign: 1 },
  { axis: 2, row: 1, column: 0, sign: -1 },
];

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
    const size = dimension === 3 ? 3 : 1;
    const turns = TURNS.filter(({ axis }) => axis >= 3 - size);
    return {
      size,
      accelerate({ velocities }, field, out) {
        for (let i = 0; i < masses.length; i++)
          for (const { axis, row, column, sign } of turns)
            out[3 * i + row] +=
              (sign * field[axis - 3 + size] * velocities[3 * i + column]) / inertia[i];
      },
      linearise({ velocities }, field, into) {
        for (let i = 0; i < masses.length; i++)
          for (const { axis, row, column, sign } of turns) {
            const k = axis - 3 + size;
            into.source(3 * i + row, k, (sign * velocities[3 * i + column]) / inertia[i]);
            into.damping(3 * i + row, 3 * i + column, (sign * field[k]) / inertia[i]);
          }
      },
      energy: () => 0,
      constants: (c) => [dimension === 3 ? vectorConstant("B", c) : scalarConstant("B", c)],
    };
  },
};
