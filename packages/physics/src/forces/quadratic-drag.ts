import type { Force } from "../force.ts";
import { parametersOf } from "../potentials/parameters.ts";
import { quadraticDrag as kind } from "../terms/quadratic-drag.ts";
import { forceOfKind } from "../terms/term-force.ts";
import { type BodyCoupling, perOf } from "./coupling.ts";

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
  const at = {
    spec: { name: "quadratic-drag", per: perOf(coupling) },
    coefficients: [coefficient],
  };
  return forceOfKind(kind, () => at, { name: "quadratic-drag" });
}
