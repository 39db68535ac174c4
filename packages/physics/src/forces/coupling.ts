import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { Bodies } from "../system.ts";

/**
 * The weight w_i that a force on single particles is multiplied with: `none`, 1, so that the force is alike for all; `mass`, m_i, so that
 * the acceleration is; `charge`, q_i.
 */
export type BodyCoupling = "none" | "mass" | "charge";

/** Weights of the particles. [N] @throws MclnnError `bad-option`; when asked for, `missing-charges` */
export function weightsBy(force: string, coupling: BodyCoupling): (bodies: Bodies) => Float64Array {
  checkArgument("coupling", coupling, ["none", "mass", "charge"]);
  if (coupling === "mass") return ({ masses }) => masses;
  if (coupling === "charge") return (bodies) => chargesOf(force, bodies);
  let ones = new Float64Array(0);
  return ({ masses }) => {
    if (ones.length < masses.length) ones = new Float64Array(masses.length).fill(1);
    return ones;
  };
}

/** @throws MclnnError `missing-charges` */
export function chargesOf(force: string, { charges }: Bodies): Float64Array {
  if (charges !== undefined) return charges;
  throw new MclnnError(`${force} needs charges`, {
    code: "missing-charges",
    argument: "charges",
    expected: "a charge for every particle",
    got: "none",
  });
}

/** Velocities, for a force that reads them. @throws MclnnError `missing-velocities` */
export function given(force: string, velocities: Float64Array | undefined): Float64Array {
  if (velocities !== undefined) return velocities;
  throw new MclnnError(`${force} needs velocities`, {
    code: "missing-velocities",
    argument: "velocities",
    expected: "a velocity for every particle",
    got: "none",
  });
}
