import type { Cell, CellResult } from "./cell.ts";
import { type CoverageResult, type CoverageTask, runCoverage } from "./coverage.ts";
import { type MassResult, type MassTask, runMasses } from "./masses.ts";
import { runCell } from "./run-cell.ts";

/** What a worker does: a cell of the table, or one draw of noise, masses known or hidden. */
export type Task =
  | { readonly cell: Cell }
  | { readonly coverage: CoverageTask }
  | { readonly hidden: MassTask };

/** A worker's one task. */
export default function work(task: Task): Promise<CellResult | CoverageResult | MassResult> {
  if ("cell" in task) return runCell(task.cell);
  return "coverage" in task ? runCoverage(task.coverage) : runMasses(task.hidden);
}
