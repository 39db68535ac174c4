import type { Bodies } from "../bodies.ts";
import { inertiaOf } from "./shared.ts";
import type { TermConstant, TermFormula, TermSpec } from "./term.ts";

/** Places of a symmetric matrix that are free: row, column, the diagonal among them. */
export const symmetricPlaces = (dimension: number): readonly (readonly [number, number])[] =>
  Array.from({ length: dimension }, (_, a) =>
    Array.from({ length: dimension - a }, (_, b) => [a, a + b] as const),
  ).flat();

/** Accelerations -S s of each particle, S a symmetric matrix to be found and s its position or velocity. */
export function symmetricMatrix(
  spec: TermSpec,
  bodies: Bodies,
  state: "positions" | "velocities",
): Pick<TermFormula, "size" | "accelerate" | "linearise"> {
  const { masses, dimension } = bodies;
  const inertia = inertiaOf(spec, bodies);
  const places = symmetricPlaces(dimension);
  return {
    size: places.length,
    accelerate({ [state]: s }, c, out) {
      for (let i = 0; i < masses.length; i++)
        places.forEach(([a, b], k) => {
          out[3 * i + a] -= (c[k] * s[3 * i + b]) / inertia[i];
          if (a !== b) out[3 * i + b] -= (c[k] * s[3 * i + a]) / inertia[i];
        });
    },
    linearise({ [state]: s }, c, into) {
      for (let i = 0; i < masses.length; i++)
        places.forEach(([a, b], k) => {
          const tell = (row: number, column: number): void => {
            into.source(row, k, -s[column] / inertia[i]);
            if (state === "positions") into.stiffness(row, column, -c[k] / inertia[i]);
            else into.damping(row, column, -c[k] / inertia[i]);
          };
          tell(3 * i + a, 3 * i + b);
          if (a !== b) tell(3 * i + b, 3 * i + a);
        });
    },
  };
}

/** The matrix as a constant, its places row by row: xx, xy, yy. @param size - of all coefficients */
export const matrixConstant = (name: string, c: Float64Array, dimension: number): TermConstant => {
  const places = symmetricPlaces(dimension);
  return {
    name,
    value: places.map((_, k) => c[k]),
    gradient: places.map((_, row) => Array.from(c, (_, k) => (k === row ? 1 : 0))),
  };
};
