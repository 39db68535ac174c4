import { execFile } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Outcome } from "./places.ts";

/** Trainings large enough to be divided, on so many threads each. */
const folder = path.resolve(import.meta.dirname, "../../../packages/learning/test/threads");

/** What the names of these trainings begin with. */
export const DIVIDED = "divided training: ";

/** Model files of trainings whose work was divided among threads. @param counts - numbers of threads */
export async function threadOutcomes(counts: readonly number[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const count of counts) {
    const began = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--conditions=@mclnn/source",
      "--import",
      path.join(folder, "register-tsx.mjs"),
      path.join(folder, "same-bits.ts"),
      String(count),
    ]);
    const { results, divided } = JSON.parse(stdout) as {
      results: Record<string, string | readonly string[]>;
      divided: Record<string, number>;
    };
    const hashes: Record<string, string> = {};
    for (const [name, hash] of Object.entries(results))
      hashes[DIVIDED + name] = typeof hash === "string" ? hash : hash.join(", ");
    outcomes.push({
      engine: `${count} thread${count === 1 ? "" : "s"}`,
      kernels: true,
      run: {
        hashes,
        kernelCalls: 1,
        called: Object.keys(divided),
        seconds: (performance.now() - began) / 1000,
      },
    });
  }
  return outcomes;
}
