import { say } from "./command-line.ts";

/**
 * Does tasks several at a time, each in a process of its own. @returns results in the order of the tasks
 *
 * @param worker - a module whose default export does one task
 * @param tell - a task's result in words, told with how many are done
 */
export async function inProcesses<T, R>(
  worker: URL,
  tasks: readonly T[],
  threads: number,
  tell: (result: R, task: T) => string,
): Promise<R[]> {
  const { Tinypool } = await import("tinypool");
  const workers = Math.max(1, Math.min(threads, tasks.length));
  const pool = new Tinypool({
    filename: worker.href,
    minThreads: workers,
    maxThreads: workers,
    // On Node 20 tsx reads TypeScript in processes, not in threads.
    runtime: "child_process",
  });
  let done = 0;
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const result: R = await pool.run(task);
        say(`${String(++done).padStart(4)} of ${tasks.length}  ${tell(result, task)}`);
        return result;
      }),
    );
  } finally {
    await pool.destroy();
  }
}
