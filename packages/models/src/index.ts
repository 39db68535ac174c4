export type { AlternativeKind } from "./diagnostics/alternatives.ts";
export type { Finding } from "./diagnostics/findings.ts";
export { decodeModel } from "./files/decode-model.ts";
export { encodeModel } from "./files/encode-model.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
  type TensorFile,
} from "./files/safetensors.ts";
export type { LawTable } from "./laws/law-table.ts";
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
export type { LnnOptions } from "./lnn/settings.ts";
export type { LnnTrajectoryOptions } from "./lnn/train-on-trajectories.ts";
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
export type { DividedWork, SpreadWork, Threads } from "./threads/threads.ts";
export type { BaselineOptions } from "./training/baseline.ts";
export type { Retreat } from "./training/descend.ts";
export type { FittedMass } from "./training/fit-masses.ts";
export type { CheckpointOptions, Plain, TrainingState } from "./training/state.ts";
export type { TimeStepSource } from "./training/time-step.ts";
export { type TrainableLaw, train, trainSpecies } from "./training/train.ts";
export { trainBaseline, trainLnnOnTrajectories } from "./training/train-lnn.ts";
export {
  type Milestone,
  PAPER_LOSS,
  type StartStates,
  type StopSignal,
  type TrainOptions,
  type TrainProgress,
  type TrainResult,
} from "./training/train-options.ts";
export { type SeedResult, type TrainSeedsOptions, trainSeeds } from "./training/train-seeds.ts";
