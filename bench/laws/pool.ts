import type { Cell, CellResult } from "./cell.ts";
import type { CoverageResult, CoverageTask } from "./coverage.ts";
import type { MassResult, MassTask } from "./masses.ts";

/** What a worker does: a cell of the table, or one draw of noise, masses known or hidden. */
export type Task =
  | { readonly cell: Cell }
  | { readonly coverage: CoverageTask }
  | { readonly hidden: MassTask };

/** Runs cells; results come in the order of the cells. @param onResult - called as results come */
export function runCells(
  cells: readonly Cell[],
  threads: number,
  onResult: (result: CellResult) => void,
): Promise<CellResult[]> {
  return runTasks(
    cells.map((cell) => ({ cell })),
    threads,
    onResult,
  );
}

/** Counts what error bars hold; results come in the order of the tasks. */
export function runCoverages(
  tasks: readonly CoverageTask[],
  threads: number,
  onResult: (result: CoverageResult) => void,
): Promise<CoverageResult[]> {
  return runTasks(
    tasks.map((coverage) => ({ coverage })),
    threads,
    onResult,
  );
}

/** Finds hidden masses; results come in the order of the tasks. */
export function runHidden(
  tasks: readonly MassTask[],
  threads: number,
  onResult: (result: MassResult) => void,
): Promise<MassResult[]> {
  return runTasks(
    tasks.map((hidden) => ({ hidden })),
    threads,
    onResult,
  );
}

/** Several at a time in processes of their own where that is asked for. */
async function runTasks<R>(
  tasks: readonly Task[],
  threads: number,
  onResult: (result: R) => void,
): Promise<R[]> {
  if (threads <= 1) {
    const { default: work } = await import("./worker.ts");
    const results: R[] = [];
    for (const task of tasks) {
      const result = (await work(task)) as R;
      onResult(result);
      results.push(result);
    }
    return results;
  }
  const { Tinypool } = await import("tinypool");
  const workers = Math.min(threads, tasks.length);
  const pool = new Tinypool({
    filename: new URL("./worker.ts", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    // On Node 20 tsx reads TypeScript in processes, not in threads.
    runtime: "child_process",
  });
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const result: R = await pool.run(task);
        onResult(result);
        return result;
      }),
    );
  } finally {
    await pool.destroy();
  }
}
