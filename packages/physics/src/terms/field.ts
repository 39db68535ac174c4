import { inertiaOf, vectorConstant } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";

/** Uniform field: a_i = g, or g / m_i where it is a force. */
export const field: TermKind<TermSpec> = {
  name: "field",
  summary: "uniform field, a = g",
  family: "outside",
  rung: 0,
  reads: "positions",
  conserves: { energy: true, linearMomentum: false, angularMomentum: false },
  affine: true,
  finding: {
    kind: "outside-force",
    what: "the total momentum changes: a force from outside acts on all particles",
    mend: "Take the outside force out of the data (a frame that falls with it), or add the body it comes from.",
  },
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    return {
      size: dimension,
      accelerate(_, g, out) {
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++) out[3 * i + a] += g[a] / inertia[i];
      },
      linearise(_frame, _g, into) {
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++) into.source(3 * i + a, a, 1 / inertia[i]);
      },
      energy({ positions }, g) {
        let sum = 0;
        for (let i = 0; i < masses.length; i++)
          for (let a = 0; a < dimension; a++)
            sum -= (masses[i] / inertia[i]) * g[a] * positions[3 * i + a];
        return sum;
      },
      constants: (g) => [vectorConstant("g", g)],
    };
  },
};
