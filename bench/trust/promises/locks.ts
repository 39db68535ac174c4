import { mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { bundledProgram, start } from "../program.ts";
import type { Promised } from "../promise.ts";

const ROUNDS = { quick: 1, full: 10 };

export const locks: Promised = {
  name: "locks",
  promise:
    "Two runs on one folder: the second refuses, with pid and host of the first; a killed run's lock is taken over",
  async check(size, tally) {
    const program = await bundledProgram();
    const folder = await mkdtemp(path.join(tmpdir(), "mclnn-trust-"));
    try {
      await start(program, ["generate", "--system", "gravity", "--out", "data.npz"], folder).ended;
      const training = ["train", "--data", "data.npz", "--optimizer", "adam", "--checkpoint", "c"];
      for (let round = 0; round < ROUNDS[size]; round++) {
        const first = start(program, training, folder);
        await hasLock(path.join(folder, "c"));
        const second = await start(program, [...training, "--json"], folder).ended;
        const { error } = JSON.parse(second.stdout) as { error: { code: string; got: string } };
        tally.expect(
          second.code === 2 &&
            error.code === "in-use" &&
            error.got.includes(`process ${first.process.pid} on ${hostname()}`),
          `second run: ${second.code}, ${second.stdout}`,
        );
        first.process.kill("SIGKILL");
        await first.ended;
        const third = start(program, ["train", "--resume", "c", "--time-limit", "0.1"], folder);
        const { code, stderr } = await third.ended;
        tally.expect(code === 1 && /Going on in c/.test(stderr), `third run: ${code}, ${stderr}`);
        await rm(path.join(folder, "c"), { recursive: true });
        await rm(path.join(folder, "model.safetensors"), { force: true });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
      await rm(path.dirname(program), { recursive: true, force: true });
    }
  },
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
