import { type Explanation, refine, type Search } from "./explanation.ts";
import { EXACT, type Inquiry, RESOLVED, SENSIBLE } from "./inquiry.ts";
import { isKinked, kinks } from "./refinements/kinks.ts";
import { knots } from "./refinements/knots.ts";
import { makersVerlet } from "./refinements/makers-verlet.ts";
import { substeps } from "./refinements/substeps.ts";

/** More steps from record to record until half steps make no difference that matters. */
export function resolved(
  { sample, question, limits }: Inquiry,
  first: Explanation,
): Search<Explanation> {
  const mayBeFree = question.velocities === "auto";
  return refine(first, substeps(sample, { most: limits.substeps, mayBeFree }));
}

/** More knots, and some at kinks, while they make the loss fall. */
function* closer({ sample, limits }: Inquiry, first: Explanation): Search<Explanation> {
  const free = first.hypothesis.starts === "free";
  // Noise hides what more knots would show.
  const least = free ? Math.max(RESOLVED, SENSIBLE * sample.scatter) : RESOLVED;
  const more = knots({ least, most: limits.knots });
  let bent = yield* refine(first, kinks(least, "law"));
  // What free start states leave is not told apart from noise.
  if (!free && limits.seldom && !isKinked(bent))
    bent = yield* refine(bent, kinks(EXACT, "residuals"));
  const now = yield* refine(bent, more);
  if (free || isKinked(first) || !isKinked(now) || !(now.fit.loss > EXACT)) return now;
  // What looked like a kink may have been a bend that knots were too few for.
  const plain = yield* refine(first, more);
  return plain.fit.loss < now.fit.loss ? plain : now;
}

/** Steps and knots in turn: where the one was too coarse, the lack of the other does not show. */
export function* settled(inquiry: Inquiry, first: Explanation): Search<Explanation> {
  let now = yield* resolved(inquiry, first);
  for (;;) {
    const before = now;
    now = yield* closer(inquiry, before);
    if (now === before) return now;
    const { substeps: steps } = now.hypothesis.dynamics;
    now = yield* resolved(inquiry, now);
    if (now.hypothesis.dynamics.substeps === steps) return now;
  }
}

/** The maker's velocity Verlet, if that is what the residuals are; then knots once more. */
export function* withMakersSteps(inquiry: Inquiry, first: Explanation): Search<Explanation> {
  const { question, limits } = inquiry;
  const isLookedFor =
    question.method === null && (limits.seldom || first.hypothesis.starts === "exact");
  return yield* closer(inquiry, isLookedFor ? yield* refine(first, makersVerlet(inquiry)) : first);
}
