import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();

/** Runs with --json; its exit code and its one object. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await runCli([...args, "--json", "--quiet"]);
  return { code, stderr, out: JSON.parse(stdout) };
}

/** Argon in SI units: lengths of 1e-10 m, times of 1e-14 s. */
const ARGON = "lennard-jones:epsilon=1.65e-21,sigma=3.4e-10";
const M = 6.63e-26;

describe("steps of a run", () => {
  beforeAll(async () => {
    const positions = [
      [0, 0, 0],
      [4e-10, 0, 0],
      [1.8e-10, 3.7e-10, 0.5e-10],
    ];
    const velocities = [
      [60, 20, 0],
      [-40, 30, 10],
      [-20, -50, -10],
    ];
    const state = { masses: [M, M, M], positions, velocities };
    writeFileSync(at("argon.json"), JSON.stringify(state));
    const made = await json(
      ...["generate", "--potential", ARGON, "--initial", at("argon.json")],
      ...["--dt", "1e-14", "--trajectories", "30", "--out", at("argon.npz")],
    );
    expect(made.code).toBe(0);
    const learned = await json(
      ...["train", "--data", at("argon.npz"), "--model", "spline", "--out", at("law.safetensors")],
    );
    expect(learned.code).toBe(0);
  });

  const simulate = (...more: string[]) =>
    json(
      ...["simulate", "--model", at("law.safetensors"), "--initial", at("argon.json")],
      ...["--records", "100", "--out", at("run.npz"), "--force", ...more],
    );

  it("of a model in SI units are those that it was trained with", async () => {
    const { code, out } = await simulate();
    expect(code).toBe(0);
    expect(out).toMatchObject({ dt: 1e-14, integrator: "velocity-verlet", diverged: false });
    expect(out.hamiltonian.maxDrift).toBeLessThan(1e-23);
  });

  it.each(["1e-12", "1e-10", "0.01"])(
    "a run whose energy is made by steps of %s s is said to have diverged, with exit code 1",
    async (dt) => {
      const { code, out } = await simulate("--dt", dt);
      expect(code).toBe(1);
      expect(out.diverged ?? out.error.code === "diverged").toBe(true);
      const told = await runCli([
        ...["simulate", "--model", at("law.safetensors"), "--initial", at("argon.json")],
        ...["--records", "100", "--out", at("run.npz"), "--force", "--dt", dt],
      ]);
      expect(told.stderr).toMatch(/diverged/);
    },
  );

  it("bodies at rest where no force acts have not diverged", async () => {
    const still = {
      masses: [1, 1],
      positions: [
        [0, 0],
        [1, 0],
      ],
      velocities: [
        [0, 0],
        [0, 0],
      ],
    };
    writeFileSync(at("still.json"), JSON.stringify(still));
    const { code, out } = await json(
      ...["simulate", "--potential", "0.5*(r-1.0000000001)^2 + 1e6", "--out", at("still.npz")],
      ...["--initial", at("still.json"), "--records", "50"],
    );
    expect([code, out.diverged]).toEqual([0, false]);
  });
});
