import { readFileSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import {
  addPositionNoise,
  createRandom,
  dropVelocities,
  encodeTrajectorySet,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { train } from "@mclnn/learning";
import { decodeModel, encodeModel } from "@mclnn/models";
import { createSystem, pairwise } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { describe, expect, it } from "vitest";
import { mayBeLong } from "../src/commands/train/elsewhere.ts";
import { scratchFolder, spawnCli, startCli } from "./run-cli.ts";

const at = scratchFolder();

/** Particles that repel each other, begun on a square lattice. */
function lattice(side: number, trajectories: number, records: number): TrajectorySet {
  const random = createRandom(1);
  const particles = side * side;
  const positions = Array.from({ length: particles }, (_, i) => [
    (i % side) * 1.2,
    Math.floor(i / side) * 1.2,
  ]).flat();
  const start = {
    time: 0,
    positions: Float64Array.from(positions),
    velocities: Float64Array.from(positions, () => 0.3 * random.normal()),
  };
  const system = createSystem({
    masses: new Array<number>(particles).fill(1),
    dimension: 2,
    potential: pairwise(parseFormula("exp(-r)/r")),
  });
  return generateTrajectories({ system, start, trajectories, records });
}

describe("a training whose steps may be long", () => {
  it("is left with its best law within two seconds of Ctrl-C, with exit code 130", async () => {
    const set = lattice(11, 1, 20);
    const noisy = dropVelocities(addPositionNoise(set, { sigma: 1e-3, seed: 1 }));
    writeFileSync(at("long.npz"), encodeTrajectorySet({ ...noisy, provenance: {} }));
    const { process: child, ended } = startCli(
      ["train", "--data", at("long.npz"), "--out", at("left.safetensors"), "--threads", "1"],
      { cwd: at(".") },
    );
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (text) => {
        if (/(smoothing|free starts), loss/.test(String(text))) resolve();
      });
      child.on("close", resolve);
    });
    const asked = performance.now();
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    // Two seconds; more where other tests run beside this one.
    expect(performance.now() - asked).toBeLessThan(6000);
    expect(stderr).toContain("the best law so far, a spline");
    const law = decodeModel(readFileSync(at("left.safetensors")), { source: "left" });
    if (law.kind !== "spline") throw new Error(`a ${law.kind}`);
    expect(law.pair.slope(1.2)).toBeLessThan(0);
  }, 120_000);

  it("gives the same bits in its worker, on one thread and on two", async () => {
    const set = lattice(4, 80, 20);
    expect(mayBeLong(set, "auto")).toBe(true);
    writeFileSync(at("set.npz"), encodeTrajectorySet(set));
    const { model } = await train(set, { model: "spline" });
    for (const threads of ["1", "2"]) {
      const out = at(`${threads}.safetensors`);
      const { code, stderr } = await spawnCli(
        ["train", "--data", at("set.npz"), "--model", "spline", "--out", out, "--threads", threads],
        { cwd: at(".") },
      );
      expect(code, stderr).toBe(0);
      // A file says where its records lie, too.
      const written = decodeModel(readFileSync(out), { source: out }) as typeof model;
      expect(encodeModel({ ...written, record: model.record })).toEqual(encodeModel(model));
    }
  }, 120_000);

  it("is none of the paper's size", () => {
    expect(mayBeLong(lattice(2, 100, 20), "auto")).toBe(false);
    expect(mayBeLong(dropVelocities(lattice(2, 100, 20)), "auto")).toBe(false);
  });
});
