import { splineCurve } from "@mclnn/models/parts";
import { bodyResiduals } from "../fit/body-noise.ts";
import { scheduleOf } from "../records/dynamics.ts";
import { scatters } from "../records/scatter.ts";
import type { TrainingData } from "../records/training-data.ts";
import { fromExactStarts } from "./beginnings/exact-starts.ts";
import { fromFreeStarts } from "./beginnings/free-starts.ts";
import { followedIn, throughIntervals } from "./beginnings/intervals.ts";
import { fromKnownLaw } from "./beginnings/known-law.ts";
import { type Limits, SEARCH } from "./effort.ts";
import type { Explanation, Progress, Search } from "./explanation.ts";
import { refine } from "./explanation.ts";
import { fitHypothesis } from "./fit-hypothesis.ts";
import type { Question } from "./hypothesis.ts";
import { ASTRAY, EXACT, type Inquiry, inquiryOf, SENSIBLE } from "./inquiry.ts";
import { meanMotion, rolledSeparations } from "./intervals.ts";
import { kinks } from "./refinements/kinks.ts";
import { exactStarts, freeStarts } from "./refinements/starts.ts";
import { sampleOf } from "./sample.ts";
import { resolved } from "./settle.ts";
import { commonStepError, stepError } from "./step-error.ts";
import { type Cut, tooManyParticles, type Understanding } from "./understanding.ts";

/**
 * Finds out how the trajectories came about: exact or measured start states; the integrator and its steps a record; where V' needs knots.
 *
 * A fourth-order symplectic method takes more and more steps until one step and two half steps differ by much less than the residuals. If residuals
 * remain, the maker may have used velocity Verlet with few steps (then its error is part of the data), or the data are noisy.
 */
export function* understand(
  all: TrainingData,
  question: Question,
  limits: Limits,
): Generator<Progress, Understanding> {
  const sample = sampleOf(all, limits.trajectories, question.velocities === "unknown");
  const inquiry = inquiryOf(sample, question, limits);
  const search = explain(inquiry);
  let iterations = 0;
  let best: Explanation | null = null;
  let turn = search.next();
  while (turn.done !== true) {
    const { value } = turn;
    if (best !== null && isOver(inquiry, best))
      return { ...understandingOf(inquiry, best), unfinished: true };
    if ("hypothesis" in value) {
      const fitted: Explanation | null = yield* fitUntil(
        fitHypothesis(value, sample.separations, limits.passes),
        () => isOver(inquiry, best),
      );
      if (fitted !== null) turn = search.next(fitted);
    } else if ("kept" in value) {
      const { kept, by } = value;
      if (!(best !== null && explainsLess(kept, best))) best = kept;
      yield { phase: by, iterations: ++iterations, loss: kept.fit.loss };
      turn = search.next(kept);
    } else {
      yield value;
      turn = search.next();
    }
  }
  return understandingOf(inquiry, turn.value);
}

/** Whether there is no more work to be done than to settle on an explanation; one that leaves more than noise gets some longer. */
function isOver({ sample: { all, scatter } }: Inquiry, best: Explanation | null): boolean {
  if (best === null) return false;
  const { loss } = best.fit;
  const sensible = loss < Math.max(ASTRAY, SENSIBLE * scatter);
  return (all.meter?.share ?? 0) >= (sensible ? SEARCH.sensible : SEARCH.astray);
}

/** A fit, or null where there is no more work to be done before it is. */
function* fitUntil(
  steps: Generator<Progress, Explanation>,
  isOver: () => boolean,
): Generator<Progress, Explanation | null> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (isOver()) return null;
    yield step.value;
  }
}

/** Whether an explanation of records that are followed in the same way leaves more. */
const explainsLess = (now: Explanation, before: Explanation): boolean =>
  now.hypothesis.cover === before.hypothesis.cover && !(now.fit.variance <= before.fit.variance);

/** Exact starts that leave less than this share of the variance that records seem to scatter with follow motion, not noise. */
const MOTION = 0.3;

/** The order in which explanations are looked for: the simplest first. */
function* explain(inquiry: Inquiry): Search<Explanation> {
  const { known = null } = inquiry.question;
  const again = known === null ? null : yield* fromKnownLaw(inquiry, known);
  const found = again ?? (yield* byStarts(inquiry));
  // Residuals that were resolution before may be the integrator's now.
  return yield* resolved(inquiry, found);
}

