import { MclnnError } from "@mclnn/physics";
import { createMclnnModel } from "../laws/mclnn.ts";
import { DirectRolloutLoss } from "../losses/direct-rollout-loss.ts";
import type { MclnnModel } from "../model.ts";
import { EnergyNetwork } from "../network.ts";
import { drive, type Interruption } from "./drive.ts";
import { fitNetwork, type NetworkFitOptions } from "./function-first/network-fit.ts";
import type { SplineFit } from "./function-first/spline-fit.ts";
import { type Ending, separationRecord, type TrainingProblem, trainingRecord } from "./problem.ts";
import type { TrainResult } from "./train-options.ts";
import { DEEP_FIT, fitSplineUnder } from "./train-spline.ts";

/** Reaches the paper's loss in tens of milliseconds: 36 cells, a stiff ridge. */
const QUICK = { rounds: 8, maxIterations: 400, ridge: 1e-3 };
/** Goes on to as low as the network's size allows. */
const DEEP = { rounds: 6, maxIterations: 1500, ridge: 1e-12 };
/** Losses below this need the deep fit of V'. */
const QUICK_LOSS = 1e-9;
/** A start that does not reach the target is followed by this many others; the best is kept. */
const RESTARTS = 4;
/** What the seeds of restarts differ by. */
const SEED_STRIDE = 1_000_003;

interface Best {
  weights: Float64Array;
  loss: number;
}

/** Trains MCLNN function first, network second (docs/adr/0002). */
export async function trainMclnn(problem: TrainingProblem): Promise<TrainResult<MclnnModel>> {
  const { settings, log } = problem;
  const { until, seed, epochs } = settings;
  const best: Best = { weights: new Float64Array(0), loss: Number.POSITIVE_INFINITY };
  let iterations = 0;
  let interrupted: Interruption | "epochs" | undefined;
  const run = async (fit: SplineFit, options: NetworkFitOptions): Promise<void> => {
    const before = iterations;
    const outcome = await drive(fitNetwork(fit, options), {
      signal: settings.signal,
      timeLimit: settings.timeLimit,
      started: log.started,
      onStep: (step) => {
        iterations = before + step.iterations;
        log.progress(step.phase, iterations, step.loss);
        if (step.phase === "rollout") {
          log.measured(iterations, step.loss);
          if (step.loss < best.loss) {
            best.loss = step.loss;
            best.weights = step.weights.slice();
          }
        }
      },
    });
    if ("interrupted" in outcome) interrupted = outcome.interrupted;
    else if (epochs !== undefined && iterations >= epochs && best.loss > until)
      interrupted = "epochs";
  };
  const left = (limit: number): number =>
    epochs === undefined ? limit : Math.min(limit, Math.max(1, epochs - iterations));

  let fit = await fitSplineUnder(problem, {});
  const { hidden } = settings;
  const quickTarget = Math.max(until, QUICK_LOSS);
  for (let start = 0; start <= RESTARTS && interrupted === undefined; start++) {
    await run(fit, {
      ...QUICK,
      hidden,
      seed: seed + start * SEED_STRIDE,
      until: quickTarget,
      maxIterations: left(QUICK.maxIterations),
    });
    if (best.loss <= quickTarget) break;
  }
  if (until < quickTarget && interrupted === undefined) {
    fit = await fitSplineUnder(problem, DEEP_FIT);
    for (let start = 0; start <= RESTARTS && interrupted === undefined; start++) {
      // First the weights that passed the quick target go on; then fresh starts.
      await run(fit, {
        ...DEEP,
        hidden,
        seed: seed + start * SEED_STRIDE,
        until,
        maxIterations: left(DEEP.maxIterations),
        ...(start === 0 && Number.isFinite(best.loss) ? { weights: best.weights } : {}),
      });
      if (best.loss <= until) break;
    }
  }
  if (!Number.isFinite(best.loss)) {
    throw new MclnnError("training ended without a network whose rollout stays finite", {
      code: interrupted ?? "diverged",
      expected: "a finite rollout loss",
      got: interrupted === undefined ? `${best.loss} from every start` : interrupted,
      mend: "Try another seed, wider hidden layers or a smaller dt.",
      kind: "failure",
    });
  }
  const stopped =
    best.loss <= until ? "target" : interrupted === undefined ? "converged" : interrupted;
  return networkResult(problem, fit, best.weights, {
    optimizer: "function-first",
    trainLoss: best.loss,
    iterations,
    stopped,
  });
}

/** Makes trained weights into the result: zero of energy, validation loss, record. */
export function networkResult(
  problem: TrainingProblem,
  {
    separations: [separations = new Float64Array(0)],
    basis,
  }: Pick<SplineFit, "separations" | "basis">,
  trained: Float64Array,
  ending: Omit<Ending, "validationLoss">,
): TrainResult<MclnnModel> {
  const { settings, validation, log } = problem;
  const { hidden } = settings;
  const weights = trained.slice();
  const network = new EnergyNetwork(hidden);
  // No trajectory knows the constant of V: it is set so that V is 0 at the largest separation seen.
  network.evaluate(weights, separations[separations.length - 1] as number);
  weights[network.size - 1] = (weights[network.size - 1] as number) - network.energy;
  const validationLoss =
    validation === null
      ? null
      : new DirectRolloutLoss(validation.data, validation.schedule, hidden).evaluate(weights);
  const full: Ending = { ...ending, validationLoss };
  const model = createMclnnModel({
    hidden,
    weights,
    coupling: settings.coupling,
    separations: separationRecord(
      separations,
      basis.clusters.map(({ from, to }) => [from, to]),
    ),
    record: trainingRecord(problem, full),
  });
  return {
    model,
    trainLoss: ending.trainLoss,
    validationLoss,
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
