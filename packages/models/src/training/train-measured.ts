import { createRandom } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { createMclnnModel } from "../laws/mclnn.ts";
import { createSplineModel } from "../laws/spline.ts";
import type { LawUncertainty } from "../laws/uncertainty.ts";
import { matrixVector } from "../linear-algebra.ts";
import type { MclnnModel, SplineModel } from "../model.ts";
import { EnergyNetwork } from "../network.ts";
import { SensitivityPass } from "../rollout/sensitivity.ts";
import { givenStarts, moveStarts, type Starts } from "../rollout/starts.ts";
import { drive, type Interruption } from "./drive.ts";
import { splineCurve } from "./function-first/basis.ts";
import { distil } from "./function-first/distil.ts";
import { initialWeights } from "./function-first/initial-weights.ts";
import { fitMeasured, type MeasuredFit } from "./function-first/measured-fit.ts";
import { collocation, valueMetric } from "./function-first/metric.ts";
import { networkCurve } from "./function-first/network-fit.ts";
import { type Ending, separationRecord, type TrainingProblem, trainingRecord } from "./problem.ts";
import type { TrainResult } from "./train-options.ts";

/**
 * Excess loss of a network over the spline, in units of what the noise makes of one fit's loss anyway (variance x coefficients / residuals):
 * what distillation aims at, what is good enough for no other start to be tried, what counts as reached.
 */
const EXCESS = { aim: 0.02, enough: 0.5, reached: 1 };
/** Network starts tried; the best rollout is kept. */
const STARTS = 6;
const MAX_ITERATIONS = 1500;
/** Keeps the network near the spline where no data are. */
const RIDGE = 1e-3;
/** Gauss-Newton steps on the start states of validation trajectories. */
const START_STEPS = 4;

/**
 * Trains a pair law on measurements: start states are unknowns, the noise is estimated, and the law comes with its error bars.
 *
 * The network is fitted to the posterior mean once: going back to the rollouts with it would fit the noise.
 */
export async function trainMeasured(
  problem: TrainingProblem,
): Promise<TrainResult<MclnnModel | SplineModel>> {
  const { settings, log, data, schedule } = problem;
  if (settings.optimizer !== "auto")
    throw new MclnnError(`${settings.optimizer} needs start velocities`, {
      code: "conflicting-options",
      argument: "optimizer",
      expected: "optimizer auto where start states are unknown",
      got: settings.optimizer,
    });
  const under = { signal: settings.signal, timeLimit: settings.timeLimit, started: log.started };
  const fitted = await drive(fitMeasured(data, schedule, { velocityWeight: 0 }), {
    ...under,
    onStep: ({ phase, iterations, loss }) => log.progress(phase, iterations, loss),
  });
  if ("interrupted" in fitted)
    throw new MclnnError("training was stopped before there was a law to keep", {
      code: fitted.interrupted,
      expected: "time for the first fit of V'",
      got: `${fitted.interrupted} after ${log.seconds().toFixed(2)} s`,
      kind: "failure",
    });
  const fit = fitted.result;
  log.measured(fit.passes, fit.loss);
  const { basis, posterior, noise, power } = fit;
  const uncertainty: LawUncertainty = {
    knots: basis.clusters.map(({ knots }) => knots),
    coefficients: fit.coefficients,
    factor: posterior.factor,
    variance: posterior.variance,
  };
  // What the law is worth is bounded by the noise, not by a target.
  const unit = (basis.size * posterior.variance) / fit.equations.residuals;
  const spline = settings.model === "spline";
  const network = spline ? null : new EnergyNetwork(settings.hidden);
  const trained = network === null ? null : await distilPosterior(problem, fit, network, unit);
  const loss = trained?.loss ?? fit.loss;
  const curve =
    network === null || trained === null
      ? splineCurve(basis, fit.coefficients)
      : networkCurve(network, trained.weights, basis.cells);
  const reached = loss <= Math.max(settings.until, fit.loss + EXCESS.reached * unit);
  const ending: Ending = {
    optimizer: "function-first, start states unknown",
    trainLoss: loss,
    validationLoss: validationLoss(problem, fit, curve),
    iterations: fit.passes + (trained?.iterations ?? 0),
    stopped: reached ? "target" : (trained?.interrupted ?? "converged"),
  };
  const record = {
    ...trainingRecord(problem, ending),
    reachedTarget: reached,
    noise,
    startStates: "unknown",
    priorPower: power,
  };
  const common = {
    coupling: settings.coupling,
    separations: separationRecord(
      fit.separations[0] as Float64Array,
      basis.clusters.map(({ from, to }) => [from, to]),
    ),
    uncertainty,
    record,
  };
  let model: MclnnModel | SplineModel;
  if (network === null || trained === null)
    model = createSplineModel({
      knots: uncertainty.knots,
      coefficients: fit.coefficients,
      ...common,
    });
  else {
    const { weights } = trained;
    network.evaluate(weights, fit.separations[0]?.at(-1) as number);
    weights[network.size - 1] = (weights[network.size - 1] as number) - network.energy;
    model = createMclnnModel({ hidden: settings.hidden, weights, ...common });
  }
  return {
    model,
    trainLoss: loss,
    validationLoss: ending.validationLoss,
    trainSeconds: log.seconds(),
    iterations: ending.iterations,
    reachedTarget: reached,
    stopped: ending.stopped,
    dt: problem.dt,
    dtSource: problem.dtSource,
    history: log.history,
    milestones: log.milestones,
  };
}

