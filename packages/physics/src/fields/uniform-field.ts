import type { Potential } from "../potential.ts";

/** Uniform field: V = -sum m_i g.q_i, so that every particle is accelerated by g. @param g - [dimension] */
export function uniformField(g: readonly number[]): Potential {
  return {
    name: "uniform-field",
    dependsOn: "positions",
    conserves: { linearMomentum: false, angularMomentum: false },
    energy({ masses, dimension }, positions) {
      let sum = 0;
      for (let i = 0; i < masses.length; i++)
        for (let c = 0; c < dimension; c++)
          sum -= (masses[i] as number) * (g[c] ?? 0) * (positions[i * dimension + c] as number);
      return sum;
    },
    addForces({ masses, dimension }, _positions, out) {
      for (let i = 0; i < masses.length; i++)
        for (let c = 0; c < dimension; c++) {
          const k = i * dimension + c;
          out[k] = (out[k] as number) + (masses[i] as number) * (g[c] ?? 0);
        }
    },
  };
}
