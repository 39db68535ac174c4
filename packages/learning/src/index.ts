export type { TermSpec } from "@mclnn/physics/terms";
export type { BaselineOptions } from "./baseline/baseline.ts";
export type { LnnOptions } from "./baseline/settings.ts";
export { trainBaseline, trainLnnOnTrajectories } from "./baseline/train-lnn.ts";
export type { LnnTrajectoryOptions } from "./baseline/train-on-trajectories.ts";
export type { Finding } from "./findings/finding.ts";
export { inspectRecords } from "./findings/records/records.ts";
export type { Block, BlockConstant, ConstantKind } from "./formulas/block.ts";
export type { FormulaConstant, WrittenFormula } from "./formulas/describe.ts";
export { findFormula } from "./formulas/find-formula.ts";
export type { Distance, FormulaOptions, FormulaResult, LawFormula } from "./formulas/result.ts";
export type { TimeStepSource } from "./records/time-step.ts";
export type { Retreat } from "./runs/descend.ts";
export { resultFromData, resultToData, type TrainResultData } from "./runs/result-data.ts";
export type { CheckpointOptions, Plain, TrainingState } from "./runs/state.ts";
export {
  type Effort,
  type FittedCharge,
  type FittedMass,
  type InterimLaw,
  type KnownTerm,
  type Measured,
  type Milestone,
  type MotionCheck,
  type MotionResult,
  type Origin,
  PAPER_LOSS,
  type StartStates,
  type StopSignal,
  type TermNotSeen,
  type TermResult,
  type TrainOptions,
  type TrainProgress,
  type TrainResult,
} from "./runs/train-options.ts";
export type { DividedWork, SpreadWork, Threads } from "./threads/threads.ts";
export { type TrainableLaw, train, trainSpecies } from "./train/train.ts";
export { type SeedResult, type TrainSeedsOptions, trainSeeds } from "./train/train-seeds.ts";
