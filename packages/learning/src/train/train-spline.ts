import type { MclnnModel, SplineModel } from "@mclnn/models";
import { splineCurve } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { rolloutLoss } from "../engine/pair-rollout.ts";
import type { Finding } from "../findings/findings.ts";
import { EXPLAINED } from "../findings/findings.ts";
import {
  fitSpline,
  posteriorOf,
  type SplineFit,
  type SplineFitOptions,
} from "../fit/spline-fit.ts";
import { turningShare } from "../records/path.ts";
import { givenStarts } from "../rollout/starts.ts";
import { drive } from "../runs/drive.ts";
import type { TrainResult } from "../runs/train-options.ts";
import type { TrainingProblem } from "./problem.ts";
import { trainResult } from "./results.ts";

/** A fit as deep as the data go: many knots, next to no prior, a second pass. */
export const DEEP_FIT: SplineFitOptions = { cells: 64, passes: 2, prior: 1e-12, goal: 1e-17 };

/** What a search before has found makes a fit begin where it ended. */
export function hinted(
  { hint, tangents }: TrainingProblem,
  options: SplineFitOptions,
): SplineFitOptions {
  if (hint === null) return options;
  const { slope, cells, shape, separations } = hint;
  return {
    ...options,
    initial: slope,
    separations,
    cells: Math.max(cells, options.cells ?? 0),
    ...(shape === undefined ? {} : { shape }),
    prior: 1e-12,
    goal: 1e-18,
    passes: 1,
    maxPasses: 20,
    // The search has done what can be done.
    robustAbove: Number.POSITIVE_INFINITY,
    tangents,
    throughVelocities: true,
    relativeRoughness: true,
    byEvidence: true,
  };
}

/** Trains the spline law: V' itself, no network. */
export async function trainSpline(
  problem: TrainingProblem,
): Promise<TrainResult<MclnnModel | SplineModel>> {
  const { settings, log, validation } = problem;
  const fit = await fitSplineUnder(problem, hinted(problem, DEEP_FIT), (loss) =>
    log.measured(0, loss),
  );
  const { basis, separations, coefficients, loss, passes } = fit;
  const findings = await findingsOf(problem, fit);
  return trainResult(problem, {
    basis,
    separations,
    coefficients,
    weights: null,
    posterior: honestPosterior(fit, findings),
    findings,
    ending: {
      optimizer: "function-first",
      trainLoss: loss,
      validationLoss:
        validation === null
          ? null
          : rolloutLoss(
              validation.data,
              validation.schedule,
              basis.cells,
              splineCurve(basis, coefficients),
            ),
      iterations: passes,
      stopped: loss <= settings.until ? "target" : "converged",
    },
  });
}

/** Error bars, but where motion that records skip would make them too small. */
export function honestPosterior(
  fit: SplineFit,
  findings: readonly Finding[],
): ReturnType<typeof posteriorOf> {
  return findings.some(({ kind }) => kind === "unresolved-motion") ? null : posteriorOf(fit);
}

/** Runs the spline fit under the problem's signal and time limit; there is no law before it is done. */
export async function fitSplineUnder(
  { data, schedule, settings, log }: TrainingProblem,
  options: SplineFitOptions,
  measured: (loss: number) => void = () => {},
): Promise<SplineFit> {
  const outcome = await drive(fitSpline(data, schedule, options), {
    signal: settings.signal,
    timeLimit: settings.timeLimit,
    started: log.started,
    onStep: ({ phase, iterations, loss }) => {
      log.progress(phase, iterations, loss);
      measured(loss);
    },
  });
  if ("interrupted" in outcome)
    throw new MclnnError("training was stopped before there was a law to keep", {
      code: outcome.interrupted,
      argument: outcome.interrupted === "aborted" ? "signal" : "timeLimit",
      expected: "time for the first fit of V'",
      got: `${outcome.interrupted} after ${log.seconds().toFixed(2)} s`,
      kind: "failure",
    });
  return outcome.result;
}

/** What a pair law cannot explain in data that are taken as exact; nothing where it explains them. */
export async function findingsOf(
  { data, schedule, tangents, dynamics, hint, parts, settings, particleSpecies }: TrainingProblem,
  { basis, coefficients, equations, loss }: SplineFit,
): Promise<readonly Finding[]> {
  const explained = loss <= Math.max(settings.until, EXPLAINED);
  if (explained && parts === null) return [];
  const { judge, limitsOf, inSegments, stretchesOf } = await import("./imperfect-data.ts");
  const inParts =
    parts === null
      ? []
      : [
          data.records > 2
            ? inSegments(data.records, parts)
            : stretchesOf(data.trajectories, parts),
        ];
  if (explained) return inParts;
  const limits = limitsOf({
    unresolved: hint?.unresolved ?? null,
    substeps: dynamics.substeps,
    segmentRecords: null,
    records: data.records,
    turning: turningShare(data),
    residual: Math.sqrt(loss),
  });
  const freedom = Math.max(1, equations.residuals - basis.size);
  const judged = judge({
    data,
    schedule,
    tangents,
    basis,
    curve: splineCurve(basis, coefficients),
    coefficients,
    starts: givenStarts(data),
    prior: null,
    variance: (loss * equations.residuals) / freedom,
    species: particleSpecies,
  });
  return [...inParts, ...limits, ...judged];
}
