import { createRandom } from "@mclnn/datasets";
import { glorotWeights } from "../network/initial-weights.ts";
import { TabulatedRolloutLoss } from "../network/rollout-loss.ts";
import { adam } from "../optimizers/adam.ts";
import { lbfgs } from "../optimizers/lbfgs.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { scheduleOf } from "../records/dynamics.ts";
import { sortedSeparations } from "../records/training-data.ts";
import { beginDescent, descend } from "../runs/descend.ts";
import { buildBasis } from "../splines/knots.ts";
import type { Understanding } from "../understand/understanding.ts";
import type { Learned } from "./learned.ts";
import { driven, type Task } from "./task.ts";
import { networkLossOn } from "./train-mclnn.ts";
import { validationOf } from "./validation.ts";

/** Epochs of the paper (A.6). */
const ADAM_EPOCHS = 100_000;
const LBFGS_ITERATIONS = 5_000;
/** Knot intervals of the slope table; three cells each. */
const TABLE_CELLS = 85;

/** Trains MCLNN on the rollout loss by Adam (the paper's recipe) or L-BFGS, from Glorot weights. */
export async function trainByGradient(task: Task, understanding: Understanding): Promise<Learned> {
  const { options, until, log, keeper } = task;
  const { hidden, seed, learningRate } = options;
  const { data, dynamics } = understanding.hypothesis;
  const validation = validationOf(task, understanding);
  const separations = sortedSeparations(data);
  const basis = buildBasis(separations, { cells: TABLE_CELLS });
  const schedule = scheduleOf(data.times, dynamics);
  const objective = new TabulatedRolloutLoss(data, schedule, basis.cells, hidden);
  const random = createRandom(seed);
  const parts = Array.from({ length: data.laws }, () => glorotWeights(hidden, random));
  const weights = Float64Array.from(parts.flatMap((part) => [...part]));
  const isAdam = options.optimizer === "adam";
  const epochs = options.epochs ?? (isAdam ? ADAM_EPOCHS : LBFGS_ITERATIONS);
  const phase = isAdam ? "Adam" : "L-BFGS";
  const run = async <S extends object>(optimizer: Optimizer<S>) => {
    const first = beginDescent(optimizer, weights);
    const state = keeper.resumed(optimizer.name, first) ?? first;
    keeper.follow(optimizer.name, { iteration: () => state.iteration, values: () => state });
    const steps = descend(optimizer, objective, state, { phase, epochs, until, checkEvery: 1 });
    const outcome = await driven(task, steps, {
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
  const ended = "interrupted" in outcome ? outcome.interrupted : outcome.result;
  const law = { separations, basis, coefficients: null, weights: best.weights, posterior: null };
  return {
    law,
    findings: [],
    noise: null,
    ending: {
      optimizer: options.optimizer,
      trainLoss,
      validationLoss: networkLossOn(validation, law, hidden),
      iterations,
      reachedTarget: trainLoss <= until,
      stopped: trainLoss <= until ? "target" : ended,
      retreats,
    },
  };
}
