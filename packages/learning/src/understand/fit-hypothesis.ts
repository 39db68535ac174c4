import type { TermSpec } from "@mclnn/physics/terms";
import { fitMeasured } from "../fit/measured-fit.ts";
import { fitSpline, type SplineFit, slopeOf } from "../fit/spline-fit.ts";
import { scheduleOf, schedulesOf, tangentsOf } from "../records/dynamics.ts";
import { givenStarts } from "../rollout/starts.ts";
import { lawTerms, withTerms } from "../terms/law-terms.ts";
import type { Explanation, LawFit, Progress, Proposal } from "./explanation.ts";

/** Fits of the search need not settle more than this. */
const TOLERANCE = 3e-3;
/** Exact start states: a fit from the records alone that leaves more than this is tried again from more beginnings. */
const ROBUST_ABOVE = 1e-4;
/** How closely exact records are followed, and how little of a prior that takes. */
export const CLOSELY = {
  prior: 1e-12,
  goal: 1e-18,
  throughVelocities: true,
  relativeRoughness: true,
} as const;

/** The law that fits the records best under a hypothesis. @param passes - Gauss-Newton passes at most, unless the proposal says */
export function* fitHypothesis(
  proposal: Proposal,
  separations: readonly Float64Array[],
  passes: number,
): Generator<Progress, Explanation> {
  const { hypothesis } = proposal;
  const fit =
    hypothesis.starts === "free"
      ? yield* fitFreeStarts(proposal, separations, passes)
      : yield* fitExactStarts(proposal, separations, passes);
  return { hypothesis, fit };
}

function* fitFreeStarts(
  { hypothesis, from, passes, onlyFrom = false }: Proposal,
  separations: readonly Float64Array[],
  most: number,
): Generator<Progress, LawFit> {
  const { data, dynamics, cells } = hypothesis;
  const { schedule, tangents } = schedulesOf(data.times, dynamics);
  const found = yield* fitMeasured(data, schedule, {
    ...lawToBeginWith({ hypothesis, from }),
    terms: lawTerms(hypothesis.terms, data),
    cells,
    separations,
    tangents,
    schedules: (times) => ({
      schedule: scheduleOf(times, dynamics),
      tangents: tangentsOf(times, dynamics),
    }),
    velocityWeight: 0,
    maxPasses: passes ?? most,
    tolerance: TOLERANCE,
    onlyInitial: onlyFrom && from !== null,
    ...(from?.fit.data === data && { starts: { ...from.fit.starts, velocityWeight: 0 } }),
    prior: from?.fit.prior ?? undefined,
  });
  const { basis, coefficients, values, starts, loss, equations, prior } = found;
  const { degreesOfFreedom } = equations;
  const variance = (loss * equations.residuals) / Math.max(1, degreesOfFreedom);
  const world = withTerms(found.data, hypothesis.terms, values);
  return {
    ...{ data: found.data, world, values, basis, coefficients, starts, prior },
    ...{ loss, variance, degreesOfFreedom },
  };
}

function* fitExactStarts(
  { hypothesis, from, passes }: Proposal,
  separations: readonly Float64Array[],
  most: number,
): Generator<Progress, LawFit> {
  const { data, dynamics, cells } = hypothesis;
  const { schedule, tangents } = schedulesOf(data.times, dynamics);
  const found = yield* fitSpline(data, schedule, {
    ...CLOSELY,
    terms: lawTerms(hypothesis.terms, data),
    ...lawToBeginWith({ hypothesis, from }),
    cells,
    separations,
    tangents,
    maxPasses: passes ?? most,
    // The robust search is for data that are exact; whether they are is not known yet.
    robustAbove: from === null ? ROBUST_ABOVE : Number.POSITIVE_INFINITY,
  });
  return lawFitOf(found, hypothesis.terms);
}

/** What begins where another explanation's law ended, on knots of the hypothesis. */
function lawToBeginWith({ hypothesis: { shape }, from }: Pick<Proposal, "hypothesis" | "from">) {
  return {
    ...(from !== null && {
      initial: slopeOf(from.fit.basis, from.fit.coefficients),
      initialValues: from.fit.values,
    }),
    ...(shape !== undefined && { shape }),
  };
}

/** A fit from exact start states as others are. */
export function lawFitOf(
  { data, basis, coefficients, values, loss, equations }: SplineFit,
  terms: readonly TermSpec[] = [],
): LawFit {
  const degreesOfFreedom = equations.degreesOfFreedom - basis.size - values.length;
  const variance = (loss * equations.residuals) / Math.max(1, degreesOfFreedom);
  const starts = givenStarts(data);
  const world = withTerms(data, terms, values);
  const fit = { data, world, values, basis, coefficients, starts, prior: null };
  return { ...fit, loss, variance, degreesOfFreedom };
}
