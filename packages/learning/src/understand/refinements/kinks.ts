import { soughtBend } from "../../fit/bends.ts";
import { schedulesOf } from "../../records/dynamics.ts";
import type { Kink } from "../../splines/bent-knots.ts";
import { findKinks } from "../../splines/kinks.ts";
import { withTerms } from "../../terms/law-terms.ts";
import type { Explanation, Refinement } from "../explanation.ts";

/** Knots at a kink stay if the loss falls to this share: few knots are spent on it, and what is left may be the steps'. */
const BENT = 0.7;
/** They are moved again while it falls to this share. */
const FALLEN = 0.25;
/** A bend that takes this share of the residuals' sum of squares is tried as a kink. */
const TELLING = 0.3;

/** Whether knots lie at kinks. */
export const isKinked = ({ hypothesis: { shape } }: Explanation): boolean =>
  shape !== undefined && shape.kinks.length > 0;

/**
 * Knots for kinks of the law (touching spheres), moved while that makes the loss fall.
 *
 * @param least - loss that is low enough
 * @param seenIn - where a first kink is looked for: in the shape of the law, or in the residuals of exact records
 */
export function kinks(least: number, seenIn: "law" | "residuals"): Refinement {
  return {
    name: "knots at a kink",
    *propose(now, path) {
      const { hypothesis, fit } = now;
      const before = path.at(-1)?.fit.loss;
      if (!(fit.loss > least) || (before !== undefined && fit.loss / before > FALLEN)) return null;
      const found = isKinked(now) || seenIn === "law" ? kinksOf(now) : kinksAskedForBy(now);
      if (found.length === 0) return null;
      const shape = { follows: hypothesis.shape?.follows ?? null, kinks: found };
      const bent = yield { hypothesis: { ...hypothesis, shape }, from: now };
      return bent.fit.loss / fit.loss < BENT ? bent : null;
    },
  };
}

/** Kinks that a law has tried to follow. */
const kinksOf = ({ hypothesis: { shape }, fit }: Explanation): readonly Kink[] =>
  findKinks(fit.basis, fit.coefficients, shape?.kinks ?? []);

/** The kink that the residuals of exact records ask for. */
function kinksAskedForBy({ hypothesis, fit }: Explanation): readonly Kink[] {
  const { dynamics } = hypothesis;
  const data = withTerms(hypothesis.data, hypothesis.terms, fit.values);
  const bend = soughtBend({
    data,
    ...schedulesOf(data.times, dynamics),
    basis: fit.basis,
    coefficients: fit.coefficients,
    starts: { ...fit.starts, velocityWeight: null },
  });
  return bend !== null && bend.share > TELLING ? [bend.kink] : [];
}
