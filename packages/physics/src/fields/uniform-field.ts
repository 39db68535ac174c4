import type { Potential } from "../potential.ts";
import { components } from "./components.ts";

/**
 * Uniform field: V = -sum m_i g.q_i, so that every particle is accelerated by g.
 *
 * @param g - acceleration. [dimension]
 * @throws MclnnError `bad-shape`, `not-finite`; `bad-dimension` when used in another dimension
 */
export function uniformField(g: ArrayLike<number>): Potential {
  const of = components("uniform-field", "g", g);
  return {
    name: "uniform-field",
    dependsOn: "positions",
    conserves: { linearMomentum: false, angularMomentum: false },
    energy({ masses, dimension }, positions) {
      const a = of(dimension);
      let sum = 0;
      for (let i = 0, k = 0; i < masses.length; i++)
        for (let c = 0; c < dimension; c++, k++)
          sum -= (masses[i] as number) * (a[c] as number) * (positions[k] as number);
      return sum;
    },
    addForces({ masses, dimension }, _positions, out) {
      const a = of(dimension);
      for (let i = 0, k = 0; i < masses.length; i++)
        for (let c = 0; c < dimension; c++, k++)
          out[k] = (out[k] as number) + (masses[i] as number) * (a[c] as number);
    },
  };
}
