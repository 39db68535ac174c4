import type { Explanation, Proposal, Search } from "../explanation.ts";
import type { Inquiry } from "../inquiry.ts";
import { resolved, withMakersSteps } from "../settle.ts";

/** Passes of free starts under a law that is close. */
const FEW_PASSES = 5;

/** The same from start states that are unknowns. */
export function* fromFreeStarts(
  inquiry: Inquiry,
  { hypothesis, from }: Pick<Proposal, "hypothesis" | "from">,
): Search<Explanation> {
  const fitted = yield {
    hypothesis: { ...hypothesis, starts: "free" },
    from,
    ...(from !== null && { passes: Math.min(FEW_PASSES, inquiry.limits.passes) }),
  };
  yield { kept: fitted, by: "free start states" };
  return yield* withMakersSteps(inquiry, yield* resolved(inquiry, fitted));
}
