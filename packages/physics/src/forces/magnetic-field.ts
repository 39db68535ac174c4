import { checkLength } from "../arguments/mechanics.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import { type BodyCoupling, given, weightsBy } from "./coupling.ts";
import type { Potential } from "./force.ts";

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
  { coupling = "charge" }: { coupling?: BodyCoupling } = {},
): Potential {
  const vector = typeof field === "number" ? [0, 0, field] : field;
  checkArgument("field", vector, "numbers");
  checkLength("field", vector, [3, "components"]);
  const [bx, by, bz] = Array.from(vector) as [number, number, number];
  const weights = weightsBy("magnetic-field", coupling);
  return {
    name: "magnetic-field",
    reads: "positions-and-velocities",
    conserves: { energy: true, linearMomentum: false, angularMomentum: false },
    energy: () => 0,
    addForces(bodies, _positions, out, velocities) {
      const { masses, dimension } = bodies;
      const flat = dimension === 2;
      if (flat && (bx !== 0 || by !== 0))
        throw new MclnnError("the field of magnetic-field cannot be used", {
          code: "bad-dimension",
          argument: "field",
          expected: "a field out of the plane, [0, 0, b]",
          got: `[${bx}, ${by}, ${bz}]`,
        });
      const v = given("magnetic-field", velocities);
      const w = weights(bodies);
      for (let i = 0, k = 0; i < masses.length; i++, k += dimension) {
        const f = w[i] as number;
        const vx = v[k] as number;
        const vy = v[k + 1] as number;
        const vz = flat ? 0 : (v[k + 2] as number);
        out[k] = (out[k] as number) + f * (vy * bz - vz * by);
        out[k + 1] = (out[k + 1] as number) + f * (vz * bx - vx * bz);
        if (!flat) out[k + 2] = (out[k + 2] as number) + f * (vx * by - vy * bx);
      }
    },
  };
}
