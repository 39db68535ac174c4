import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { withProgram } from "../program.ts";
import type { Promised } from "../promise.ts";

const ROUNDS = { quick: 1, full: 10 };

export const locks: Promised = {
  name: "locks",
  promise:
    "Two runs on one folder: the second refuses, with pid and host of the first; a killed run's lock is taken over",
  check: (size, tally) =>
    withProgram(async ({ folder, start }) => {
      await start("generate --system gravity --out data.npz").ended;
      const training = "train --data data.npz --optimizer adam --checkpoint c";
      for (let round = 0; round < ROUNDS[size]; round++) {
        const first = start(training);
        await hasLock(path.join(folder, "c"));
        const second = await start(`${training} --json`).ended;
        const { error } = JSON.parse(second.stdout) as { error: { code: string; got: string } };
        tally.expect(
          second.code === 2 &&
            error.code === "in-use" &&
            error.got.includes(`process ${first.process.pid} on ${hostname()}`),
          `second run: ${second.code}, ${second.stdout}`,
        );
        first.process.kill("SIGKILL");
        await first.ended;
        const { code, stderr } = await start("train --resume c --time-limit 0.1").ended;
        tally.expect(code === 1 && /Going on in c/.test(stderr), `third run: ${code}, ${stderr}`);
        await rm(path.join(folder, "c"), { recursive: true });
        await rm(path.join(folder, "model.safetensors"), { force: true });
      }
    }),
};

async function hasLock(folder: string): Promise<void> {
  // The first checkpoint is written after the lock was taken.
  for (let tries = 0; tries < 1000; tries++) {
    const names = await readdir(folder).catch(() => [] as string[]);
    if (names.some((name) => name.startsWith("checkpoint-"))) return;
    await setTimeout(20);
  }
  throw new Error("the first run made no checkpoint");
}
