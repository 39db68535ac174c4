import type { Cell, CellResult } from "./cell.ts";
import { runCell } from "./run-cell.ts";

/** A worker thread's one task. */
export default function work(cell: Cell): Promise<CellResult> {
  return runCell(cell);
}
