import { checkDimension, inertiaOf, scalarConstant } from "./shared.ts";
import type { TermConstant, TermKind, TermSpec } from "./term.ts";

export interface TrapSpec extends TermSpec {
  readonly name: "trap";
  /** Where it is; left out, the centre is to be found as well. [dimension] */
  readonly centre?: readonly number[];
}

/**
 * Harmonic trap: a_i = -k (q_i - centre), or that over m_i where it is a force.
 *
 * About an unknown centre a_i = b - k q_i, linear in k and b; the centre is b / k.
 */
export const trap: TermKind<TrapSpec> = {
  name: "trap",
  summary: "harmonic trap, a = -k (q - centre)",
  family: "outside",
  rung: 1,
  options: { centre: "numbers?" },
  reads: "positions",
  conserves: { energy: true, linearMomentum: false, angularMomentum: false },
  affine: true,
  finding: {
    kind: "trap",
    what: "particles are drawn to (or pushed from) one place: a force from outside that grows with the distance",
    mend: "Add the body or the field behind it, or record in a frame without it.",
  },
  candidate: ({ middle }) => ({ name: "trap", centre: middle }),
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    const { centre } = spec;
    if (centre !== undefined) checkDimension("a trap", "spec.centre", centre, dimension);
    const about = centre ?? [0, 0, 0];
    const found = centre === undefined;
    return {
      size: found ? 1 + dimension : 1,
      accelerate({ positions }, c, out) {
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++) {
            const push = found ? c[1 + a] : 0;
            out[3 * i + a] += (push - c[0] * (positions[3 * i + a] - about[a])) / inertia[i];
          }
      },
      linearise({ positions }, c, into) {
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++) {
            const row = 3 * i + a;
            into.source(row, 0, -(positions[row] - about[a]) / inertia[i]);
            if (found) into.source(row, 1 + a, 1 / inertia[i]);
            into.stiffness(row, row, -c[0] / inertia[i]);
          }
      },
      energy({ positions }, c) {
        let sum = 0;
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++) {
            const x = positions[3 * i + a] - about[a];
            const push = found ? c[1 + a] : 0;
            sum += (masses[i] / inertia[i]) * (0.5 * c[0] * x * x - push * x);
          }
        return sum;
      },
      constants: (c) => [scalarConstant("k", c), ...(found ? [centreOf(c)] : [])],
      coefficients: ([k, ...at]) => [k, ...at.map((x) => k * x)],
    };
  },
};

/** b / k; not a number where there is no trap. */
function centreOf(c: Float64Array): TermConstant {
  const k = c[0];
  const push = Array.from(c.subarray(1));
  return {
    name: "centre",
    value: push.map((b) => b / k),
    gradient: push.map((b, row) => [
      -b / (k * k),
      ...push.map((_, column) => (column === row ? 1 / k : 0)),
    ]),
  };
}
