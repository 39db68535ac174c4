import { checkArgument } from "../arguments/requirement.ts";
import type { Potential } from "../force.ts";
import { field } from "../terms/field.ts";
import { forceOfKind } from "../terms/term-force.ts";
import { components } from "./components.ts";
import { type BodyCoupling, perOf } from "./coupling.ts";

/**
 * Uniform field: F_i = w_i g, V = -sum w_i g.q_i.
 *
 * @param g - the acceleration of every particle, w_i being its mass; with another `coupling` a force, or a force a charge. [dimension]
 * @throws MclnnError `bad-shape`, `not-finite`, `bad-option`; when used, `bad-dimension` in another dimension, `missing-charges`
 */
export function uniformField(
  g: ArrayLike<number>,
  options: { coupling?: BodyCoupling } = {},
): Potential {
  checkArgument("options", options, {});
  const { coupling = "mass" } = options;
  const of = components("uniform-field", "g", g);
  const spec = { name: "field", per: perOf(coupling) };
  return forceOfKind(field, (dimension) => ({ spec, coefficients: of(dimension) }), {
    name: "uniform-field",
  }) as Potential;
}
