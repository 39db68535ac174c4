import { parametersOf } from "../potentials/parameters.ts";
import { type BodyCoupling, given, weightsBy } from "./coupling.ts";
import type { Force } from "./force.ts";

/**
 * Linear drag, as of a slow body in a viscous fluid: F_i = -w_i gamma v_i.
 *
 * @param options - `coefficient` gamma, mass / time, default 1; `coupling`, default `none`; with `mass`, gamma is a rate, 1 / time
 * @throws MclnnError `bad-parameter`, `bad-option`; when used, `missing-velocities`, `missing-charges`
 * @see Stokes, Trans. Camb. Phil. Soc. 9 (1851) 8
 */
export function linearDrag(options: { coefficient?: number; coupling?: BodyCoupling } = {}): Force {
  const { coupling = "none", ...numbers } = options ?? {};
  const { coefficient } = parametersOf("linear-drag", options && numbers, { coefficient: 1 });
  const weights = weightsBy("linear-drag", coupling);
  return {
    name: "linear-drag",
    reads: "positions-and-velocities",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    addForces(bodies, _positions, out, velocities) {
      const { masses, dimension } = bodies;
      const v = given("linear-drag", velocities);
      const w = weights(bodies);
      for (let i = 0, k = 0; i < masses.length; i++) {
        const f = coefficient * (w[i] as number);
        for (let c = 0; c < dimension; c++, k++) out[k] = (out[k] as number) - f * (v[k] as number);
      }
    },
  };
}
