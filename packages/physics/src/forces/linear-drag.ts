import type { Force } from "../force.ts";
import { parametersOf } from "../potentials/parameters.ts";
import { drag } from "../terms/drag.ts";
import { forceOfKind } from "../terms/term-force.ts";
import { type BodyCoupling, perOf } from "./coupling.ts";

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
  const at = { spec: { name: "drag", per: perOf(coupling) }, coefficients: [coefficient] };
  return forceOfKind(drag, () => at, { name: "linear-drag" });
}
