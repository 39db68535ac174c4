import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";

const cli = path.resolve(import.meta.dirname, "../../apps/cli");

/** Modules that the command's worker threads begin with, by their paths from the root of its sources. */
const THREADS: readonly string[] = [
  "commands/compare/worker",
  "program/thread",
  "commands/reproduce/worker",
  "commands/train/thread",
];

/** Bundles the command from its sources, so that a process of it starts in a quarter of a second and needs no build. @returns what Node runs */
export function bundledProgram(): Promise<string> {
  return bundled(
    "program-entry.ts",
    Object.fromEntries(THREADS.map((name) => [name, path.join(cli, "src", `${name}.ts`)])),
  );
}

/**
 * Bundles a program of this folder.
 *
 * @param threads - sources of its worker threads, by their paths in the bundle
 * @returns what Node runs; the caller removes the folder that it is in
 */
export async function bundled(
  entry: string,
  threads: Readonly<Record<string, string>> = {},
): Promise<string> {
  // In the command's own folder, from where its dependencies are found; beside `src/`, as `dist/` is.
  const outdir = path.join(cli, `.trust-${process.pid}`);
  await build({
    entryPoints: { mclnn: path.join(import.meta.dirname, entry), ...threads },
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@mclnn/source"],
    external: ["@observablehq/plot", "@resvg/resvg-js", "dejavu-fonts-ttf", "jiti"],
    // CommonJS dependencies call require.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return path.join(outdir, "mclnn.js");
}

/** How a run of the program ended. */
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

/** Starts the program. @param flags - of Node */
export function start(
  program: string,
  args: readonly string[],
  cwd: string,
  flags: readonly string[] = [],
): Running {
  const child = spawn(process.execPath, [...flags, program, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, ended, stderr: () => stderr };
}
