import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { decodeNpz, decodeTrajectorySet, parseState } from "@mclnn/datasets";
import { decodeModel, type MclnnModel } from "@mclnn/models";
import { describe, expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();

type Json = Record<string, unknown>;

/** Runs with --json, expects success, and hands the one object back. */
async function json(...args: string[]): Promise<Json> {
  const { code, stdout, stderr } = await runCli([...args, "--json", "--quiet"]);
  expect(code, stdout + stderr).toBe(0);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Json;
}

describe("from data to law to run", () => {
  it("generate writes trajectories", async () => {
    expect(
      await json(
        "generate",
        "--system",
        "gravity",
        "--trajectories",
        "30",
        "--out",
        at("data.npz"),
      ),
    ).toMatchObject({ data: at("data.npz"), trajectories: 30, records: 20, particles: 4 });
    const set = decodeTrajectorySet(readFileSync(at("data.npz")));
    expect(set).toMatchObject({ trajectories: 30, records: 20, particles: 4, dimension: 3 });
    expect(set.provenance).toMatchObject({
      system: "gravity",
      start: "train",
      dt: 0.01,
      seed: 100,
    });
  });

  it("generate makes the same file again, and other data with noise, a skip, random starts or no velocities", async () => {
    const first = readFileSync(at("data.npz"));
    const common = ["generate", "--system", "gravity", "--trajectories", "30"];
    await json(...common, "--out", at("again.npz"));
    expect(readFileSync(at("again.npz"))).toEqual(first);

    const variants: [string, string[]][] = [
      ["noise", ["--noise", "0.001"]],
      ["skip", ["--skip", "30"]],
      ["random", ["--scheme", "random", "--trajectories", "5"]],
      ["rk4", ["--integrator", "runge-kutta-4"]],
    ];
    for (const [name, options] of variants) {
      await json(...common, ...options, "--out", at(`${name}.npz`));
      const { positions } = decodeTrajectorySet(readFileSync(at(`${name}.npz`)));
      expect(positions[15], name).not.toBe(decodeTrajectorySet(first).positions[15]);
    }
    await json(...common, "--drop-velocities", "--out", at("positions.npz"));
    expect(decodeNpz(readFileSync(at("positions.npz"))).has("velocities")).toBe(false);
  });

  for (const model of ["mclnn", "spline", "lnn"])
    it(`train learns ${model}`, async () => {
      const trained = await json(
        "train",
        ...["--data", at("data.npz"), "--validation", at("skip.npz"), "--model", model],
        ...[
          "--out",
          at(`${model}.safetensors`),
          ...(model === "lnn" ? ["--epochs", "2", "--hidden", "2,2"] : []),
        ],
      );
      expect(trained).toMatchObject({
        model: at(`${model}.safetensors`),
        modelKind: model,
        parameters: expect.any(Number),
        trainLoss: expect.any(Number),
        validationLoss: expect.any(Number),
        trainSeconds: expect.any(Number),
        iterations: expect.any(Number),
        reachedTarget: model !== "lnn",
        dtSource: "provenance",
      });
      if (model !== "lnn") expect(trained.trainLoss).toBeLessThanOrEqual(1e-8);
    });

  it("train tells a person the same, and the time step it chose", async () => {
    const { code, stdout, stderr } = await runCli([
      ...["train", "--data", at("data.npz"), "--model", "spline"],
      ...["--out", at("spline.safetensors"), "--force"],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/target 1e-8 +reached\n/);
    expect(stderr).toMatch(/Time step 0.01, velocity-verlet, as the data's provenance says/);
  });

  it("train writes the best model when the target is missed, says so, and ends with 1", async () => {
    const { code, stdout, stderr } = await runCli([
      ...["train", "--data", at("data.npz"), "--optimizer", "adam", "--epochs", "3"],
      ...["--out", at("missed.safetensors"), "--json"],
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ reachedTarget: false });
    expect(stderr).toMatch(/did not reach 1e-8; the best model is in/);
    expect(existsSync(at("missed.safetensors"))).toBe(true);
  });

  it("simulate rolls a learned law out, also from a state file with other particles", async () => {
    const run = await json(
      ...["simulate", "--model", at("mclnn.safetensors"), "--start", "gravity:larger"],
      ...["--records", "100", "--out", at("run.npz")],
    );
    expect(run).toMatchObject({
      run: at("run.npz"),
      records: 100,
      secondsPerStep: expect.any(Number),
    });
    const { hamiltonian, linearMomentum, angularMomentum } = run as Record<
      string,
      { start: number | number[]; maxDrift: number }
    >;
    expect(hamiltonian?.start).toEqual(expect.any(Number));
    expect(linearMomentum?.start).toHaveLength(3);
    expect(linearMomentum?.maxDrift).toBeLessThan(1e-12);
    expect(angularMomentum?.maxDrift).toBeLessThan(1e-11);
    expect(decodeTrajectorySet(readFileSync(at("run.npz")))).toMatchObject({
      trajectories: 1,
      records: 100,
      particles: 8,
    });

    writeFileSync(at("two.json"), STATE_2D);
    const flat = await json(
      ...["simulate", "--model", at("spline.safetensors"), "--initial", at("two.json")],
      ...["--records", "5", "--out", at("flat.npz")],
    );
    expect((flat.angularMomentum as Json).start).toHaveLength(1);
  });

  it("simulate says which share of the separations no training saw, as counted one by one; none for a baseline", async () => {
    const model = at("mclnn.safetensors");
    writeFileSync(
      at("wide.json"),
      '{"masses":[1,1],"positions":[[0,0,0],[1.1,0,0]],"velocities":[[0.9,0,0],[-0.9,0,0]]}',
    );
    const { code, stdout, stderr } = await runCli([
      ...["simulate", "--model", model, "--initial", at("wide.json"), "--json"],
      ...["--records", "60", "--out", at("wide.npz")],
    ]);
    expect(code).toBe(0);
    const { ranges } = (decodeModel(readFileSync(model)) as MclnnModel).separations;
    const { positions } = decodeTrajectorySet(readFileSync(at("wide.npz")));
    let outside = 0;
    for (let k = 0; k < 60; k++) {
      const r = Math.abs((positions[6 * k + 3] as number) - (positions[6 * k] as number));
      if (!ranges.some(([from, to]) => r >= from && r <= to)) outside++;
    }
    expect(outside).toBeGreaterThan(5);
    expect(outside).toBeLessThan(60);
    expect(JSON.parse(stdout).unseenSeparations).toBeCloseTo(outside / 60, 12);
    expect(stderr).toMatch(/ % of the separations along the run were never seen in training \(/);
    const baseline = await json(
      ...["simulate", "--model", at("lnn.safetensors"), "--start", "gravity:test"],
      ...["--records", "3", "--out", at("baseline.npz")],
    );
    expect(baseline.unseenSeparations).toBeNull();
  });

  it.each([
    [["--model", "lnn.safetensors", "--start", "gravity:test"], "wrong-model"],
    [["--system", "gravity"], "conflicting-options"],
  ])("simulate %s refuses --direct", async (what, code) => {
    const args = what.map((word) => (word.endsWith(".safetensors") ? at(word) : word));
    const { code: exit, stdout } = await runCli(["simulate", ...args, "--direct", "--json"]);
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code, argument: "--direct" } });
  });

  it("simulate follows the reference run of the paper's notes", async () => {
    await json(
      ...["simulate", "--system", "linear-spring", "--start", "test", "--records", "11"],
      ...["--out", at("reference.npz")],
    );
    const { positions, times } = decodeTrajectorySet(readFileSync(at("reference.npz")));
    expect(times[10]).toBeCloseTo(1, 12);
    expect(positions[10 * 9]).toBeCloseTo(0.11042308288616816, 12);
  });

  it("simulate knows that a baseline is for its own particles only", async () => {
    const { code, stderr } = await runCli([
      ...["simulate", "--model", at("lnn.safetensors"), "--initial", at("two.json")],
      ...["--out", at("never.npz")],
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/4 bodies in 3 dimensions/);
  });

  it("evaluate prints what results.json holds for the model", async () => {
    const printed = await json(
      ...["evaluate", "--model", at("mclnn.safetensors"), "--data", at("skip.npz")],
      ...["--system", "gravity", "--out", at("evaluation")],
    );
    const { systems } = JSON.parse(readFileSync(at("evaluation", "results.json"), "utf8")) as {
      systems: Record<string, { truth: Json; models: Record<string, Json> }>;
    };
    const { file, ...stored } = (systems.gravity as { models: Record<string, Json> }).models
      .mclnn as Json;
    expect(printed).toMatchObject(stored);
    expect(existsSync(at("evaluation", file as string))).toBe(true);
    expect((printed.slopeError as Json).mean).toBeLessThan(5e-4);
    const rollout = printed.rollout as Record<string, { max: number }>;
    expect(rollout.linearMomentum?.max).toBeLessThan(1e-12);
    expect(rollout.hamiltonian?.max).toBeLessThan(1e-2);
    expect(readdirSync(at("evaluation", "figures"))).toContain("conservation.png");
    expect(decodeTrajectorySet(readFileSync(at("evaluation", "runs", "mclnn.npz")))).toMatchObject({
      trajectories: 30,
      records: 20,
    });

    const blind = await json(
      ...["evaluate", "--model", at("mclnn.safetensors"), "--data", at("skip.npz")],
    );
    expect(blind).toMatchObject({
      slopeError: null,
      rollout: { hamiltonian: { mae: null, max: null }, position: { max: expect.any(Number) } },
    });
  });

  it("evaluate refuses a folder that is there, unless forced", async () => {
    const args = [
      ...["evaluate", "--model", at("mclnn.safetensors"), "--data", at("skip.npz")],
      ...["--out", at("evaluation")],
    ];
    const before = readFileSync(at("evaluation", "results.json"), "utf8");
    expect(await runCli(args)).toMatchObject({ code: 2 });
    expect(readFileSync(at("evaluation", "results.json"), "utf8")).toBe(before);
    expect((await runCli([...args, "--force"])).code).toBe(0);
  });

  it("law writes the columns in every format", async () => {
    const columns = ["r", "energy", "slope", "slopeSd", "dataShare", "energySd"];
    for (const format of ["csv", "json", "npz", "svg", "png"])
      expect(
        await json(
          ...["law", "--model", at("mclnn.safetensors"), "--points", "50"],
          ...["--out", at(`law.${format}`)],
        ),
      ).toMatchObject({ law: at(`law.${format}`) });

    const [titles, first] = readFileSync(at("law.csv"), "utf8").split("\n");
    expect(titles?.split(",")).toEqual(columns);
    expect(first).toMatch(/^[^,]+(,[^,]+){5}$/);

    const law = JSON.parse(readFileSync(at("law.json"), "utf8")) as Record<string, number[]>;
    for (const column of columns) expect(law[column]).toHaveLength(50);
    expect(law.dataShare?.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    // Nothing was seen between the binaries' own separation and the distance between them.
    const gap = law.r?.findIndex((r) => r > 3) as number;
    expect(law.dataShare?.[gap]).toBe(0);
    // So the law is known less well there than where it is known best.
    const known = Math.min(...(law.slopeSd as number[]));
    expect(law.slopeSd?.[gap]).toBeGreaterThan(3 * known);
    expect(law.slope?.[0]).toBeCloseTo((law.r?.[0] as number) ** -2, 1);

    const arrays = decodeNpz(readFileSync(at("law.npz")));
    expect([...arrays.keys()]).toEqual(columns);
    expect(Array.from(arrays.get("slopeSd")?.data ?? [])).toEqual(law.slopeSd);
    expect(Array.from(arrays.get("slope")?.data ?? [])).toEqual(law.slope);

    expect(readFileSync(at("law.svg"), "utf8")).toMatch(/^<svg /);
    expect(readFileSync(at("law.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("law names the nearest power law, with error bars", async () => {
    const args = ["law", "--model", at("mclnn.safetensors"), "--power-law"];
    const { powerLaw, law } = await json(...args);
    const { exponent, exponentDeviation } = powerLaw as Record<string, number>;
    expect(law).toBeNull();
    expect(Math.abs((exponent as number) + 2)).toBeLessThan(0.05);
    expect(exponentDeviation).toBeGreaterThan(0);
    expect((await runCli(args)).stdout).toMatch(/V'\(r\) = c r\^p .*p = -[12]\.\d+\(\d+\)/);
  });

  it("law names the formula, and simulate takes it as printed", async () => {
    const args = ["law", "--model", at("mclnn.safetensors"), "--max-constants", "1"];
    const { verdict, formulas } = await json(...args, "--out", at("law.tex"));
    expect(readFileSync(at("law.tex"), "utf8")).toMatch(
      /^ {2}V\(r\) = -\\frac\{k\}\{r\}$[\s\S]*^with \$k = \S+\(\d+\)\S*\$\.$/m,
    );
    expect(["identified", "several"]).toContain(verdict);
    const [{ name, energy, constants }] = formulas as [
      { name: string; energy: string; constants: { name: string; value: number; sd: number }[] },
    ];
    expect(name).toBe("inverse distance (gravity, Coulomb)");
    expect(Math.abs((constants[0]?.value as number) - 1)).toBeLessThan(
      4 * (constants[0]?.sd as number),
    );
    const out = at("formula.npz");
    const from = ["--initial", at("two.json"), "--records", "3"];
    const run = await json("simulate", "--potential", energy, ...from, "--out", out);
    expect(run.records).toBe(3);
  });

  it("constants are fitted to the records of the training, where the model says they are and they still are", async () => {
    const few = ["law", "--formula", "--max-constants", "1", "--model"];
    const { stderr } = await runCli([...few, at("mclnn.safetensors")]);
    expect(stderr).toMatch(/fitted to \S+\.npz, the records of the training/);
    const none = [...few, at("mclnn.safetensors"), "--data", "none"];
    expect((await runCli(none)).stderr).not.toContain("records of the training");
    mkdirSync(at("elsewhere"), { recursive: true });
    copyFileSync(at("mclnn.safetensors"), at("elsewhere", "mclnn.safetensors"));
    const moved = await runCli([...few, at("elsewhere", "mclnn.safetensors")]);
    expect(moved.stderr).toContain("Constants are from the law alone");
    // Other records in their place are said to be that, and the law alone is looked at.
    copyFileSync(at("run.npz"), at("elsewhere", "data.npz"));
    const other = await runCli([...few, at("elsewhere", "mclnn.safetensors")]);
    expect(other.code).toBe(0);
    expect(other.stderr).toMatch(
      /cannot be fitted to these records.* Constants are from the law alone/s,
    );
  });

  it("card says where a model comes from, what it knows, and its limits", async () => {
    for (const kind of ["mclnn", "lnn"]) {
      const model = at(`${kind}.safetensors`);
      const { card, sha256 } = await json("card", "--model", model, "--out", at(`${kind}.md`));
      expect(card).toBe(at(`${kind}.md`));
      expect(sha256).toBe(createHash("sha256").update(readFileSync(model)).digest("hex"));
      const text = readFileSync(at(`${kind}.md`), "utf8");
      for (const part of ["Data", "Method", "Calibration", "Findings", "Limits"])
        expect(text).toContain(`\n## ${part}\n`);
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
    const { separations, pair, slopeDeviation } = decodeModel(
      readFileSync(at("mclnn.safetensors")),
    ) as MclnnModel;
    const text = readFileSync(at("mclnn.md"), "utf8");
    const rows = [...text.matchAll(/^\| ([\d.]+) \| (-?[\d.e-]+)(?:\(\d+\))?[\de-]* \|$/gm)];
    expect(rows.length).toBeGreaterThan(2);
    for (const [, r, slope] of rows) {
      expect(Number(r)).toBeGreaterThan(separations.edges[0] as number);
      expect(Math.abs(Number(slope) - pair.slope(Number(r)))).toBeLessThan(
        0.05 * Math.abs(Number(slope)) + 2 * (slopeDeviation?.(Number(r)) ?? 0),
      );
    }
  });

  it("plot draws a model and a run", async () => {
    const pictures: [string, string[]][] = [
      ["model.svg", ["--model", at("mclnn.safetensors"), "--system", "gravity"]],
      ["run.svg", ["--run", at("run.npz")]],
      ["momenta.svg", ["--run", at("run.npz"), "--figure", "conserved"]],
      [
        "energies.svg",
        [
          "--run",
          at("data.npz"),
          "--figure",
          "conserved",
          "--trajectory",
          "3",
          "--potential",
          "-1/r",
        ],
      ],
      ["run.png", ["--run", at("run.npz")]],
    ];
    for (const [name, args] of pictures) {
      await json("plot", ...args, "--out", at(name));
      expect(readFileSync(at(name)).length).toBeGreaterThan(1000);
    }
    expect(readFileSync(at("energies.svg"), "utf8")).toContain("Energy");
    expect(readFileSync(at("momenta.svg"), "utf8")).not.toContain("Energy");
  });

  it("inspect says what every file holds", async () => {
    writeFileSync(at("state.json"), STATE_2D);
    const files: [string, Json][] = [
      [
        "data.npz",
        { kind: "trajectories", trajectories: 30, records: 20, particles: 4, velocities: "given" },
      ],
      ["positions.npz", { kind: "trajectories", velocities: "absent" }],
      ["law.npz", { kind: "arrays" }],
      ["mclnn.safetensors", { kind: "mclnn model", parameters: 141, hidden: [10, 10] }],
      ["spline.safetensors", { kind: "spline model" }],
      ["lnn.safetensors", { kind: "lnn model", particles: 4 }],
      ["state.json", { kind: "state", particles: 2, dimension: 2 }],
      ["law.json", { kind: "law", points: 50 }],
      ["evaluation/results.json", { kind: "results", systems: { gravity: ["mclnn"] } }],
    ];
    for (const [name, expected] of files) {
      expect(await json("inspect", at(...name.split("/")))).toMatchObject(expected);
      const { code, stdout } = await runCli(["inspect", at(...name.split("/"))]);
      expect(code).toBe(0);
      expect(stdout).toContain(expected.kind);
    }
  });

  it("simulate --exact-momentum: total momentum of a learned law drifts by exactly 0, and the file says the grid", async () => {
    const args = ["--start", "gravity:test", "--records", "200", "--exact-momentum"];
    const run = at("exact.npz");
    const result = await json(
      "simulate",
      "--model",
      at("mclnn.safetensors"),
      ...args,
      "--out",
      run,
    );
    expect(result).toMatchObject({ linearMomentum: { maxDrift: 0 } });
    expect(await json("inspect", run)).toMatchObject({
      provenance: { integratorParameters: { momentumGrid: 2 ** -40 } },
    });
  });

  it("simulate looks the learned law up in a table; --direct asks the network, and differs by less than 1e-8 after 200 records", async () => {
    const args = ["--start", "gravity:test", "--records", "200"];
    const model = at("to-look-up.safetensors");
    await json("train", "--data", at("data.npz"), "--until", "1e-8", "--out", model);
    const positions: Float64Array[] = [];
    for (const [file, ...more] of [["table.npz"], ["direct.npz", "--direct"]] as const) {
      const run = at(file);
      await json("simulate", "--model", model, ...args, ...more, "--out", run);
      positions.push(decodeTrajectorySet(readFileSync(run)).positions);
    }
    const [table, direct] = positions as [Float64Array, Float64Array];
    const off = table.reduce((most, q, k) => Math.max(most, Math.abs(q - Number(direct[k]))), 0);
    expect(off).toBeLessThan(1e-8);
    expect(off).toBeGreaterThan(0);
    const refused = await runCli(["simulate", "--system", "gravity", "--direct"]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("--direct is for --model only");
  });

  it("systems lists systems, potentials, integrators and terms", async () => {
    const { systems, potentials, integrators, terms } = (await json("systems")) as Record<
      string,
      Json[]
    >;
    expect(systems?.map(({ name }) => name)).toEqual([
      "linear-spring",
      "quartic-spring",
      "gravity",
    ]);
    expect(potentials?.find(({ name }) => name === "lennard-jones")?.parameters).toEqual({
      epsilon: 1,
      sigma: 1,
    });
    expect(integrators?.map(({ name }) => name)).toContain("velocity-verlet");
    expect(terms?.map(({ name }) => name)).toContain("kinetic-speed");
  });
});

const STATE_2D = JSON.stringify({
  masses: [1, 2],
  positions: [
    [0, 0],
    [1.5, 0],
  ],
  velocities: [
    [0, 0.3],
    [0, -0.1],
  ],
});

it("the state of this test is one", () => {
  expect(parseState(STATE_2D).masses).toHaveLength(2);
});
