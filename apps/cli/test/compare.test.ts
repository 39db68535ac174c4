import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { decodeTrajectorySet } from "@mclnn/datasets";
import { decodeModel } from "@mclnn/models";
import { describe, expect, it } from "vitest";
import { subjectOf } from "../src/commands/compare/plans.ts";
import { runCli, scratchFolder, spawnCli, startCli } from "./run-cli.ts";

const at = scratchFolder();

/** The whole job, small: the baseline is hardly trained, the pair laws are as ever. */
const SMALL = [
  "--rollout-records",
  "50",
  "--lnn-points",
  "100",
  "--lnn-epochs",
  "2",
  "--trajectories",
  "10",
  "--validation-trajectories",
  "3",
];

type Json = Record<string, unknown>;

function resultsIn(folder: string): Json {
  return JSON.parse(readFileSync(at(folder, "results.json"), "utf8")) as Json;
}

/** Results without what the clock and the command line say. */
function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !["trainSeconds", "seconds", "threads", "command"].includes(key))
      .map(([key, member]) => [key, timeless(member)]),
  );
}

it("names the folder after the laws that are compared, so that no comparison removes another", () => {
  const experiment = (name: string) => ({ name, source: { kind: "experiment", name } });
  const own = (name: string, potential: string) => ({ name, source: { kind: "own", potential } });
  const subject = (...plans: object[]): string => subjectOf(plans as never);
  const all = ["linear-spring", "quartic-spring", "gravity"].map(experiment);
  expect(subject(...all)).toBe("paper");
  expect(subject(experiment("gravity"), experiment("linear-spring"))).toBe("gravity-linear-spring");
  expect(subject(own("morse", "morse"))).toBe("morse");
  const names = ["1/r", "1*r", "1/r^2", "./law.ts", "other/law.ts"].map((potential) =>
    subject(own(potential.endsWith(".ts") ? "my-law" : "own", potential)),
  );
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+-[0-9a-f]{6}$/);
});

