import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, inject } from "vitest";
import { main } from "../src/index.ts";
import { callBoard, shareCallBoard } from "../src/own-code/calls.ts";

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program, bundled from its sources, as a process of its own: where exit codes, streams, signals and threads are what is tested. */
export function startCli(
  args: readonly string[],
  {
    cwd,
    env = {},
    stdout: into = "pipe",
  }: { cwd: string; env?: Record<string, string>; stdout?: "pipe" | number },
): { process: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [inject("program"), ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "", ...env },
    stdio: ["ignore", into, "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, ended };
}

/** Runs the program as a process of its own. */
export function spawnCli(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<Ended> {
  return startCli(args, options).ended;
}

// Potentials of one's own run in this thread too, as if another watched: Node alone cannot start a thread on sources in TypeScript.
shareCallBoard(callBoard());

/** Runs the program in this process, with streams of its own. Paths must be absolute. */
export async function runCli(
  args: readonly string[],
  { env = {}, tty = false }: { env?: Record<string, string>; tty?: boolean } = {},
): Promise<Ended> {
  const text = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    write: (chunk: string) => {
      text[name] += chunk;
    },
    isTTY: tty,
    columns: 100,
  });
  const code = await main(args, { stdout: stream("stdout"), stderr: stream("stderr"), env });
  return { code, ...text };
}

/** A folder that lives as long as a test file. @returns path of a file in it */
export function scratchFolder(): (...names: string[]) => string {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mclnn-cli-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return (...names) => join(folder, ...names);
}
