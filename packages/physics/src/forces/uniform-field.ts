import { components } from "./components.ts";
import { type BodyCoupling, weightsBy } from "./coupling.ts";
import type { Potential } from "./force.ts";

/**
 * Uniform field: F_i = w_i g, V = -sum w_i g.q_i.
 *
 * @param g - the acceleration of every particle, w_i being its mass; with another `coupling` a force, or a force a charge. [dimension]
 * @throws MclnnError `bad-shape`, `not-finite`, `bad-option`; when used, `bad-dimension` in another dimension, `missing-charges`
 */
export function uniformField(
  g: ArrayLike<number>,
  { coupling = "mass" }: { coupling?: BodyCoupling } = {},
): Potential {
  const of = components("uniform-field", "g", g);
  const weights = weightsBy("uniform-field", coupling);
  return {
    name: "uniform-field",
    reads: "positions",
    conserves: { energy: true, linearMomentum: false, angularMomentum: false },
    energy(bodies, positions) {
      const { masses, dimension } = bodies;
      const a = of(dimension);
      const w = weights(bodies);
      let sum = 0;
      for (let i = 0, k = 0; i < masses.length; i++)
        for (let c = 0; c < dimension; c++, k++)
          sum -= (w[i] as number) * (a[c] as number) * (positions[k] as number);
      return sum;
    },
    addForces(bodies, _positions, out) {
      const { masses, dimension } = bodies;
      const a = of(dimension);
      const w = weights(bodies);
      for (let i = 0, k = 0; i < masses.length; i++)
        for (let c = 0; c < dimension; c++, k++)
          out[k] = (out[k] as number) + (w[i] as number) * (a[c] as number);
    },
  };
}