describe("compare", () => {
  it("writes results, models, runs, figures and a page whatever the threads", async () => {
    const args = ["compare", "--systems", "linear-spring", ...SMALL];
    const [two, one] = await Promise.all([
      spawnCli([...args, "--threads", "2"], { cwd: at() }),
      spawnCli([...args, "--threads", "1", "--out", "one", "--json"], { cwd: at() }),
    ]);
    expect(two.code, two.stderr).toBe(0);
    expect(one.code, one.stderr).toBe(0);

    for (const text of [
      "1e-8 after",
      "1e-12 after",
      "Largest errors over 4.9 time units",
      "V' error",
      "tilted out of its plane",
      "linear-spring/index.html",
    ])
      expect(two.stdout).toContain(text);
    expect(JSON.parse(one.stdout)).toEqual(resultsIn("one"));
    // Without --out, in a folder for these laws.
    const folder = ["out", "compare", "linear-spring"] as const;
    expect(timeless(resultsIn(folder.join("/")))).toEqual(timeless(resultsIn("one")));
    for (const path of readdirSync(at("one", "models")))
      expect(readFileSync(at(...folder, "models", path)), path).toEqual(
        readFileSync(at("one", "models", path)),
      );

    const { version, seed, systems, software } = resultsIn("one") as {
      version: number;
      seed: number;
      systems: Record<string, { truth: Json; models: Record<string, Json> }>;
      software: Json;
    };
    expect({ version, seed }).toEqual({ version: 1, seed: 100 });
    expect(software).toMatchObject({ node: process.version });
    expect(Object.keys(systems)).toEqual(["linear-spring"]);
    // H of the paper's start (A.6.1), and of the test start of the notes.
    const { truth } = systems["linear-spring"] as { truth: Json };
    const { hamiltonian, testStart } = truth;
    expect(hamiltonian).toBeCloseTo(1.040069984403496, 12);
    expect((testStart as Json).hamiltonian).toBeCloseTo(0.8701262859588702, 12);
    for (const [name, { models }] of Object.entries(systems)) {
      expect(Object.keys(models)).toEqual(["mclnn", "spline", "lnn"]);
      for (const [kind, model] of Object.entries(models)) {
        for (const start of ["rollout", "tilted"])
          for (const key of [
            "lagrangian",
            "hamiltonian",
            "linearMomentum",
            "angularMomentum",
            "position",
          ])
            expect((model[start] as Record<string, Json>)[key]).toEqual({
              mae: expect.any(Number),
              max: expect.any(Number),
            });
        if (kind === "lnn") expect(model.slopeError).toBeNull();
        else {
          expect(model.trainLoss).toBeLessThan(1e-12);
          expect((model.slopeError as Json).mean).toBeLessThan(5e-5);
          expect((model.rollout as { linearMomentum: Json }).linearMomentum.max).toBeLessThan(
            1e-13,
          );
        }
        const file = readFileSync(at("one", "models", `${name}-${kind}.safetensors`));
        expect(decodeModel(file, { source: kind }).kind).toBe(kind);
        for (const start of ["test", "tilted"]) {
          const run = readFileSync(at("one", "runs", `${name}-${start}-${kind}.npz`));
          expect(decodeTrajectorySet(run).records).toBe(50);
        }
      }
      const figures = readdirSync(at("one", "figures")).filter((file) => file.startsWith(name));
      expect(figures.filter((file) => file.endsWith(".svg")).length).toBeGreaterThanOrEqual(4);
      for (const svg of figures.filter((file) => file.endsWith(".svg")))
        expect(figures).toContain(svg.replace(/svg$/, "png"));
    }
    expect(readFileSync(at("one", "index.html"), "utf8")).toMatch(
      /^<!doctype html>[\s\S]*<\/html>\s*$/i,
    );
  });

  it("without --out goes to a folder of out/compare for these laws, and replaces there what an earlier compare left and nothing else", async () => {
    const args = ["compare", "--systems", "linear-spring", ...SMALL, "--quiet"];
    // The test above left the first.
    expect(resultsIn("out/compare/linear-spring").seed).toBe(100);
    writeFileSync(at("out", "compare", "linear-spring", "notes.md"), "mine");
    writeFileSync(at("out", "compare", "linear-spring", "models", "mine.safetensors"), "mine");
    const second = await spawnCli([...args, "--seed", "101"], { cwd: at() });
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(resultsIn("out/compare/linear-spring").seed).toBe(101);
    expect(readFileSync(at("out", "compare", "linear-spring", "notes.md"), "utf8")).toBe("mine");
    expect(
      readFileSync(at("out", "compare", "linear-spring", "models", "mine.safetensors"), "utf8"),
    ).toBe("mine");
    expect(readdirSync(at("out", "compare"))).toEqual(["linear-spring"]);

    const elsewhere = await runCli(["compare", "--out", at("out")]);
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.stderr).toMatch(/not empty/);
  });

  it("does the whole for a potential and a start of one's own, in two dimensions", async () => {
    writeFileSync(
      at("start.json"),
      JSON.stringify({
        masses: [1, 1, 2],
        positions: [
          [0, 0],
          [1.2, 0],
          [0.5, 1.1],
        ],
        velocities: [
          [0, 0.1],
          [0, -0.1],
          [0.05, 0],
        ],
      }),
    );
    writeFileSync(
      at("spring.mjs"),
      "export default { name: 'My Spring', energy: (r) => (r - 1) ** 2, slope: (r) => 2 * (r - 1) };",
    );
    const { code, stdout, stderr } = await spawnCli(
      [
        "compare",
        "--potential",
        "spring.mjs",
        "--initial",
        "start.json",
        ...SMALL,
        "--out",
        "own",
        "--json",
      ],
      { cwd: at() },
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Time step .* takes .*--dt/);
    expect(stderr).toMatch(/Training data: .* time units.*Rollouts: .* time units/);
    expect(stderr).toMatch(/Separations that occur: /);
    const { systems } = JSON.parse(stdout) as { systems: Record<string, Json> };
    expect(systems["my-spring"]).toMatchObject({ dimension: 2, title: "My Spring" });
    expect(existsSync(at("own", "models", "my-spring-spline.safetensors"))).toBe(true);
  });

  it("misses a target it was given with exit code 1, and keeps everything", async () => {
    const { code, stderr } = await spawnCli(
      [
        "compare",
        "--systems",
        "linear-spring",
        ...SMALL,
        "--until",
        "1e-30",
        "--hidden",
        "2",
        "--out",
        "missed",
      ],
      { cwd: at() },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/did not reach 1e-30 on linear spring/);
    expect(existsSync(at("missed", "index.html"))).toBe(true);
  });

  it("keeps what is done at Ctrl-C, and ends with 130", async () => {
    const { process: child, ended } = startCli(
      [
        "compare",
        "--systems",
        "linear-spring",
        "--threads",
        "1",
        "--rollout-records",
        "50",
        "--out",
        "stopped",
      ],
      { cwd: at() },
    );
    child.stderr?.on("data", (chunk: Buffer) => {
      if (String(chunk).includes("done linear spring: MCLNN")) child.kill("SIGINT");
    });
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    const { systems } = resultsIn("stopped") as {
      systems: Record<string, { models: Record<string, Json> }>;
    };
    expect(Object.keys(systems["linear-spring"]?.models ?? {})).toEqual(
      expect.arrayContaining(["mclnn", "spline"]),
    );
  });

  const mistakes: [string, string[], string][] = [
    ["an unknown system", ["--systems", "linear-sprong"], "bad-option"],
    ["no system", ["--systems", ","], "bad-option"],
    ["a potential without a start", ["--potential", "1/r"], "missing-option"],
    ["a start without a potential", ["--initial", "start.json"], "missing-option"],
    ["both", ["--systems", "gravity", "--potential", "1/r"], "conflicting-options"],
  ];
  for (const [what, args, code] of mistakes)
    it(`refuses ${what}`, async () => {
      const { code: exit, stdout } = await runCli([
        "compare",
        ...args,
        "--out",
        at("never"),
        "--json",
      ]);
      expect(exit).toBe(2);
      expect((JSON.parse(stdout) as { error: Json }).error.code).toBe(code);
      expect(existsSync(at("never"))).toBe(false);
    });
});