function* byStarts(inquiry: Inquiry): Search<Explanation> {
  const { sample, question, first } = inquiry;
  const anew = { hypothesis: first, from: null };
  if (inquiry.startsTooMany) {
    if (question.velocities === "unknown") throw tooManyParticles(sample.all);
    return yield* fromExactStarts(inquiry, null);
  }
  if (question.velocities === "unknown") return yield* fromFreeStarts(inquiry, anew);
  const mayScatter = question.velocities === "auto" && scatters(sample.all);
  const quick = mayScatter && !sample.skipsTurns ? yield* quickly(inquiry) : null;
  if (mayScatter && !(quick !== null && followsMotion(quick, inquiry))) {
    if (quick === null || quick.fit.loss > ASTRAY) {
      const cut = yield* throughIntervals(inquiry);
      if (cut !== null) return cut;
    }
    // Whether start states are exact is asked of the law that free starts find.
    const free = yield* fromFreeStarts(inquiry, anew);
    return (yield* exactStarts(inquiry).propose(free, [])) ?? free;
  }
  const exact = yield* fromExactStarts(inquiry, quick);
  const cut = exact.fit.loss > ASTRAY ? yield* throughIntervals(inquiry) : null;
  if (cut !== null) return cut;
  if (question.velocities === "given" || !(exact.fit.loss > EXACT)) return exact;
  return (yield* freeStarts(inquiry).propose(exact, [])) ?? exact;
}

/** Exact starts and steps, no more: a law that follows these more closely than the records scatter says that it is motion, not noise. */
function* quickly(inquiry: Inquiry): Search<Explanation> {
  const exact = yield { hypothesis: inquiry.first, from: null };
  const now = yield* resolved(inquiry, exact);
  if (followsMotion(now, inquiry) || !inquiry.limits.seldom) return now;
  // So do collisions, where V' has a kink.
  return yield* refine(now, kinks(MOTION * inquiry.sample.scatter, "residuals"));
}

const followsMotion = ({ fit }: Explanation, { sample }: Inquiry): boolean =>
  fit.loss < MOTION * sample.scatter;

/** What half steps may differ by: this share of the loss, and this much. More shows records too far apart for the motion. */
const TOLERABLE = { share: 0.1, least: 1e-12 };

function understandingOf(inquiry: Inquiry, found: Explanation): Understanding {
  const { sample, question } = inquiry;
  const { hypothesis, fit } = found;
  const { dynamics, starts, steps, cover } = hypothesis;
  const free = starts === "free";
  const velocityWeight = free && question.velocities === "auto" ? velocityWeightOf(found) : 0;
  const error = commonStepError(found);
  const tolerable = Math.max(TOLERABLE.share * fit.loss, TOLERABLE.least);
  const cut = cutOf(inquiry, found);
  const data = cut?.data ?? sample.all;
  const { variances } = bodyResiduals(
    fit.world,
    scheduleOf(fit.data.times, dynamics),
    fit.basis,
    splineCurve(fit.basis, fit.coefficients),
    fit.starts,
  );
  return {
    hypothesis: { ...hypothesis, data },
    startStates: free ? (velocityWeight > 0 ? "measured" : "unknown") : "exact",
    law: {
      fit: { ...fit, starts: { ...fit.starts, velocityWeight: free ? velocityWeight : null } },
      velocityWeight,
      starts: !free ? null : fit.data === data ? fit.starts : (question.known?.startStates ?? null),
      separations:
        cover === "intervals"
          ? rolledSeparations(data, scheduleOf(data.times, dynamics), fit)
          : sample.separations,
      bodyVariances: variances,
      unresolved: steps === "resolved" && !(error <= tolerable) ? error : null,
      stepError: steps === "resolved" && !free ? stepError(found) : 0,
    },
    exactFit: null,
    cut: cut === null ? null : { of: cut.of, records: sample.all.records, motion: cut.motion },
    masses: null,
  };
}

/** What stands for whole trajectories: intervals that the law follows, or segments, each with an exact start of its own. */
function cutOf(
  inquiry: Inquiry,
  found: Explanation,
): (Pick<Cut, "of" | "motion"> & { readonly data: TrainingData }) | null {
  const { sample, question } = inquiry;
  const { all, segments } = sample;
  const { cover, starts } = found.hypothesis;
  if (cover === "intervals") {
    const data = followedIn(found, inquiry) ?? found.fit.data;
    return { data, of: all.trajectories * (all.records - 1), motion: meanMotion(data) };
  }
  // Along the whole the smallest errors may grow beyond all use; where start states are exact, each segment has its own.
  const inSegments = question.mayCut === true && starts === "exact" && cover === "segments";
  return inSegments ? { data: segments, of: segments.trajectories, motion: null } : null;
}

/** Noise of positions over noise of velocities, from how far the given start velocities lie from those that the positions ask for; 0 where they tell nothing. */
function velocityWeightOf({ fit: { data, starts, variance } }: Explanation): number {
  const { trajectories, components, startVelocities, dimension } = data;
  let sum = 0;
  for (let k = 0; k < trajectories * components; k++) {
    const d = starts.velocities[k] - startVelocities[k];
    sum += d * d;
  }
  const velocityVariance = sum / ((trajectories * components * dimension) / 3);
  return velocityVariance > 0 ? Math.sqrt(variance / velocityVariance) : 0;
}
