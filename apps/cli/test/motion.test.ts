import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeTrajectorySet } from "@mclnn/datasets";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mclnn-motion-"));
  const n = 6;
  const positions = Array.from({ length: n }, (_, i) => [1.2 * (i % 3), 1.2 * Math.floor(i / 3)]);
  const velocities = positions.map(() => [0, 0]);
  writeFileSync(
    at("dots.json"),
    JSON.stringify({ masses: Array(n).fill(1), positions, velocities }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const soft = ["--potential", "20*exp(-2*r)", "--initial"];

describe("generate --motion", () => {
  const make = (out: string, ...more: string[]) =>
    runCli([
      ...["generate", ...soft, at("dots.json"), "--trajectories", "2", "--records", "60"],
      ...["--dt", "0.001", "--stride", "5", "--out", at(out), "--force", ...more],
    ]);

  it("overdamped: steps have the variance 2 D dt, no velocities, and the file says how it was made", async () => {
    for (const name of ["a.npz", "b.npz"])
      expect((await make(name, "--motion", "overdamped", "--diffusion", "0.5")).code).toBe(0);
    expect(readFileSync(at("a.npz"))).toEqual(readFileSync(at("b.npz")));
    const set = decodeTrajectorySet(readFileSync(at("a.npz")));
    expect(set.velocities).toBeUndefined();
    expect(set.provenance).toMatchObject({
      ...{ integrator: "euler-maruyama", motion: "overdamped", diffusion: 0.5, temperature: 1 },
    });
    let sum = 0;
    for (let k = 12; k < 720; k++)
      sum += ((set.positions[k] ?? 0) - (set.positions[k - 12] ?? 0)) ** 2;
    expect(sum / 708 / (2 * 0.5 * 0.005)).toBeGreaterThan(0.8);
    expect(sum / 708 / (2 * 0.5 * 0.005)).toBeLessThan(1.2);
  });

  it("langevin: velocities have the temperature", async () => {
    const langevin = ["--motion", "langevin", "--friction", "20", "--temperature", "2"];
    expect((await make("c.npz", ...langevin, "--stride", "50")).code).toBe(0);
    const { velocities = new Float64Array() } = decodeTrajectorySet(readFileSync(at("c.npz")));
    const warm = velocities.subarray(120);
    const kT = warm.reduce((sum, v) => sum + v * v, 0) / warm.length;
    expect(Math.abs(kT - 2)).toBeLessThan(0.4);
  });

  it.each([
    [["--motion", "overdamped"], "--diffusion is missing"],
    [["--diffusion", "1"], "--diffusion is of no use with --motion newtonian"],
    [["--motion", "langevin", "--diffusion", "1"], "--diffusion is of no use"],
    [["--motion", "overdamped", "--diffusion", "1,x"], "--diffusion cannot be used"],
    [
      ["--motion", "overdamped", "--diffusion", "1", "--integrator", "pefrl"],
      "--integrator is of no use",
    ],
    [
      ["--motion", "overdamped", "--diffusion", "1", "--velocity-noise", "1"],
      "motion without inertia has no velocities",
    ],
  ])("refuses %j", async (options, text) => {
    const { code, stderr } = await make("no.npz", ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });
});

describe("train and simulate with the motion that was learned", () => {
  it("D within four bars as JSON; a run of the model has steps of 2 D dt and no velocities", async () => {
    const made = await runCli([
      ...["generate", ...soft, at("dots.json"), "--trajectories", "4", "--records", "40"],
      ...["--dt", "0.001", "--stride", "5", "--motion", "overdamped", "--diffusion", "0.5"],
      ...["--out", at("tracks.npz")],
    ]);
    expect(made.code).toBe(0);
    const { stdout, code } = await runCli([
      ...["train", "--data", at("tracks.npz"), "--motion", "overdamped", "--effort", "preview"],
      ...["--terms", "pair", "--out", at("law.safetensors"), "--json"],
    ]);
    expect(code).toBe(0);
    const trained = JSON.parse(stdout);
    expect(trained).toMatchObject({ motion: "overdamped", modelKind: "spline" });
    const [{ value, sd }] = trained.diffusion;
    expect(Math.abs(value - 0.5)).toBeLessThan(4 * sd);
    const run = await runCli([
      ...["simulate", "--model", at("law.safetensors"), "--initial", at("dots.json")],
      ...["--records", "300", "--stride", "1", "--dt", "0.001", "--out", at("run.npz"), "--json"],
    ]);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout).integrator).toBe("euler-maruyama");
    const { positions, velocities } = decodeTrajectorySet(readFileSync(at("run.npz")));
    expect(velocities).toBeUndefined();
    let sum = 0;
    for (let k = 12; k < positions.length; k++)
      sum += ((positions[k] ?? 0) - (positions[k - 12] ?? 0)) ** 2;
    const found = sum / (positions.length - 12) / 0.002;
    expect(Math.abs(found / value - 1)).toBeLessThan(0.15);
  });
});
