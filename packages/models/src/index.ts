export { type Cells, createCells } from "./cells.ts";
export type { AlternativeKind } from "./diagnostics/alternatives.ts";
export type { Finding } from "./diagnostics/findings.ts";
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./files/checkpoint-file.ts";
export { decodeModel, encodeModel } from "./files/model-file.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
  type TensorFile,
} from "./files/safetensors.ts";
export { createLnnModel } from "./laws/lnn.ts";
export { createMclnnModel } from "./laws/mclnn.ts";
export { fitPowerLaw, type PowerLaw } from "./laws/power-law.ts";
export { createSpeciesModel } from "./laws/species.ts";
export { createSplineModel } from "./laws/spline.ts";
export {
  PositionNetwork,
  positionNetworkLayout,
  positionNetworkSize,
} from "./lnn/position-network.ts";
export { LnnRolloutLoss } from "./lnn/rollout-loss.ts";
export type { LnnOptions } from "./lnn/settings.ts";
export {
  type LnnTrajectoryOptions,
  trainLnnOnTrajectories,
} from "./lnn/train-on-trajectories.ts";
export { DirectRolloutLoss } from "./losses/direct-rollout-loss.ts";
export { TabulatedRolloutLoss } from "./losses/rollout-loss.ts";
export type {
  LnnModel,
  MclnnModel,
  Model,
  ModelByKind,
  ModelKind,
  SeparationRecord,
  SpeciesModel,
  SplineModel,
  TrainingRecord,
} from "./model.ts";
export { EnergyNetwork, type LayoutSlice, networkLayout, networkSize } from "./network.ts";
export { createSchedule, type Schedule } from "./rollout/schedule.ts";
export { type BaselineOptions, trainBaseline } from "./training/baseline.ts";
export type { Retreat } from "./training/descend.ts";
export type { FittedMass } from "./training/fit-masses.ts";
export { type AdamOptions, type AdamState, adam } from "./training/optimizers/adam.ts";
export { type LbfgsOptions, type LbfgsState, lbfgs } from "./training/optimizers/lbfgs.ts";
export {
  type LeastSquares,
  type LeastSquaresOptimizer,
  type LevenbergMarquardtOptions,
  type LevenbergMarquardtState,
  levenbergMarquardt,
} from "./training/optimizers/levenberg-marquardt.ts";
export type { Objective, Optimizer, StepReport } from "./training/optimizers/optimizer.ts";
export type { CheckpointOptions, Plain, TrainingState } from "./training/state.ts";
export type { TimeStepSource } from "./training/time-step.ts";
export { PAPER_LOSS, train, trainSpecies } from "./training/train.ts";
export type {
  Milestone,
  StartStates,
  StopSignal,
  TrainOptions,
  TrainProgress,
  TrainResult,
} from "./training/train-options.ts";
export {
  createTrainingData,
  speciesPairs,
  type TrainingData,
} from "./training/training-data.ts";
