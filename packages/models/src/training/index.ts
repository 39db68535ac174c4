// Parts to build a training of one's own from: losses with exact gradients, optimisers, checkpoints.
export { type Cells, createCells } from "../cells.ts";
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../files/checkpoint-file.ts";
export { useKernels, type WorkCount, work } from "../kernels/work.ts";
export { LnnRolloutLoss } from "../lnn/rollout-loss.ts";
export { DirectRolloutLoss } from "../losses/direct-rollout-loss.ts";
export { TabulatedRolloutLoss } from "../losses/rollout-loss.ts";
export { accumulateBatch, evaluateBatch } from "../network-batch.ts";
export { createSchedule, type Schedule } from "../rollout/schedule.ts";
export { type AdamOptions, type AdamState, adam } from "./optimizers/adam.ts";
export { type LbfgsOptions, type LbfgsState, lbfgs } from "./optimizers/lbfgs.ts";
export {
  type LeastSquares,
  type LeastSquaresOptimizer,
  type LevenbergMarquardtOptions,
  type LevenbergMarquardtState,
  levenbergMarquardt,
} from "./optimizers/levenberg-marquardt.ts";
export type { Objective, Optimizer, StepReport } from "./optimizers/optimizer.ts";
export {
  createTrainingData,
  type DataOptions,
  speciesPairs,
  type TrainingData,
} from "./training-data.ts";
