export type { Claim, Judgement, Verdict } from "./claims/claim.ts";
export { CLAIMS, type LedgerEntry, ledgerOf } from "./claims/ledger.ts";
export {
  fullSettings,
  quickSettings,
  type Settings,
  type SystemName,
} from "./experiment/settings.ts";
export type { Part, Presentation } from "./parts/part.ts";
export { PARTS } from "./parts/parts.ts";
export { type Results, resultsFrom } from "./results/results.ts";
export { forecastRecipe } from "./studies/recipe.ts";
export {
  doStudyJob,
  type Studies,
  type StudyError,
  type StudyJob,
  type StudyName,
  type StudyOutcome,
} from "./studies/study-job.ts";
