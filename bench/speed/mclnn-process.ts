import { type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { MclnnError } from "@mclnn/physics";

/** What a process took from its start to its end. */
export interface ProcessUsage {
  /** Seconds by the clock on the wall. */
  readonly wall: number;
  /** Seconds of processor time, all threads of all Node processes. */
  readonly processor: number;
  /** Most memory that one of these held, in bytes. */
  readonly memory: number;
  readonly stdout: string;
}

const PROGRAM = fileURLToPath(new URL("../../apps/cli/bin/mclnn.js", import.meta.url));
const WORKSPACE = fileURLToPath(new URL("../..", import.meta.url));
const REPORT = fileURLToPath(new URL("./report-usage.cjs", import.meta.url));

/** Runs the built `mclnn` as a process of its own. @throws MclnnError `process-failed`, `not-built` */
export function runMclnn(args: readonly string[], folder: string): Promise<ProcessUsage> {
  if (!existsSync(path.join(path.dirname(PROGRAM), "../dist/index.js")))
    throw new MclnnError("the command line is not built", {
      code: "not-built",
      expected: "apps/cli/dist",
      got: "none",
      mend: "`pnpm bench` builds it; by itself, `pnpm build` does.",
    });
  return measured(process.execPath, [PROGRAM, ...args], folder);
}

/** Runs `pnpm cli` in the workspace: pnpm, the build that finds nothing to do, and the program. @throws MclnnError `process-failed` */
export function runPnpmCli(args: readonly string[], folder: string): Promise<ProcessUsage> {
  return measured("pnpm", ["cli", ...args], folder, { cwd: WORKSPACE });
}

async function measured(
  command: string,
  args: readonly string[],
  folder: string,
  options: SpawnOptions = {},
): Promise<ProcessUsage> {
  const usageFile = path.join(await mkdtemp(path.join(folder, "usage-")), "usage.json");
  const began = performance.now();
  const child = spawn(command, args, {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_OPTIONS: `--require "${REPORT}"`,
      MCLNN_USAGE: usageFile,
      NO_COLOR: "1",
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const wall = (performance.now() - began) / 1000;
  if (code !== 0)
    throw new MclnnError(`${path.basename(command)} ${args.join(" ")} failed`, {
      code: "process-failed",
      expected: "exit code 0",
      got: `${code}: ${stderr.trim().split("\n").slice(-2).join(" ")}`,
      kind: "failure",
    });
  const usages = (await readFile(usageFile, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { processor: number; memory: number });
  return {
    wall,
    processor: usages.reduce((sum, { processor }) => sum + processor, 0),
    memory: Math.max(...usages.map(({ memory }) => memory)),
    stdout,
  };
}
