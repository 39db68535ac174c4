import { fromFreeStarts } from "../beginnings/free-starts.ts";
import type { Explanation, Refinement } from "../explanation.ts";
import { type Inquiry, SENSIBLE } from "../inquiry.ts";
import { settled, withMakersSteps } from "../settle.ts";

/** Free start states must lower the residual variance by this factor, or those given are exact. */
const EXACT_RATIO = 1.2;
/** Free starts that lower the loss to this share of it have found what the exact ones missed. */
const FOUND = 0.01;

const isBetter = (free: Explanation, exact: Explanation): boolean =>
  exact.fit.variance > EXACT_RATIO * free.fit.variance;

/** Start states are unknowns where exact ones leave what free ones do not: measurements have noise. */
export const freeStarts = (inquiry: Inquiry): Refinement => ({
  name: "start states are unknowns",
  *propose(exact) {
    const { sample, first } = inquiry;
    const bound = SENSIBLE * sample.scatter;
    // Steps and knots of a fit that went astray are no place to start from; its law may be, or not.
    const hypothesis = exact.fit.loss < bound ? exact.hypothesis : first;
    let free = yield* fromFreeStarts(inquiry, { hypothesis, from: exact });
    if (!(free.fit.loss < Math.max(bound, FOUND * exact.fit.loss))) {
      const anew = yield* fromFreeStarts(inquiry, { hypothesis: first, from: null });
      if (anew.fit.variance < free.fit.variance) free = anew;
    }
    if (!isBetter(free, exact)) return null;
    // Exact starts are asked again under the law that free ones have found.
    const again = yield { hypothesis: { ...free.hypothesis, starts: "exact" }, from: free };
    return isBetter(free, again) ? free : again;
  },
});

/** Start states are exact where the law that free ones have found follows the given ones as well. */
export const exactStarts = (inquiry: Inquiry): Refinement => ({
  name: "start states are exact",
  *propose(free) {
    const again = yield { hypothesis: { ...free.hypothesis, starts: "exact" }, from: free };
    if (isBetter(free, again)) return null;
    return yield* withMakersSteps(inquiry, yield* settled(inquiry, again));
  },
});
