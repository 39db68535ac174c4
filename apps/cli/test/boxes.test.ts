import { readFileSync, writeFileSync } from "node:fs";
import { encodeTrajectorySet } from "@mclnn/datasets";
import { beforeAll, describe, expect, it } from "vitest";
import { liquid } from "../../../packages/learning/test/liquid.ts";
import { compareForces, lammpsProgram } from "../src/lammps/check.ts";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCli([...args, "--json"]);
  return { code, stderr, out: JSON.parse(stdout) };
};

const records = liquid();

beforeAll(async () => {
  writeFileSync(at("liquid.npz"), encodeTrajectorySet(records));
  const { code, out } = await json(
    ...["train", "--data", at("liquid.npz"), "--model", "spline", "--cutoff", "2.2"],
    ...["--out", at("law.safetensors")],
  );
  expect(code).toBe(0);
  expect(out).toMatchObject({ cutoff: { value: 2.2, sd: null }, reachedTarget: true });
});

describe("a law of a box", () => {
  it("is rolled out in the box of a record, total momentum exactly kept, and its run read back", async () => {
    const { code, out } = await json(
      ...["simulate", "--model", at("law.safetensors"), "--initial", at("liquid.npz")],
      ...["--records", "5", "--stride", "10", "--exact-momentum", "--out", at("run.npz")],
    );
    expect(code).toBe(0);
    expect(out).toMatchObject({ linearMomentum: { maxDrift: 0 }, angularMomentum: null });
    expect(out.hamiltonian.maxDrift).toBeLessThan(0.02);
    const { out: read } = await json("inspect", at("run.npz"));
    expect(read).toMatchObject({ periodic: [true, true, true], records: 5 });
    const { code: evaluated, out: errors } = await json(
      ...["evaluate", "--model", at("law.safetensors"), "--data", at("run.npz")],
    );
    expect(evaluated).toBe(0);
    expect(errors.rollout).toMatchObject({
      angularMomentum: { mae: null, max: null },
      linearMomentum: { mae: expect.any(Number) },
    });
  });

  it("a true law needs a cutoff there, and a state file may have a box", async () => {
    const state = {
      masses: [1, 1],
      positions: [
        [0.1, 0, 0],
        [4.9, 0, 0],
      ],
      velocities: [
        [0, 0, 0],
        [0, 0, 0],
      ],
      box: [6, 6, 6],
    };
    writeFileSync(at("state.json"), JSON.stringify(state));
    const args = ["simulate", "--potential", "lennard-jones", "--initial", at("state.json")];
    const more = ["--records", "3", "--out"];
    const { out } = await json(...args, ...more, at("pair.npz"), "--cutoff", "2.5");
    expect(out.hamiltonian.start).toBeCloseTo(
      4 * (1.2 ** -12 - 1.2 ** -6) - 4 * (2.5 ** -12 - 2.5 ** -6),
      8,
    );
    const far = await json(...args, ...more, at("far.npz"), "--cutoff", "4");
    expect(far.code).toBe(2);
    expect(far.out.error).toMatchObject({ code: "bad-cutoff" });
  });
});

describe("export lammps", () => {
  it("writes a folder that LAMMPS runs, and compares forces where it is installed", async () => {
    const { code, out } = await json(
      ...["export", "lammps", "--model", at("law.safetensors"), "--initial", at("liquid.npz")],
      ...["--steps", "100", "--check", "--out", at("lammps")],
    );
    expect(code).toBe(0);
    expect(out.files).toEqual(["in.lammps", "state.data", "law.table", "run.slurm"]);
    if (lammpsProgram() === null) expect(out.check).toBeNull();
    else {
      expect(out.check.forces).toBeLessThan(1e-7);
      expect(out.check.energy).toBeLessThan(1e-9);
    }
    const read = (name: string): string => readFileSync(at(`lammps/${name}`), "utf8");
    expect(read("in.lammps")).toContain("pair_coeff 1 1 law.table LAW 2.2\n");
    expect(read("in.lammps")).toContain("timestep 0.002\n");
    expect(read("state.data")).toContain("108 atoms\n1 atom types\n");
    expect(read("law.table")).toMatch(/\nN 20000 RSQ \S+ 2\.2000000000000002e\+0 FPRIME /);
    const { out: back } = await json("inspect", at("lammps/state.data"));
    expect(back).toMatchObject({ particles: 108, format: "LAMMPS data" });
    const nothing = {
      system: { masses: [] },
      state: { positions: [] },
      data: { types: [] },
      run: { laws: [] },
    };
    expect(() => compareForces("false", new Map(), nothing as never, 1)).toThrow(
      expect.objectContaining({ code: "check-failed" }),
    );
    const other = await json("export", "gromacs", "--model", at("law.safetensors"), "--out", "x");
    expect(other.code).toBe(2);
  });
});
