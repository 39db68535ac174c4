export type { BaselineOutcome } from "./compare/baseline.ts";
export {
  collect,
  modelPath,
  resultsOf,
  runPath,
  type SystemComparison,
  seriesOf,
} from "./compare/comparison.ts";
export { type CompareJob, type CompareOutcome, doCompareJob } from "./compare/job.ts";
export type { OpenOwn, OwnSystem } from "./compare/opened-plan.ts";
export { type AskedTimes, type OwnTimes, ownTimes } from "./compare/own-times.ts";
export type { PairLawsOutcome } from "./compare/pair-laws.ts";
export {
  type ExperimentSource,
  type OwnSource,
  type SystemPlan,
  type UnseenStart,
  unseenStarts,
} from "./compare/system-plan.ts";
export { MODEL_TITLES, type TrainedModel } from "./compare/trained-model.ts";
export type * from "./data/index.ts";
export {
  type Evaluation,
  evaluatedRuns,
  evaluateModel,
  evaluationResults,
  evaluationSeries,
} from "./evaluate/evaluate-model.ts";
export {
  type EvaluatedRun,
  particlesOf,
  type RecordedSteps,
  withWholeStarts,
} from "./evaluate/rollouts.ts";
export { blame } from "./measure/blame.ts";
export { lawOf } from "./measure/law-curves.ts";
export { measureRun, observablesOf, type RunMeasures } from "./measure/measure.ts";
export { type Recorded, type Run, recorderFor, runFrom } from "./measure/run.ts";
export { allSeparations, separationRange } from "./measure/separation-range.ts";
