import { MclnnError } from "@mclnn/physics";
import { createSplineModel } from "../laws/spline.ts";
import type { SplineModel } from "../model.ts";
import { rolloutLoss } from "../rollout/pair-rollout.ts";
import { drive } from "./drive.ts";
import { splineCurve } from "./function-first/basis.ts";
import { fitSpline, type SplineFit, type SplineFitOptions } from "./function-first/spline-fit.ts";
import { type Ending, separationRecord, type TrainingProblem, trainingRecord } from "./problem.ts";
import type { TrainResult } from "./train-options.ts";

/** A fit as deep as the data go: many knots, next to no prior, a second pass. */
export const DEEP_FIT: SplineFitOptions = { cells: 64, passes: 2, prior: 1e-12, goal: 1e-17 };

/** Trains the spline law: V' itself, no network. */
export async function trainSpline(problem: TrainingProblem): Promise<TrainResult<SplineModel>> {
  const { settings, log, validation } = problem;
  const fit = await fitSplineUnder(problem, DEEP_FIT, (loss) => log.measured(0, loss));
  const curve = splineCurve(fit.basis, fit.coefficients);
  const ending: Ending = {
    optimizer: "function-first",
    trainLoss: fit.loss,
    validationLoss:
      validation === null
        ? null
        : rolloutLoss(validation.data, validation.schedule, fit.basis.cells, curve),
    iterations: fit.passes,
    stopped: fit.loss <= settings.until ? "target" : "converged",
  };
  const model = createSplineModel({
    knots: fit.basis.clusters.map((cluster) => cluster.knots),
    coefficients: fit.coefficients,
    coupling: settings.coupling,
    separations: separationRecord(
      fit.separations[0] as Float64Array,
      fit.basis.clusters.map(({ from, to }) => [from, to]),
    ),
    record: trainingRecord(problem, ending),
  });
  return {
    model,
    trainLoss: ending.trainLoss,
    validationLoss: ending.validationLoss,
    trainSeconds: log.seconds(),
    iterations: ending.iterations,
    reachedTarget: model.record.reachedTarget,
    stopped: ending.stopped,
    dt: problem.dt,
    dtSource: problem.dtSource,
    history: log.history,
    milestones: log.milestones,
  };
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
      expected: "time for the first fit of V'",
      got: `${outcome.interrupted} after ${log.seconds().toFixed(2)} s`,
      kind: "failure",
    });
  return outcome.result;
}
