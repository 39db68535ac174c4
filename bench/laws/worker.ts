import type { CellResult } from "./cell.ts";
import { type CoverageResult, runCoverage } from "./coverage.ts";
import type { Task } from "./pool.ts";
import { runCell } from "./run-cell.ts";

/** A worker's one task. */
export default function work(task: Task): Promise<CellResult | CoverageResult> {
  return "cell" in task ? runCell(task.cell) : runCoverage(task.coverage);
}
