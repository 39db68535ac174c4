import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { decodeTrajectorySet } from "@mclnn/datasets";
import { decodeModel } from "@mclnn/models";
import { bundledProgram, type Running, start } from "../program.ts";
import type { Promised, Tally } from "../promise.ts";

/** Rounds, and milliseconds within which a process leaves: on a machine that is busy with other tests, more. */
const SIZES = { quick: { rounds: 1, within: 8000 }, full: { rounds: 15, within: 2000 } };
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof CODES;

/** Runs that are stopped: what they do, and what must be there afterwards. */
const RUNS: readonly {
  readonly name: string;
  readonly args: readonly string[];
  /** Seen on standard error when the work has begun. */
  readonly begun: RegExp;
  readonly kept: string;
}[] = [
  {
    name: "train",
    args: ["train", "--data", "data.npz", "--optimizer", "adam", "--out", "kept.safetensors"],
    begun: /Adam, loss/,
    kept: "kept.safetensors",
  },
  {
    name: "train with checkpoints",
    args: [
      ...["train", "--data", "data.npz", "--model", "lnn", "--optimizer", "adam"],
      ...["--checkpoint", "c", "--every", "10", "--out", "kept.safetensors"],
    ],
    begun: /Adam, loss/,
    kept: "kept.safetensors",
  },
  {
    name: "simulate",
    args: ["simulate", "--system", "gravity", "--records", "3000000", "--out", "kept.npz"],
    begun: /record [\d,]{3,}/,
    kept: "kept.npz",
  },
];

export const signals: Promised = {
  name: "signals",
  promise:
    "Ctrl-C, SIGTERM and SIGHUP: what is done is kept, the run leaves within 2 seconds with 130, 143, 129; the second signal leaves at once",
  async check(size, tally) {
    const { rounds, within } = SIZES[size];
    const program = await bundledProgram();
    const folder = await mkdtemp(path.join(tmpdir(), "mclnn-trust-"));
    let longest = 0;
    try {
      await start(program, ["generate", "--system", "gravity", "--out", "data.npz"], folder).ended;
      const before = (await readdir(folder)).length;
      for (let round = 0; round < rounds; round++)
        for (const [k, run] of RUNS.entries()) {
          const signal = (Object.keys(CODES) as Signal[])[(round + k) % 3];
          const running = start(program, run.args, folder);
          await hasBegun(running, run.begun);
          await setTimeout(round * 37);
          const sent = performance.now();
          running.process.kill(signal);
          const { code, stderr } = await running.ended;
          const took = performance.now() - sent;
          longest = Math.max(longest, took);
          tally.expect(
            code === CODES[signal] && took < within,
            `${run.name}, ${signal}: code ${code} after ${took.toFixed(0)} ms, ${stderr.slice(-300)}`,
          );
          await isKept(path.join(folder, run.kept), tally, run.name);
          await rm(path.join(folder, run.kept), { force: true });
          await rm(path.join(folder, "c"), { recursive: true, force: true });
          const names = await readdir(folder);
          tally.expect(names.length === before, `${run.name}: ${names.join(", ")} are left`);
        }
      await leavesAtOnce(program, folder, tally);
      tally.notes.push(`the slowest left after ${longest.toFixed(0)} ms`);
    } finally {
      await rm(folder, { recursive: true, force: true });
      await rm(path.dirname(program), { recursive: true, force: true });
    }
  },
};

async function hasBegun({ process: child, stderr, ended }: Running, sign: RegExp): Promise<void> {
  for (let tries = 0; !sign.test(stderr()); tries++) {
    if (tries > 3000 || child.exitCode !== null)
      throw new Error(`did not begin: ${(await ended).stderr}`);
    await setTimeout(10);
  }
}

async function isKept(file: string, tally: Tally, name: string): Promise<void> {
  try {
    const bytes = await readFile(file);
    if (file.endsWith(".npz")) decodeTrajectorySet(bytes, { source: file });
    else decodeModel(bytes, { source: file });
    tally.cases++;
  } catch (error) {
    tally.expect(false, `${name}: nothing to keep, ${error}`);
  }
}

/** Two signals: the run ends without writing, and its lock goes with it. */
async function leavesAtOnce(program: string, folder: string, tally: Tally): Promise<void> {
  const [, run] = RUNS;
  const { args, begun } = run as (typeof RUNS)[0];
  const running = start(program, args, folder);
  await hasBegun(running, begun);
  running.process.kill("SIGINT");
  running.process.kill("SIGTERM");
  const { code } = await running.ended;
  const names = await readdir(path.join(folder, "c"));
  tally.expect(
    (code === 143 || code === 130) && !names.includes("lock"),
    `two signals: code ${code}, ${names.join(", ")}`,
  );
}
