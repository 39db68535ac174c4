import { checkArgument } from "../arguments/requirement.ts";
import type { TermSpec } from "../terms/term.ts";

/**
 * The weight w_i that a force on single particles is multiplied with: `none`, 1, so that the force is alike for all; `mass`, m_i, so that
 * the acceleration is; `charge`, q_i.
 */
export type BodyCoupling = "none" | "mass" | "charge";

/** How a term says the same. */
const PER = { none: "force", mass: "acceleration", charge: "charge" } as const;

/** @throws MclnnError `bad-option` */
export function perOf(coupling: BodyCoupling): NonNullable<TermSpec["per"]> {
  checkArgument("coupling", coupling, Object.keys(PER));
  return PER[coupling];
}
