export { decodeModel, encodeModel } from "./files/model-file.ts";
export { createLnnModel } from "./laws/lnn.ts";
export { createMclnnModel } from "./laws/mclnn.ts";
export { createSplineModel } from "./laws/spline.ts";
export { DirectRolloutLoss } from "./losses/direct-rollout-loss.ts";
export { TabulatedRolloutLoss } from "./losses/rollout-loss.ts";
export type {
  LnnModel,
  MclnnModel,
  Model,
  ModelByKind,
  ModelKind,
  SeparationRecord,
  SplineModel,
  TrainingRecord,
} from "./model.ts";
export { EnergyNetwork, type LayoutSlice, networkLayout, networkSize } from "./network.ts";
export { trainBaseline } from "./training/baseline.ts";
export { type AdamOptions, type AdamState, adam } from "./training/optimizers/adam.ts";
export { type LbfgsOptions, type LbfgsState, lbfgs } from "./training/optimizers/lbfgs.ts";
export type { Objective, Optimizer, StepReport } from "./training/optimizers/optimizer.ts";
export { PAPER_LOSS, train } from "./training/train.ts";
export type {
  Milestone,
  StopSignal,
  TrainOptions,
  TrainProgress,
  TrainResult,
} from "./training/train-options.ts";
export {
  createTrainingData,
  type TimeStepSource,
  type TrainingData,
} from "./training/training-data.ts";
