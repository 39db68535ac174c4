import { readFileSync } from "node:fs";
import path from "node:path";
import { decodeTrajectorySet } from "@mclnn/datasets";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
const generate = "generate --system linear-spring --trajectories 12 --quiet";

beforeAll(async () => {
  for (const [name, options] of [
    ["whole", ""],
    ["gaps", " --missing 0.1 --shortest 8"],
  ])
    await runCli([...`${generate}${options}`.split(" "), "--out", at(`${name}.npz`)]);
  await runCli(["train", "--data", at("whole.npz"), "--quiet", "--out", at("law.safetensors")]);
});

describe("evaluate where records are missing", () => {
  const evaluate = (name: string, ...more: string[]) =>
    runCli(["evaluate", "--model", at("law.safetensors"), "--data", at(`${name}.npz`), ...more]);

  it("leaves out trajectories without a whole start, and measures at the records that are whole", async () => {
    const { observed, particles, records } = decodeTrajectorySet(readFileSync(at("gaps.npz")));
    const starts = Array.from({ length: 12 }, (_, t) =>
      (observed as Uint8Array).subarray(
        t * records * particles,
        t * records * particles + particles,
      ),
    );
    const whole = starts.filter((start) => start.every((seen) => seen === 1)).length;
    expect(whole).toBeGreaterThan(3);
    expect(whole).toBeLessThan(12);
    const gaps = await evaluate("gaps", "--out", at("results"));
    expect(gaps.code).toBe(0);
    expect(gaps.stderr).toContain(`${12 - whole} of 12 trajectories are left out`);
    const { rollout } = JSON.parse(readFileSync(path.join(at("results"), "results.json"), "utf8"))
      .systems["linear-spring"].models.mclnn;
    const all = JSON.parse((await evaluate("whole", "--json")).stdout).rollout;
    expect(rollout.trajectories).toBe(whole);
    expect(rollout.position.max).toBeGreaterThan(0);
    expect(rollout.position.max).toBeLessThanOrEqual(all.position.max);
    // The model's own runs have no gaps.
    const runs = decodeTrajectorySet(readFileSync(path.join(at("results"), "runs", "mclnn.npz")));
    expect(runs.trajectories).toBe(whole);
    expect(runs.observed).toBeUndefined();
  });
});
