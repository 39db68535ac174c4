import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { decodeTrajectorySet } from "@mclnn/datasets";
import { decodeModel } from "@mclnn/models";
import type { Running } from "../../process.ts";
import { type Place, withProgram } from "../program.ts";
import type { Promised, Tally } from "../promise.ts";

/** Rounds, and milliseconds within which a process leaves: on a machine that is busy with other tests, more. */
const SIZES = { quick: { rounds: 1, within: 8000 }, full: { rounds: 15, within: 2000 } };
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const SIGNALS = Object.keys(CODES) as (keyof typeof CODES)[];

/** Runs that are stopped: what they do, what is seen on standard error when the work has begun, and what must be there afterwards. */
const RUNS = [
  {
    args: "train --data data.npz --optimizer adam --out kept.safetensors",
    ...{ name: "train", begun: /Adam, loss/, kept: "kept.safetensors" },
  },
  {
    args: "train --data data.npz --model lnn --optimizer adam --checkpoint c --every 10 --out kept.safetensors",
    ...{ name: "train with checkpoints", begun: /Adam, loss/, kept: "kept.safetensors" },
  },
  {
    args: "simulate --system gravity --records 3000000 --out kept.npz",
    ...{ name: "simulate", begun: /record [\d,]{3,}/, kept: "kept.npz" },
  },
];

export const signals: Promised = {
  name: "signals",
  promise:
    "Ctrl-C, SIGTERM and SIGHUP: what is done is kept, the run leaves within 2 seconds with 130, 143, 129; the second signal leaves at once",
  check: (size, tally) =>
    withProgram(async (place) => {
      const { folder, start } = place;
      const { rounds, within } = SIZES[size];
      let longest = 0;
      await start("generate --system gravity --out data.npz").ended;
      const before = (await readdir(folder)).length;
      for (let round = 0; round < rounds; round++)
        for (const [k, { name, args, begun, kept }] of RUNS.entries()) {
          const signal = SIGNALS[(round + k) % 3];
          const running = start(args);
          await hasBegun(running, begun);
          await setTimeout(round * 37);
          const sent = performance.now();
          running.process.kill(signal);
          const { code, stderr } = await running.ended;
          const took = performance.now() - sent;
          longest = Math.max(longest, took);
          tally.expect(
            code === CODES[signal] && took < within,
            `${name}, ${signal}: code ${code} after ${took.toFixed(0)} ms, ${stderr.slice(-300)}`,
          );
          await isKept(path.join(folder, kept), tally, name);
          for (const file of [kept, "c"])
            await rm(path.join(folder, file), { recursive: true, force: true });
          const names = await readdir(folder);
          tally.expect(names.length === before, `${name}: ${names.join(", ")} are left`);
        }
      await leavesAtOnce(place, tally);
      tally.note(`the slowest left after ${longest.toFixed(0)} ms`);
    }),
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
    tally.expect(true, name);
  } catch (error) {
    tally.expect(false, `${name}: nothing to keep, ${error}`);
  }
}

/** Two signals: the run ends without writing, and its lock goes with it. */
async function leavesAtOnce({ folder, start }: Place, tally: Tally): Promise<void> {
  const { args, begun } = RUNS[1];
  const running = start(args);
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
