import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { decodeTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { linearSpring, pairwiseBySpecies, potentialEnergy } from "@mclnn/physics";
import { beforeAll, describe, expect, it } from "vitest";
import { resolveTruth } from "../src/inputs/law.ts";
import { runCli, scratchFolder, spawnCli } from "./run-cli.ts";

const at = scratchFolder();

const STATE = {
  masses: [1, 1, 2],
  positions: [
    [0, 0],
    [1.2, 0],
    [0.3, 1.4],
  ],
  velocities: [
    [0, 0.1],
    [0, -0.1],
    [0.05, 0],
  ],
};
const LAWS = "0-0: 0.5*(r-1)^2 | 1-0: linear-spring:restLength=1.5 | 1-1: 0.5*(r-2)^2";

const generate = (...args: string[]): Promise<{ code: number | null; stdout: string }> =>
  runCli(["generate", "--trajectories", "3", "--json", "--quiet", "--force", ...args]);

async function generated(...args: string[]): Promise<TrajectorySet> {
  const { code, stdout } = await generate(...args, "--out", at("data.npz"));
  expect(code, stdout).toBe(0);
  return decodeTrajectorySet(readFileSync(at("data.npz")), { source: "data.npz" });
}

beforeAll(() => {
  writeFileSync(at("none.json"), JSON.stringify(STATE));
  writeFileSync(at("two.json"), JSON.stringify({ ...STATE, species: [0, 0, 1] }));
  writeFileSync(at("alike.json"), JSON.stringify({ ...STATE, species: [1, 1, 1] }));
  writeFileSync(
    at("spring.mjs"),
    "export default { name: 'spring', energy: (r) => 0.5 * (r - 1) ** 2, slope: (r) => r - 1 };",
  );
  writeFileSync(
    at("wrong.mjs"),
    "export default { name: 'wrong', energy: (r) => r * r, slope: (r) => r };",
  );
});

describe("--potential by species", () => {
  it("generate: each pair of species moves by its own law; the file has species, provenance the text", async () => {
    const set = await generated("--potential", LAWS, "--initial", at("two.json"));
    expect(set.species).toEqual(Int32Array.of(0, 0, 1));
    expect(set.provenance.potential).toBe(LAWS);
    // By physics' own springs: energy is kept along the run, and was not with any two laws exchanged.
    const potential = pairwiseBySpecies([
      { species: [0, 0], pair: linearSpring() },
      { species: [0, 1], pair: linearSpring({ restLength: 1.5 }) },
    ]);
    const size = 6;
    const energies = Array.from({ length: 60 }, (_, k) => {
      const q = set.positions.subarray(k * size, (k + 1) * size);
      const v = (set.velocities as Float64Array).subarray(k * size, (k + 1) * size);
      const kinetic = v.reduce((sum, x, c) => sum + 0.5 * (c < 4 ? 1 : 2) * x * x, 0);
      return kinetic + potentialEnergy({ ...set, potential }, q);
    });
    expect(Math.max(...energies) - Math.min(...energies)).toBeLessThan(1e-5);
  });

  it("the same law for all pairs of species: the bits that one potential gives, whose file has species too", async () => {
    const one = await generated("--potential", "0.5*(r-1)^4", "--initial", at("two.json"));
    const text = "0-0: 0.5*(r-1)^4 | 0-1: 0.5*(r-1)^4";
    const many = await generated("--potential", text, "--initial", at("two.json"));
    expect(many.positions).toEqual(one.positions);
    expect(one.species).toEqual(Int32Array.of(0, 0, 1));
    expect(one.provenance.potential).toBe("0.5*(r-1)^4");
  });

  it("a part may be a module, and a built-in system may have species", async () => {
    const text = `0-0: ${at("spring.mjs")}|0-1: 0`;
    const set = await generated("--potential", text, "--initial", at("two.json"));
    expect(set.provenance.potential).toBe(text);
    const spring = await generated("--system", "linear-spring", "--initial", at("two.json"));
    expect(spring.species).toEqual(Int32Array.of(0, 0, 1));
  });

  it("simulate: both momenta are kept below 1e-13, and provenance holds the text", async () => {
    const { code, stdout } = await runCli([
      ...["simulate", "--potential", LAWS, "--initial", at("two.json"), "--records", "200"],
      ...["--out", at("run.npz"), "--json", "--quiet"],
    ]);
    expect(code, stdout).toBe(0);
    const kept = JSON.parse(stdout) as Record<string, { maxDrift: number }>;
    expect(kept.linearMomentum?.maxDrift).toBeLessThan(1e-13);
    expect(kept.angularMomentum?.maxDrift).toBeLessThan(1e-13);
    expect(kept.hamiltonian?.maxDrift).toBeLessThan(1e-4);
    const run = decodeTrajectorySet(readFileSync(at("run.npz")), { source: "run.npz" });
    expect(run.provenance.potential).toBe(LAWS);
    expect(run.species).toEqual(Int32Array.of(0, 0, 1));
  });

  const refusals: [string, string, string, string, RegExp][] = [
    [
      "a pair that occurs has no law",
      "0-0: 1/r | 1-1: 1/r",
      "two.json",
      "missing-law",
      /between species 0 and 1: expected a law for 0-1, of particles 0 and 2, got laws for 0-0, 1-1\. Add that law/,
    ],
    [
      "the state has no species",
      LAWS,
      "none.json",
      "missing-species",
      /"species" in .*none\.json: a whole number from 0 for each of the 3 particles.*Add "species": \[0, 0, 0\]/,
    ],
    [
      "a part has no potential",
      "0-0: 1/r | 0-1: ",
      "two.json",
      "missing-law",
      /no law for species 0-1: expected a potential after "0-1:", got nothing/,
    ],
    [
      "a part is empty",
      "0-0: 1/r |",
      "two.json",
      "bad-species",
      /part 2 of --potential.*got nothing/,
    ],
    [
      "a part has no species",
      "0-0: 1/r | r^2",
      "two.json",
      "bad-species",
      /part 2 of --potential.*two species.*got "r\^2".*Example: "0-0/,
    ],
    ["one species is named", "0: 1/r", "two.json", "bad-species", /part 1.*got "0: 1\/r"/],
    ["species have names", "A-B: 1/r | A-A: 1/r", "two.json", "bad-species", /got "A-B: 1\/r"/],
    ["half a species", "0-0.5: 1/r", "two.json", "bad-species", /got "0-0\.5: 1\/r"/],
    ["a species below 0", "-1-0: 1/r", "two.json", "bad-species", /got "-1-0: 1\/r"/],
    [
      "a pair has two laws",
      "0-1: 1/r | 1-0: 1/r",
      "two.json",
      "bad-potential",
      /species 1 and 0 have two laws.*got 0-1, 1-0/,
    ],
    [
      "a part is misspelt",
      "0-0: 1/r | 0-1: lenard-jones",
      "two.json",
      "unknown-potential",
      /lennard-jones/,
    ],
    [
      "a formula cannot be read",
      "0-0: 1/r | 0-1: 1/(",
      "two.json",
      "bad-formula",
      /"1\/\(".*column 4/,
    ],
    ["species within species", "0-0: 0-1: 1/r", "two.json", "bad-formula", /column 4/],
    [
      "a law gives no number there",
      "0-0: 1/r | 0-1: log(r-9)",
      "two.json",
      "bad-potential",
      /log\(r-9\)/,
    ],
  ];
  it.each(refusals)("refused where %s: %s with %s", async (_, text, state, code, message) => {
    const before = readdirSync(at()).sort();
    const args = ["--potential", text, "--initial", at(state), "--out", at("never.npz")];
    const { code: exit, stdout } = await generate(...args);
    expect(exit, stdout).toBe(2);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(readdirSync(at()).sort()).toEqual(before);
  });

  it("each law is checked where its own pairs are: a wrong slope counts only for species that there are", async () => {
    const text = `0-0: 1/r | 0-1: 1/r | 1-1: ${at("wrong.mjs")}`;
    const args = ["--potential", text, "--out", at("slope.npz")];
    expect((await generate(...args, "--initial", at("two.json"))).code).toBe(0);
    const { code, stdout } = await generate(...args, "--initial", at("alike.json"));
    expect(code).toBe(2);
    expect(stdout).toContain("slope-not-derivative");
  });

  it("compare and law --potential refuse it, and leave nothing behind", async () => {
    await generated("--system", "linear-spring");
    const model = at("law.safetensors");
    await runCli([
      "train",
      "--data",
      at("data.npz"),
      "--model",
      "spline",
      "--out",
      model,
      "--quiet",
    ]);
    for (const args of [
      ["compare", "--initial", at("two.json"), "--out", at("never")],
      ["law", "--model", model, "--out", at("never.svg")],
    ]) {
      const { code, stdout } = await spawnCli([...args, "--potential", LAWS, "--json", "--quiet"], {
        cwd: at(),
      });
      expect(code, stdout).toBe(2);
      const { error } = JSON.parse(stdout) as { error: Record<string, string> };
      expect(error.code).toBe("bad-option");
      expect(error.message).toMatch(
        /takes one law for all pairs: expected one potential, got laws by species, 0-0/,
      );
    }
    expect(existsSync(at("never"))).toBe(false);
    expect(existsSync(at("never.svg"))).toBe(false);
  });
});

describe("evaluate --potential by species", () => {
  it("tells energies by those laws; V' of one learned law has no error then", async () => {
    const model = at("law.safetensors");
    const one = ["--potential", "0.5*(r-1)^2", "--initial", at("two.json")];
    await generated(...one);
    await runCli([
      "train",
      "--data",
      at("data.npz"),
      "--model",
      "spline",
      "--out",
      model,
      "--quiet",
    ]);
    await generated("--potential", LAWS, "--initial", at("two.json"));
    const { code, stdout } = await runCli([
      ...["evaluate", "--model", model, "--data", at("data.npz"), "--potential", LAWS],
      ...["--json", "--quiet", "--out", at("evaluated")],
    ]);
    expect(code, stdout).toBe(0);
    const results = JSON.parse(stdout) as {
      slopeError: unknown;
      rollout: { hamiltonian: { max: number }; linearMomentum: { max: number } };
    };
    expect(results.slopeError).toBeNull();
    expect(results.rollout.linearMomentum.max).toBeLessThan(1e-12);
    // The model was learned from another law.
    expect(results.rollout.hamiltonian.max).toBeGreaterThan(1e-3);
  });
});

describe("the true law of some data", () => {
  it("has laws by species, guarded, where it is named by them", async () => {
    const set = await generated("--potential", LAWS, "--initial", at("two.json"));
    const truth = await resolveTruth({ potential: LAWS }, set);
    expect(truth?.pair).toBeUndefined();
    expect(truth?.name).toBe(LAWS);
    expect(truth?.pairs?.map(({ species }) => species)).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(truth?.pairs?.[1]?.pair.energy(2.5)).toBe(0.5);
    const { species: _, ...bare } = set;
    await expect(resolveTruth({ potential: LAWS }, bare)).rejects.toMatchObject({
      code: "missing-species",
      argument: "--data",
    });
  });

  it("is one law otherwise, or unknown", async () => {
    const set = await generated("--potential", LAWS, "--initial", at("two.json"));
    expect((await resolveTruth({ potential: "1/r" }, set))?.pair?.energy(2)).toBe(0.5);
    expect((await resolveTruth({ system: "gravity" }, set))?.pair?.name).toBe("gravity");
    expect(await resolveTruth({}, set)).toBeUndefined();
  });
});
