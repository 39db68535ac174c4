import { createRandom } from "@mclnn/datasets";
import type { MclnnModel, SplineModel } from "@mclnn/models";
import { glorotWeights } from "../network/initial-weights.ts";
import { TabulatedRolloutLoss } from "../network/rollout-loss.ts";
import { adam } from "../optimizers/adam.ts";
import { lbfgs } from "../optimizers/lbfgs.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { sortedSeparations } from "../records/training-data.ts";
import { beginDescent, descend } from "../runs/descend.ts";
import { drive } from "../runs/drive.ts";
import type { TrainResult } from "../runs/train-options.ts";
import { buildBasis } from "../splines/knots.ts";
import type { TrainingProblem } from "./problem.ts";
import { networkResult } from "./train-mclnn.ts";

/** Epochs of the paper (A.6). */
const ADAM_EPOCHS = 100_000;
const LBFGS_ITERATIONS = 5_000;
/** Knot intervals of the slope table; three cells each. */
const TABLE_CELLS = 85;

/** Trains MCLNN on the rollout loss by Adam (the paper's recipe) or L-BFGS, from Glorot weights. */
export async function trainByGradient(
  problem: TrainingProblem,
): Promise<TrainResult<MclnnModel | SplineModel>> {
  const { data, schedule, settings, log, keeper } = problem;
  const { hidden, seed, until, learningRate } = settings;
  const separations = sortedSeparations(data);
  const basis = buildBasis(separations, { cells: TABLE_CELLS });
  const objective = new TabulatedRolloutLoss(data, schedule, basis.cells, hidden);
  const random = createRandom(seed);
  const parts = Array.from({ length: data.laws }, () => glorotWeights(hidden, random));
  const weights = Float64Array.from(parts.flatMap((part) => [...part]));
  const isAdam = settings.optimizer === "adam";
  const epochs = settings.epochs ?? (isAdam ? ADAM_EPOCHS : LBFGS_ITERATIONS);
  const phase = isAdam ? "Adam" : "L-BFGS";
  const run = async <S extends object>(optimizer: Optimizer<S>) => {
    const first = beginDescent(optimizer, weights);
    const state = keeper.resumed(optimizer.name, first) ?? first;
    keeper.follow(optimizer.name, { iteration: () => state.iteration, values: () => state });
    const steps = descend(optimizer, objective, state, { phase, epochs, until, checkEvery: 1 });
    const outcome = await drive(steps, {
      signal: settings.signal,
      timeLimit: settings.timeLimit,
      started: log.started,
      keeper,
      onStep: ({ iteration, loss }) => {
        log.measured(iteration, loss);
        log.progress(phase, iteration, loss, epochs);
      },
    });
    const { best, retreats, iteration } = state;
    return { outcome, best, retreats, iterations: iteration };
  };
  const { outcome, best, retreats, iterations } = isAdam
    ? await run(adam({ learningRate }))
    : await run(lbfgs());
  const trainLoss = best.loss;
  const stopped =
    trainLoss <= until ? "target" : "interrupted" in outcome ? outcome.interrupted : outcome.result;
  const coefficients = new Float64Array(basis.size);
  return networkResult(problem, { separations, basis, coefficients }, best.weights, {
    optimizer: settings.optimizer,
    trainLoss,
    iterations,
    stopped,
    retreats,
  });
}
