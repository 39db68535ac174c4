export { LnnRolloutLoss } from "./baseline/rollout-loss.ts";
export { curveGradient } from "./engine/adjoint.ts";
export { rolloutLoss } from "./engine/pair-rollout.ts";
export { fitSpline } from "./fit/spline-fit.ts";
export { DirectRolloutLoss } from "./network/direct-rollout-loss.ts";
export { accumulateBatch, evaluateBatch } from "./network/network-batch.ts";
export { TabulatedRolloutLoss } from "./network/rollout-loss.ts";
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
export { named, scheduleOf, splittingByName } from "./records/dynamics.ts";
export { createSchedule, SCHEDULE, type Schedule } from "./records/schedule.ts";
export { chooseTimeStep } from "./records/time-step.ts";
export {
  createTrainingData,
  type DataOptions,
  sortedSeparations,
  speciesPairs,
  TRAINING_DATA,
  type TrainingData,
} from "./records/training-data.ts";
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "./runs/checkpoint-file.ts";
export { now } from "./runs/clock.ts";
export { beginDescent, descend } from "./runs/descend.ts";
export { drive } from "./runs/drive.ts";
export { LossLog } from "./runs/loss-log.ts";
export { buildBasis } from "./splines/knots.ts";
export { separationRecord } from "./train/separation-record.ts";
export { DEEP_FIT } from "./train/train-spline.ts";
export { useKernels, type WorkCount, work } from "./wasm/work.ts";
