import type { Cell, CellResult } from "./cell.ts";

/**
 * Runs cells, several at a time in processes of their own where that is asked for; results come in the order of the cells.
 *
 * @param onResult - called as results come
 */
export async function runCells(
  cells: readonly Cell[],
  threads: number,
  onResult: (result: CellResult) => void,
): Promise<CellResult[]> {
  if (threads <= 1) {
    const { runCell } = await import("./run-cell.ts");
    const results: CellResult[] = [];
    for (const cell of cells) {
      const result = await runCell(cell);
      onResult(result);
      results.push(result);
    }
    return results;
  }
  const { Tinypool } = await import("tinypool");
  const workers = Math.min(threads, cells.length);
  const pool = new Tinypool({
    filename: new URL("./worker.ts", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    // On Node 20 tsx reads TypeScript in processes, not in threads.
    runtime: "child_process",
  });
  try {
    return await Promise.all(
      cells.map(async (cell) => {
        const result: CellResult = await pool.run(cell);
        onResult(result);
        return result;
      }),
    );
  } finally {
    await pool.destroy();
  }
}
