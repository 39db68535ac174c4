import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { type Ended, start } from "../program.ts";

/**
 * Writes what a process has used, when it ends. Linux counts to `maxRSS` what the process that started it had; `VmHWM` is its own.
 */
const METER = `data:text/javascript,${encodeURIComponent(`
import { existsSync, readFileSync, writeFileSync } from "node:fs";
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const own = existsSync("/proc/self/status") && /VmHWM:\\s+(\\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
  const peak = 1024 * (own ? Number(own[1]) : maxRSS);
  writeFileSync("used.json", JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, peak }));
});
`)}`;

/** What one run of the program took. */
export interface Metered extends Ended {
  /** Of the processor, all threads together. */
  readonly seconds: number;
  /** Bytes of memory that were resident at most. */
  readonly peak: number;
}

/** Runs the program, and measures it: time of the processor, as a clock on the wall also shows what else the machine does. */
export async function metered(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<Metered> {
  const ended = await start(program, args, cwd, ["--import", METER]).ended;
  const file = path.join(cwd, "used.json");
  const used = JSON.parse(await readFile(file, "utf8")) as { seconds: number; peak: number };
  await rm(file);
  return { ...ended, ...used };
}
