import { matrixConstant, symmetricMatrix } from "./matrix.ts";
import type { TermKind, TermSpec } from "./term.ts";

/** Linear drag that is stronger in some directions: a_i = -G v_i with a symmetric G, or that over m_i where it is a force. */
export const anisotropicDrag: TermKind<TermSpec> = {
  name: "anisotropic-drag",
  summary: "linear drag, stronger in some directions, a = -G v",
  family: "drag",
  rung: 3,
  reads: "positions-and-velocities",
  conserves: { energy: false, linearMomentum: false, angularMomentum: false },
  affine: true,
  // Drag the same in all directions is asked for, and takes most of what this one does.
  finding: null,
  create: (spec, bodies) => ({
    ...symmetricMatrix(spec, bodies, "velocities"),
    constants: (c) => [matrixConstant("G", c, bodies.dimension)],
  }),
};
