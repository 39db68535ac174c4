import type { Explanation, Refinement } from "../explanation.ts";
import type { Sample } from "../sample.ts";
import { stepError } from "../step-error.ts";

/** Steps are halved while the difference to half steps is more than this share of the loss, or this much. */
const SHARE = 0.01;
const FLOOR = 1e-14;
/** Where records skip turns, more steps from one to the next are lost on a law that cannot be followed. */
const MOST_WHERE_TURNS_ARE_SKIPPED = 8;
/** Doublings that do not halve the loss before they are given up. */
const IDLE_DOUBLINGS = 2;
/** Sensitivities may be as coarse as this mean square difference to half steps. */
const TANGENT_ERROR = 1e-7;
/** A loss of so many noise variances, as local polynomials see it, may still be a law's. */
const SENSIBLE = 4;

/** More steps a record until half steps make no difference that matters. */
export function substeps(
  { scatter, skipsTurns }: Sample,
  { most, mayBeFree }: { readonly most: number; readonly mayBeFree: boolean },
): Refinement {
  const limit = skipsTurns ? Math.min(most, MOST_WHERE_TURNS_ARE_SKIPPED) : most;
  return {
    name: "more substeps",
    *propose(now, path) {
      const { hypothesis, fit } = now;
      const { dynamics, steps } = hypothesis;
      const free = hypothesis.starts === "free";
      if (steps !== "resolved" || dynamics.substeps >= limit) return null;
      // A step error that falls 256-fold with each doubling is long gone by then, or was not what is wrong.
      if (free && idleDoublings(now, path) === IDLE_DOUBLINGS) return null;
      // Where neither noise nor steps explain what is left, exact start states do not.
      const before = path.at(-1)?.fit.loss;
      if (!free && mayBeFree && before !== undefined)
        if (fit.loss > Math.max(before / 2, SENSIBLE * scatter)) return null;
      const error = stepError(now);
      if (error <= Math.max(SHARE * fit.loss, FLOOR)) return null;
      const doubled = 2 * dynamics.substeps;
      return yield {
        hypothesis: {
          ...hypothesis,
          dynamics: {
            ...dynamics,
            substeps: doubled,
            // Exact data are fitted so closely that coarse tangents would make each step miss.
            tangentSubsteps: free && error <= TANGENT_ERROR ? dynamics.tangentSubsteps : doubled,
          },
        },
        from: Number.isFinite(error) ? now : null,
      };
    },
  };
}

/** How many of the last doublings have not halved the loss. */
function idleDoublings(now: Explanation, path: readonly Explanation[]): number {
  const losses = [...path, now].map(({ fit }) => fit.loss);
  let idle = 0;
  for (let k = 1; k < losses.length; k++) idle = losses[k] > losses[k - 1] / 2 ? idle + 1 : 0;
  return idle;
}