interface Distilled {
  readonly weights: Float64Array;
  readonly loss: number;
  readonly iterations: number;
  readonly interrupted?: Interruption;
}

/** Fits networks from several starts to the posterior mean and keeps the one that rolls out best. */
async function distilPosterior(
  { settings, log }: TrainingProblem,
  fit: MeasuredFit,
  network: EnergyNetwork,
  unit: number,
): Promise<Distilled> {
  const { basis, pass, equations, coefficients, starts } = fit;
  const enough = fit.loss + EXCESS.enough * unit;
  const points = collocation(basis);
  const metric = valueMetric(points, equations.metric, equations.residuals, RIDGE);
  const target = matrixVector(points.toValues, coefficients, basis.size);
  let best: Distilled = {
    weights: new Float64Array(network.size),
    loss: Number.POSITIVE_INFINITY,
    iterations: 0,
  };
  let iterations = 0;
  for (let start = 0; start < STARTS && best.loss > enough; start++) {
    const random = createRandom(settings.seed + start * 1_000_003);
    const weights = initialWeights(settings.hidden, basis, random);
    const outcome = await drive(
      distil(network, weights, target, metric, {
        goal: EXCESS.aim * unit,
        maxIterations: settings.epochs ?? MAX_ITERATIONS,
        damping: 1e-2,
        solveOutputs: true,
      }),
      {
        signal: settings.signal,
        timeLimit: settings.timeLimit,
        started: log.started,
        onStep: ({ excess, iterations: i }) =>
          log.progress("distillation", iterations + i, fit.loss + excess),
      },
    );
    const loss = pass.loss(networkCurve(network, weights, basis.cells), starts);
    if ("result" in outcome) iterations += outcome.result.iterations;
    log.measured(fit.passes + iterations, loss);
    if (loss < best.loss) best = { weights, loss, iterations };
    if ("interrupted" in outcome) return { ...best, iterations, interrupted: outcome.interrupted };
  }
  if (!Number.isFinite(best.loss))
    throw new MclnnError("training ended without a network whose rollout stays finite", {
      code: "diverged",
      expected: "a finite rollout loss",
      got: `${best.loss} from ${STARTS} starts`,
      mend: "Try another seed or wider hidden layers.",
      kind: "failure",
    });
  return { ...best, iterations };
}

/** Loss on validation trajectories, their start states fitted to their own records under the law as it is. */
function validationLoss(
  { validation }: TrainingProblem,
  { basis }: MeasuredFit,
  curve: Float64Array,
): number | null {
  if (validation === null) return null;
  const { data, schedule } = validation;
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
  const still = new Float64Array(basis.size);
  const { trajectories, components, records, positions, times } = data;
  const velocities = new Float64Array(trajectories * components);
  const spacing = (times[1] as number) - (times[0] as number);
  for (let t = 0; t < trajectories; t++)
    for (let c = 0; c < components; c++) {
      const o = t * records * components + c;
      // A place to start from only: the steps below find the velocities.
      velocities[t * components + c] =
        ((positions[o + components] as number) - (positions[o] as number)) / spacing;
    }
  let starts: Starts = { ...givenStarts(data), velocities, velocityWeight: 0 };
  for (let step = 0; step < START_STEPS; step++) {
    const { eliminations } = pass.normalEquations(curve, { starts });
    starts = moveStarts(data, starts, eliminations, still, 1);
  }
  return pass.loss(curve, starts);
}
