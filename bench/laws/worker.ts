import type { CellResult } from "./cell.ts";
import { type CoverageResult, runCoverage } from "./coverage.ts";
import { type MassResult, runMasses } from "./masses.ts";
import type { Task } from "./pool.ts";
import { runCell } from "./run-cell.ts";

/** A worker's one task. */
export default function work(task: Task): Promise<CellResult | CoverageResult | MassResult> {
  if ("cell" in task) return runCell(task.cell);
  return "coverage" in task ? runCoverage(task.coverage) : runMasses(task.hidden);
}
