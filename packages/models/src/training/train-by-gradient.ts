import { createRandom } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { TabulatedRolloutLoss } from "../losses/rollout-loss.ts";
import type { MclnnModel, SplineModel } from "../model.ts";
import { drive } from "./drive.ts";
import { buildBasis } from "./function-first/basis.ts";
import { glorotWeights } from "./function-first/initial-weights.ts";
import { adam } from "./optimizers/adam.ts";
import { lbfgs } from "./optimizers/lbfgs.ts";
import type { Objective, Optimizer } from "./optimizers/optimizer.ts";
import type { TrainingProblem } from "./problem.ts";
import { networkResult } from "./train-mclnn.ts";
import type { TrainResult } from "./train-options.ts";
import { sortedSeparations } from "./training-data.ts";

/** Epochs of the paper (A.6). */
const ADAM_EPOCHS = 100_000;
const LBFGS_ITERATIONS = 5_000;
/** Knot intervals of the slope table; three cells each. */
const TABLE_CELLS = 85;

interface DescentStep {
  readonly iteration: number;
  readonly loss: number;
  /** The weights with this loss; they change with the next step. */
  readonly weights: Float64Array;
}

/** Trains MCLNN on the rollout loss by Adam (the paper's recipe) or L-BFGS, from Glorot weights. */
export async function trainByGradient(
  problem: TrainingProblem,
): Promise<TrainResult<MclnnModel | SplineModel>> {
  const { data, schedule, settings, log } = problem;
  const { hidden, seed, until, learningRate } = settings;
  const separations = sortedSeparations(data);
  const basis = buildBasis(separations, { cells: TABLE_CELLS });
  const objective = new TabulatedRolloutLoss(data, schedule, basis.cells, hidden);
  const random = createRandom(seed);
  const parts = Array.from({ length: data.laws }, () => glorotWeights(hidden, random));
  const weights = Float64Array.from(parts.flatMap((part) => [...part]));
  const isAdam = settings.optimizer === "adam";
  const epochs = settings.epochs ?? (isAdam ? ADAM_EPOCHS : LBFGS_ITERATIONS);
  const best = { weights: weights.slice(), loss: Number.POSITIVE_INFINITY };
  let iterations = 0;
  const steps = isAdam
    ? descend(adam({ learningRate }), objective, weights, epochs, until)
    : descend(lbfgs(), objective, weights, epochs, until);
  const outcome = await drive(steps, {
    signal: settings.signal,
    timeLimit: settings.timeLimit,
    started: log.started,
    onStep: ({ iteration, loss, weights: measured }) => {
      iterations = iteration;
      log.measured(iteration, loss);
      log.progress(isAdam ? "Adam" : "L-BFGS", iteration, loss, epochs);
      if (loss < best.loss) {
        best.loss = loss;
        best.weights.set(measured);
      }
    },
  });
  if (!Number.isFinite(best.loss))
    throw new MclnnError("training diverged in its first step", {
      code: "diverged",
      expected: "a finite rollout loss",
      got: String(best.loss),
      mend: "Try another seed or --optimizer auto.",
      kind: "failure",
    });
  const trainLoss = best.loss;
  const stopped =
    trainLoss <= until ? "target" : "interrupted" in outcome ? outcome.interrupted : outcome.result;
  const coefficients = new Float64Array(basis.size);
  return networkResult(problem, { separations, basis, coefficients }, best.weights, {
    optimizer: settings.optimizer,
    trainLoss,
    iterations,
    stopped,
  });
}

/** Steps an optimiser until the target, convergence or the last epoch. Yields losses with the weights they belong to. */
function* descend<S>(
  optimizer: Optimizer<S>,
  objective: Objective,
  weights: Float64Array,
  epochs: number,
  until: number,
): Generator<DescentStep, "converged" | "epochs" | "target"> {
  const state = optimizer.init(objective.size);
  const before = new Float64Array(objective.size);
  const measured = optimizer.reports === "before" ? before : weights;
  for (let iteration = 1; iteration <= epochs; iteration++) {
    before.set(weights);
    const { loss, converged } = optimizer.step(objective, weights, state);
    yield { iteration, loss, weights: measured };
    if (loss <= until) return "target";
    if (converged) return "converged";
  }
  return "epochs";
}
