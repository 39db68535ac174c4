import type { Cell, CellResult } from "./cell.ts";
import { type CoverageResult, type CoverageTask, runCoverage } from "./coverage.ts";
import { type MassResult, type MassTask, runMasses } from "./masses.ts";
import { runCell } from "./run-cell.ts";
import { learnMixture, type MixtureOutcome, type MixtureTask } from "./terms/learn-mixture.ts";
import { mixtureByName } from "./terms/mixtures.ts";

/** What a worker does: a cell of the table, or one draw of noise, masses known or hidden. */
export type Task =
  | { readonly cell: Cell }
  | { readonly coverage: CoverageTask }
  | { readonly hidden: MassTask }
  | { readonly mixed: MixtureTask };

/** A worker's one task. */
export default function work(
  task: Task,
): Promise<CellResult | CoverageResult | MassResult | MixtureOutcome> {
  if ("cell" in task) return runCell(task.cell);
  if ("mixed" in task) return learnMixture(mixtureByName(task.mixed.mixture), task.mixed);
  return "coverage" in task ? runCoverage(task.coverage) : runMasses(task.hidden);
}
