export type * from "../data/index.ts";
export type { Claim, Judgement, Verdict } from "./claims/claim.ts";
export { CLAIMS, type LedgerEntry, ledgerOf } from "./claims/ledger.ts";
export type { StartName } from "./experiment/experiment.ts";
export type { RunResult } from "./experiment/rollouts.ts";
export {
  fullSettings,
  quickSettings,
  type Settings,
  SYSTEMS,
  type SystemName,
} from "./experiment/settings.ts";
export type { Part, Presentation } from "./parts/part.ts";
export { PARTS } from "./parts/parts.ts";
export { type Results, resultsFrom } from "./results/results.ts";
export type { BaselineInput, BaselineKind, BaselineResult } from "./studies/baseline.ts";
export {
  type EfficiencyInput,
  type EfficiencyResult,
  type EfficiencyRun,
  LEARNERS,
  type Learner,
} from "./studies/efficiency.ts";
export type { LargerRun, LawKind, LawMeasures, LawsInput, LawsResult } from "./studies/laws.ts";
export { forecastRecipe, type RecipeInput, type RecipeResult } from "./studies/recipe.ts";
export {
  doStudyJob,
  type Studies,
  type StudyError,
  type StudyJob,
  type StudyName,
  type StudyOutcome,
} from "./studies/study-job.ts";
export type { Identity, LargestViolation, TheoryInput, TheoryResult } from "./studies/theory.ts";
export type { WidthRun, WidthsInput, WidthsResult } from "./studies/widths.ts";
