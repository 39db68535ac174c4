import { splineCurve } from "@mclnn/models/parts";
import { rolloutLoss } from "../engine/pair-rollout.ts";
import type { Finding } from "../findings/finding.ts";
import { EXPLAINED } from "../findings/findings.ts";
import {
  fitSpline,
  posteriorOf,
  type SplineFit,
  type SplineFitOptions,
  type SplineFitStep,
  slopeOf,
} from "../fit/spline-fit.ts";
import { schedulesOf } from "../records/dynamics.ts";
import { turningShare } from "../records/path.ts";
import { localVariance } from "../records/scatter.ts";
import { givenStarts } from "../rollout/starts.ts";
import type { AskedFit } from "../selection/ask.ts";
import type { Chosen } from "../selection/choose.ts";
import { lawTerms, withTerms } from "../terms/law-terms.ts";
import type { Understanding } from "../understand/understanding.ts";
import { foundTerms, withTermsHeld } from "./found-terms.ts";
import type { Learned } from "./learned.ts";
import { finished, type Task } from "./task.ts";
import { validationOf } from "./validation.ts";

/** A fit as deep as the data go: many knots, next to no prior, a second pass. */
export const DEEP_FIT: SplineFitOptions = { cells: 64, passes: 2, prior: 1e-12, goal: 1e-17 };

/** What a search before has found makes a fit begin where it ended. */
export function fromFoundLaw(
  { limits }: Task,
  { law, hypothesis }: Understanding,
  options: SplineFitOptions,
): SplineFitOptions {
  if (law === null) return options;
  const { data, dynamics, cells, shape } = hypothesis;
  return {
    ...options,
    initial: slopeOf(law.fit.basis, law.fit.coefficients),
    initialValues: law.fit.values,
    separations: law.separations,
    cells: Math.max(cells, options.cells ?? 0),
    ...(shape !== undefined && { shape }),
    prior: 1e-12,
    goal: 1e-18,
    passes: 1,
    maxPasses: limits.exact.passes,
    // The search has done what can be done.
    robustAbove: Number.POSITIVE_INFINITY,
    tangents: schedulesOf(data.times, dynamics).tangents,
    throughVelocities: true,
    relativeRoughness: true,
    byEvidence: true,
  };
}

/** Trains the spline law: V' itself, no network. */
export async function trainSpline(task: Task, begun: Understanding): Promise<Learned> {
  const { until, log } = task;
  const settled = await settledTerms(task, begun);
  const { understanding, chosen } = settled;
  const validation = validationOf(task, understanding);
  const { terms } = understanding.hypothesis;
  const found =
    settled.fit ??
    (await finished(
      task,
      splineSteps(understanding, fromFoundLaw(task, understanding, DEEP_FIT)),
      ({ loss }) => log.measured(0, loss),
    ));
  const fit = withTermsHeld(found, terms);
  const { basis, separations, coefficients, loss, passes } = fit;
  const findings = await findingsOf(task, settled, found);
  const validationLoss =
    validation === null
      ? null
      : rolloutLoss(
          withTerms(validation.data, terms, found.values),
          validation.schedule,
          basis.cells,
          splineCurve(basis, coefficients),
        );
  const posterior = honestPosterior(found, findings, understanding);
  return {
    law: { basis, separations, coefficients, weights: null, posterior },
    terms: foundTerms(found, terms, posterior),
    evidence: chosen,
    findings,
    noise: null,
    ending: {
      optimizer: "function-first",
      trainLoss: loss,
      validationLoss,
      iterations: passes,
      reachedTarget: loss <= until,
      stopped: loss <= until ? "target" : "converged",
    },
  };
}

/** An understanding, and what evidence says of the terms on offer under it. */
export interface SettledExactly {
  readonly understanding: Understanding;
  /** With these terms; null where nothing had to be chosen. */
  readonly fit: SplineFit | null;
  readonly chosen: Chosen | null;
}

/** The terms that evidence asks for, where the pair law alone does not explain exact records. */
export async function settledTerms(
  task: Task,
  understanding: Understanding,
): Promise<SettledExactly> {
  const { law, hypothesis } = understanding;
  // Where the steps were told, what is left may be theirs.
  const explained = law === null || law.fit.loss <= EXPLAINED || hypothesis.steps === "told";
  if (task.onOffer === null || (hypothesis.terms.length === 0 && explained))
    return { understanding, fit: null, chosen: null };
  const { settleTerms } = await import("./imperfect-data.ts");
  return settleTerms(task, understanding, {
    fitted: (now) =>
      finished(task, splineSteps(now, fromFoundLaw(task, now, DEEP_FIT)), ({ loss }) =>
        task.log.measured(0, loss),
      ),
    asked: (fit, now) => ({ ...askedFit(fit, now), variance: fit.loss }),
  });
}

/** A fit to be asked for what it lacks. */
const askedFit = (
  { basis, coefficients, values }: SplineFit,
  { hypothesis: { data, dynamics, terms } }: Understanding,
): AskedFit => ({
  ...{ data, terms, values, basis, coefficients },
  ...schedulesOf(data.times, dynamics),
  curve: splineCurve(basis, coefficients),
  starts: givenStarts(data),
  prior: null,
});

/** Error bars, but where motion that records skip would make them too small. */
export function honestPosterior(
  fit: SplineFit,
  findings: readonly Finding[],
  { law }: Understanding,
): ReturnType<typeof posteriorOf> {
  const unresolved = findings.some(({ kind }) => kind === "unresolved-motion");
  return unresolved ? null : posteriorOf(fit, law?.stepError);
}

/** Steps of a fit of V' to data as they are understood. */
export function splineSteps(
  { hypothesis: { data, dynamics, terms } }: Understanding,
  options: SplineFitOptions,
): Generator<SplineFitStep, SplineFit> {
  const { schedule } = schedulesOf(data.times, dynamics);
  return fitSpline(data, schedule, { ...options, terms: lawTerms(terms, data) });
}

/** What a pair law cannot explain in data that are taken as exact; nothing where it explains them. */
export async function findingsOf(
  { until, set }: Task,
  { understanding, chosen }: Pick<SettledExactly, "understanding" | "chosen">,
  fit: SplineFit,
): Promise<readonly Finding[]> {
  const { hypothesis, law, cut, cause = null, unfinished = false } = understanding;
  const { data, basis, equations, loss } = fit;
  const { dynamics } = hypothesis;
  const explained = loss <= Math.max(until, EXPLAINED);
  if (explained && cut === null) return [];
  const { judge, limitsOf, inSegments, stretchesOf } = await import("./imperfect-data.ts");
  const inParts =
    cut === null
      ? []
      : [data.records > 2 ? inSegments(data.records, cut) : stretchesOf(data.trajectories, cut)];
  // What whole trajectories do not follow may have a cause that parts of them hide.
  if (explained) return cause === null ? inParts : [...inParts, cause];
  const limits = limitsOf({
    unresolved: law?.unresolved ?? null,
    substeps: dynamics.substeps,
    segmentRecords: null,
    records: data.records,
    turning: turningShare(data),
    residual: Math.sqrt(loss),
  });
  const freedom = Math.max(1, equations.residuals - basis.size);
  const judged = judge(
    {
      ...askedFit(fit, understanding),
      variance: (loss * equations.residuals) / freedom,
      noise: localVariance(data),
      species: set.species,
      unfinished,
      cause,
    },
    chosen,
  );
  return [...inParts, ...limits, ...judged];
}
