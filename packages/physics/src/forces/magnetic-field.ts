import { checkLength } from "../arguments/mechanics.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { Potential } from "../force.ts";
import { magnetic } from "../terms/magnetic.ts";
import { forceOfKind } from "../terms/term-force.ts";
import { type BodyCoupling, perOf } from "./coupling.ts";

/**
 * Uniform magnetic field: F_i = w_i v_i x B. It does no work: its energy is 0, and a particle alone circles at the frequency w_i |B| / m_i.
 *
 * @param field - B, a vector of 3, or its one component out of the plane of x and y; in two dimensions there is no other
 * @param options - `coupling`: `charge`, the default, needs charges; with `mass`, B is a frequency; with `none`, all charges are 1
 * @throws MclnnError `bad-argument`, `bad-shape`, `not-finite`, `bad-option`; when used, `bad-dimension` for a field in the plane of two
 * dimensions, `missing-velocities`, `missing-charges`
 * @see Lorentz, Versl. K. Akad. Wet. Amsterdam (1892); Jackson, Classical Electrodynamics (1998), 12.2
 */
export function magneticField(
  field: number | ArrayLike<number>,
  options: { coupling?: BodyCoupling } = {},
): Potential {
  checkArgument("options", options, {});
  const { coupling = "charge" } = options;
  const vector = typeof field === "number" ? [0, 0, field] : field;
  checkArgument("field", vector, "numbers");
  checkLength("field", vector, [3, "components"]);
  const [bx, by, bz] = Array.from(vector) as [number, number, number];
  const spec = { name: "magnetic", per: perOf(coupling) };
  const coefficientsIn = (dimension: 2 | 3): number[] => {
    if (dimension === 3) return [bx, by, bz];
    if (bx === 0 && by === 0) return [bz];
    throw new MclnnError("the field of magnetic-field cannot be used", {
      code: "bad-dimension",
      argument: "field",
      expected: "a field out of the plane, [0, 0, b]",
      got: `[${bx}, ${by}, ${bz}]`,
    });
  };
  return forceOfKind(magnetic, (dimension) => ({ spec, coefficients: coefficientsIn(dimension) }), {
    name: "magnetic-field",
    energy: () => 0,
  }) as Potential;
}
