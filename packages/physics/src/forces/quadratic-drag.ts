import { parametersOf } from "../potentials/parameters.ts";
import { type BodyCoupling, given, weightsBy } from "./coupling.ts";
import type { Force } from "./force.ts";

/**
 * Quadratic drag, as of a fast body in air: F_i = -w_i c |v_i| v_i.
 *
 * @param options - `coefficient` c, mass / length, default 1; `coupling`, default `none`; with `mass`, c is an inverse length
 * @throws MclnnError `bad-parameter`, `bad-option`; when used, `missing-velocities`, `missing-charges`
 * @see Newton, Principia (1687), book II, section II
 */
export function quadraticDrag(
  options: { coefficient?: number; coupling?: BodyCoupling } = {},
): Force {
  const { coupling = "none", ...numbers } = options ?? {};
  const { coefficient } = parametersOf("quadratic-drag", options && numbers, { coefficient: 1 });
  const weights = weightsBy("quadratic-drag", coupling);
  return {
    name: "quadratic-drag",
    reads: "positions-and-velocities",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    addForces(bodies, _positions, out, velocities) {
      const { masses, dimension } = bodies;
      const v = given("quadratic-drag", velocities);
      const w = weights(bodies);
      for (let i = 0, k = 0; i < masses.length; i++) {
        let square = 0;
        for (let c = 0; c < dimension; c++) square += (v[k + c] as number) * (v[k + c] as number);
        const f = coefficient * (w[i] as number) * Math.sqrt(square);
        for (let c = 0; c < dimension; c++, k++) out[k] = (out[k] as number) - f * (v[k] as number);
      }
    },
  };
}
