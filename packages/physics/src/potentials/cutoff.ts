import { checkPair } from "../arguments/mechanics.ts";
import { checkArgument } from "../arguments/requirement.ts";
import type { PairPotential } from "../pair-potential.ts";
import { slopeDerivative } from "./numerical-derivative.ts";

/**
 * V up to a cutoff, nothing beyond. The force ends with a jump where it is not 0 there, as it does in most molecular dynamics.
 *
 * @param options - `cutoff`: above 0; `shifted`: V is moved so that it ends at 0, which changes no force. Default true
 * @throws MclnnError `bad-potential`, `bad-cutoff`
 */
export function withCutoff(
  pair: PairPotential,
  options: { readonly cutoff: number; readonly shifted?: boolean },
): PairPotential & { readonly cutoff: number } {
  checkPair("pair", pair);
  checkArgument("options", options, { cutoff: "positive" }, { code: "bad-cutoff" });
  checkArgument("options", options, { shifted: "flag?" });
  const { cutoff, shifted = true } = options;
  const end = shifted ? pair.energy(cutoff) : 0;
  const { name, parameters, coupling } = pair;
  return {
    name,
    ...(parameters === undefined ? {} : { parameters }),
    ...(coupling === undefined ? {} : { coupling }),
    cutoff,
    energy: (r) => (r >= cutoff ? 0 : pair.energy(r) - end),
    slope: (r) => (r >= cutoff ? 0 : pair.slope(r)),
    curvature: (r) => (r >= cutoff ? 0 : (pair.curvature?.(r) ?? slopeDerivative(pair.slope, r))),
  };
}
