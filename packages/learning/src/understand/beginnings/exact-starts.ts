import type { Explanation, Search } from "../explanation.ts";
import type { Hypothesis } from "../hypothesis.ts";
import type { Inquiry } from "../inquiry.ts";
import { settled, withMakersSteps } from "../settle.ts";

/** The law from exact start states, steps and knots as fine as they need to be. @param first - a fit to go on from */
export function* fromExactStarts(inquiry: Inquiry, first: Explanation | null): Search<Explanation> {
  const hypothesis: Hypothesis = { ...inquiry.first, starts: "exact" };
  const fitted: Explanation = first ?? (yield { hypothesis, from: null });
  yield { kept: fitted, by: "first fit" };
  return yield* withMakersSteps(inquiry, yield* settled(inquiry, fitted));
}
