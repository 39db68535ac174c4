import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** How a process ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written to standard error so far. */
  readonly stderr: () => string;
}

/** Starts a process. @param env - added to the environment */
export function start(
  [command, ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].on("data", (chunk) => {
      said[stream] += chunk;
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...said }));
  });
  return { process: child, ended, stderr: () => said.stderr };
}

/** What a process and all Node processes that it started took. */
export interface Used extends Ended {
  /** Seconds by the clock on the wall, and of the processor, all threads together. */
  readonly wall: number;
  readonly processor: number;
  /** Bytes of memory that one of them held at most. */
  readonly memory: number;
}

const REPORT = path.join(import.meta.dirname, "report-usage.cjs");

/** Runs a process to its end, and measures it. */
export function measured(command: readonly string[], cwd: string): Promise<Used> {
  return inFolder(async (folder) => {
    const file = path.join(folder, "usage");
    const began = performance.now();
    const env = { NODE_OPTIONS: `--require "${REPORT}"`, MCLNN_USAGE: file };
    const ended = await start(command, cwd, env).ended;
    const wall = (performance.now() - began) / 1000;
    const lines = (await readFile(file, "utf8").catch(() => "")).trim().split("\n");
    const usages = lines.filter(Boolean).map((line) => JSON.parse(line) as Used);
    const processor = usages.reduce((sum, usage) => sum + usage.processor, 0);
    return { ...ended, wall, processor, memory: Math.max(...usages.map(({ memory }) => memory)) };
  });
}

/** Works with a new folder, and removes it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "mclnn-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
