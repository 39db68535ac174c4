import type { Potential } from "../force.ts";
import type { PairPotential } from "../pair-potential.ts";
import { pairSum } from "./pair-sum.ts";

/**
 * Lifts a pair potential to a potential of N particles: V = sum over pairs i < j of w_ij V(|q_i - q_j|), w_ij by the coupling.
 *
 * Forces are central, equal and opposite, so linear and angular momentum are conserved.
 * The loop over pairs allocates nothing; where several kinds of pair potential are in use, the engine boxes r and V' (32 short-lived bytes a pair).
 *
 * @throws MclnnError `bad-potential` for a pair potential without slope or with an unknown coupling; when energy or forces are asked for:
 * `zero-separation` for coincident particles of a potential singular there, `missing-charges` for charge-product without charges, and
 * `not-finite-force` where V' is not finite
 */
export function pairwise(pair: PairPotential): Potential {
  const sum = pairSum([pair]);
  return { name: pair.name, pair, ...sum };
}
