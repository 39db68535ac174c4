import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { encodeNpz, type NpzEntry } from "@mclnn/datasets";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();

const STATE = {
  masses: [1, 1],
  positions: [
    [0, 0, 0],
    [1.2, 0, 0],
  ],
  velocities: [
    [0, 0.1, 0],
    [0, -0.1, 0],
  ],
};

/** Runs with --json and hands the error back; whatever was there stays as it was. */
async function refused(exitCode: number, ...args: string[]): Promise<Record<string, string>> {
  const before = readdirSync(at()).sort();
  const { code, stdout, stderr } = await runCli([...args, "--json", "--quiet"]);
  expect(code, stdout + stderr).toBe(exitCode);
  const { error } = JSON.parse(stdout) as { error: Record<string, string> };
  for (const key of ["code", "message", "expected", "got"])
    expect(error[key], key).toEqual(expect.stringMatching(/./));
  expect(error).toHaveProperty("argument");
  expect(readdirSync(at()).sort()).toEqual(before);
  return error;
}

beforeAll(async () => {
  writeFileSync(at("start.json"), JSON.stringify(STATE));
  writeFileSync(at("kept.txt"), "kept");
  mkdirSync(at("folder"));
  symlinkSync(at("nowhere"), at("dangling"));
  await runCli([
    "generate",
    "--system",
    "linear-spring",
    "--trajectories",
    "3",
    "--out",
    at("data.npz"),
  ]);
});

describe("outputs", () => {
  const commands: [string, string[]][] = [
    ["generate", ["--system", "gravity"]],
    ["train", ["--data", "data.npz"]],
    ["simulate", ["--system", "gravity"]],
  ];
  for (const [command, args] of commands) {
    const absolute = args.map((arg) => (arg.endsWith(".npz") ? "DATA" : arg));
    const withPaths = (): string[] =>
      absolute.map((arg) => (arg === "DATA" ? at("data.npz") : arg));

    it(`${command} does not overwrite`, async () => {
      const error = await refused(2, command, ...withPaths(), "--out", at("kept.txt"));
      expect(error).toMatchObject({ code: "file-exists", argument: "--out" });
      expect(readFileSync(at("kept.txt"), "utf8")).toBe("kept");
    });

    it(`${command} refuses a folder, and a place below a file`, async () => {
      expect(await refused(2, command, ...withPaths(), "--out", at("folder"))).toMatchObject({
        code: "not-a-file",
      });
      expect(await refused(2, command, ...withPaths(), "--out", at("kept.txt", "x"))).toMatchObject(
        {
          code: "not-writable",
        },
      );
    });
  }

  const names: [string, string, string][] = [
    ["a name that says it is something else", "run.json", "unknown-format"],
    ["nothing but a space", " ", "not-a-file"],
    ["the place of standard output", "-", "not-a-file"],
    ["a device, whatever --force says", "/dev/null", "not-a-file"],
    ["a link to nothing", "dangling", "not-a-file"],
  ];
  for (const [what, path, code] of names)
    it(`refuses ${what}: ${code}`, async () => {
      const out = path === "dangling" ? at(path) : path;
      const args = ["generate", "--system", "gravity", "--force", "--out", out];
      expect(await refused(2, ...args)).toMatchObject({ code, argument: "--out" });
    });

  it("refuses what no file holds before it is made", async () => {
    const args = ["--system", "gravity", "--out", at("never.npz")];
    const [many, long] = [
      await refused(2, "generate", "--trajectories", "1e15", ...args),
      await refused(2, "simulate", "--records", "1e9", ...args),
    ];
    expect(many).toMatchObject({ code: "too-large", argument: "--trajectories" });
    expect(long).toMatchObject({ code: "too-large", argument: "--records" });
  });

  it("overwrites with --force, and makes folders that are missing", async () => {
    writeFileSync(at("old.npz"), "old");
    const args = ["generate", "--system", "gravity", "--trajectories", "1"];
    expect((await runCli([...args, "--out", at("old.npz"), "--force"])).code).toBe(0);
    expect(readFileSync(at("old.npz")).subarray(0, 2).toString()).toBe("PK");
    expect((await runCli([...args, "--out", at("new", "deep", "data.npz")])).code).toBe(0);
    expect(existsSync(at("new", "deep", "data.npz"))).toBe(true);
  });
});

describe("--potential", () => {
  const modules: [string, string, string][] = [
    ["throws.mjs", "throw new Error('at import');", "bad-module"],
    ["syntax.mjs", "export default {", "bad-module"],
    ["nothing.mjs", "export const energy = (r) => r;", "bad-module"],
    ["function.mjs", "export default (r) => r;", "bad-module"],
    ["nameless.mjs", "export default { energy: (r) => r };", "bad-module"],
    ["no-energy.mjs", "export default { name: 'x' };", "bad-module"],
    ["bad-slope.mjs", "export default { name: 'x', energy: (r) => r, slope: 1 };", "bad-module"],
    [
      "nan.mjs",
      "export default { name: 'x', energy: () => NaN, slope: () => 1 };",
      "bad-potential",
    ],
    [
      "nan-slope.mjs",
      "export default { name: 'x', energy: (r) => r, slope: () => NaN };",
      "bad-potential",
    ],
    [
      "energy-throws.mjs",
      "export default { name: 'x', energy() { throw new Error('no'); } };",
      "bad-potential",
    ],
    [
      "promise.mjs",
      "export default { name: 'x', energy: async (r) => r, slope: async () => 1 };",
      "bad-potential",
    ],
    [
      "text.mjs",
      "export default { name: 'x', energy: (r) => r, slope: () => '1' };",
      "bad-potential",
    ],
    [
      "wrong-slope.mjs",
      "export default { name: 'x', energy: (r) => r * r, slope: (r) => -2 * r };",
      "slope-not-derivative",
    ],
    [
      "leaves.mjs",
      "export default { name: 'x', energy: (r) => (r > 2 ? NaN : -r), slope: (r) => (r > 2 ? NaN : -1) };",
      "bad-potential",
    ],
  ];
  for (const [name, source, code] of modules)
    it(`${name}: ${code}, exit code 2`, async () => {
      writeFileSync(at(name), source);
      const error = await refused(
        2,
        ...["simulate", "--potential", at(name), "--initial", at("start.json")],
        ...["--records", "100", "--out", at("never.npz")],
      );
      expect(error.code).toBe(code);
    });

  const words: [string, string][] = [
    ["missing.mjs", "file-not-found"],
    ["lenard-jones", "unknown-potential"],
    ["lennard-jones:sigmo=1", "unknown-parameter"],
    ["lennard-jones:sigma=x", "bad-parameter"],
    ["1/(r-", "bad-formula"],
    ["process.exit(1)", "bad-formula"],
    ["", "bad-option"],
    ["log(1-r)", "bad-potential"],
  ];
  for (const [spec, code] of words)
    it(`${JSON.stringify(spec)}: ${code}, exit code 2`, async () => {
      const error = await refused(
        2,
        ...["generate", "--potential", spec, "--initial", at("start.json")],
        ...["--out", at("never.npz")],
      );
      expect(error.code).toBe(code);
      if (spec === "lenard-jones") expect(error.message).toContain("Did you mean lennard-jones?");
    });

  it("a file that is no module", async () => {
    expect(
      await refused(
        2,
        "simulate",
        "--potential",
        at("kept.txt"),
        "--initial",
        at("start.json"),
        "--out",
        at("never"),
      ),
    ).toMatchObject({
      code: "bad-module",
      expected: "a file that ends in .js, .mjs, .ts, .mts, or a table in .csv, .tsv, .json or .npz",
    });
  });

  it("takes a module, a formula with parameters and a built-in, of one law: one run", async () => {
    writeFileSync(
      at("spring.mjs"),
      "export default { name: 'spring', energy: (r) => 0.5 * (r - 1) ** 2, slope: (r) => r - 1 };",
    );
    const energies = await Promise.all(
      [at("spring.mjs"), "k/2*(r-1)^2; k=1", "linear-spring:stiffness=1"].map(async (spec, k) => {
        const { code, stdout } = await runCli([
          ...["simulate", "--potential", spec, "--initial", at("start.json"), "--records", "50"],
          ...["--out", at(`run-${k}.npz`), "--json"],
        ]);
        expect(code).toBe(0);
        return (JSON.parse(stdout) as { hamiltonian: { start: number } }).hamiltonian.start;
      }),
    );
    for (const energy of energies) expect(energy).toBeCloseTo(0.03, 12);
  });

  it("a run that blows up for a potential that is sound is a failure: exit code 1", async () => {
    const error = await refused(
      1,
      ...["simulate", "--potential", "-r^4", "--initial", at("start.json"), "--dt", "0.5"],
      ...["--records", "1000", "--out", at("never.npz")],
    );
    expect(error).toMatchObject({ code: "diverged" });
  });
});

describe("input files", () => {
  const states: [string, string][] = [
    ["bad-json", "{"],
    ["missing-key", JSON.stringify({ masses: [1] })],
    ["bad-shape", JSON.stringify({ ...STATE, velocities: [[0, 0, 0]] })],
    [
      "coincident-particles",
      JSON.stringify({
        ...STATE,
        positions: [
          [1, 0, 0],
          [1, 0, 0],
        ],
      }),
    ],
    ["bad-mass", JSON.stringify({ ...STATE, masses: [1, -1] })],
  ];
  for (const [code, text] of states)
    it(`a state: ${code}`, async () => {
      writeFileSync(at("bad.json"), text);
      const error = await refused(
        2,
        ...["simulate", "--system", "gravity", "--initial", at("bad.json"), "--out", at("never")],
      );
      expect(error.code).toBe(code);
    });

  const good: Record<string, NpzEntry> = {
    positions: { shape: [1, 3, 2, 3], data: Float64Array.from({ length: 18 }, (_, k) => k * 0.1) },
    velocities: { shape: [1, 3, 2, 3], data: new Float64Array(18) },
    times: { shape: [3], data: Float64Array.of(0, 0.1, 0.2) },
    masses: { shape: [2], data: Float64Array.of(1, 1) },
  };
  const data: [string, Record<string, NpzEntry | undefined>][] = [
    ["missing-times", { times: undefined }],
    ["ambiguous-axes", { positions: { shape: [18], data: new Float64Array(18) } }],
    ["bad-shape", { velocities: { shape: [3, 2, 3], data: new Float64Array(18) } }],
    ["bad-times", { times: { shape: [3], data: Float64Array.of(0, 0.2, 0.1) } }],
    ["not-finite", { masses: { shape: [2], data: Float64Array.of(1, Number.NaN) } }],
    ["missing-velocities", { velocities: undefined }],
    ["uneven-times", { times: { shape: [3], data: Float64Array.of(0, 0.1, 0.25) } }],
  ];
  for (const [code, change] of data)
    it(`trajectories: ${code}`, async () => {
      const entries = Object.fromEntries(
        Object.entries({ ...good, ...change }).filter(([, entry]) => entry !== undefined),
      ) as Record<string, NpzEntry>;
      writeFileSync(at("bad.npz"), encodeNpz(entries));
      // Training learns unknown velocities one day; evaluation needs them.
      const error =
        code === "missing-velocities"
          ? await refused(2, "evaluate", "--model", at("law.safetensors"), "--data", at("bad.npz"))
          : await refused(
              2,
              ...["train", "--data", at("bad.npz"), "--out", at("never.safetensors")],
              // Pair laws take records at any times.
              ...(code === "uneven-times" ? ["--model", "lnn"] : []),
            );
      expect(error.code).toBe(code);
    });

  beforeAll(async () => {
    await runCli([
      ...["train", "--data", at("data.npz"), "--model", "spline", "--out", at("law.safetensors")],
    ]);
  });

  const wrong: [string, string[], string][] = [
    ["data that are not there", ["train", "--data", "missing.npz"], "file-not-found"],
    ["data that are a folder", ["train", "--data", "folder"], "unreadable-file"],
    ["data that are none", ["train", "--data", "kept.txt"], "unknown-file"],
    ["a model that is none", ["law", "--model", "kept.txt", "--out", "never.csv"], "."],
    [
      "a format that is none",
      ["law", "--model", "law.safetensors", "--out", "law.doc"],
      "unknown-format",
    ],
    [
      "a law without a range",
      ["law", "--model", "law.safetensors", "--from", "2", "--to", "1", "--out", "l.csv"],
      "bad-option",
    ],
    ["a picture that is none", ["plot", "--run", "data.npz", "--out", "run.gif"], "unknown-format"],
    [
      "a trajectory that is not there",
      ["plot", "--run", "data.npz", "--trajectory", "3", "--out", "run.svg"],
      "bad-option",
    ],
    [
      "a run and a model",
      ["plot", "--run", "data.npz", "--model", "m", "--out", "run.svg"],
      "conflicting-options",
    ],
    ["nothing known to inspect", ["inspect", "kept.txt"], "unknown-file"],
    [
      "a time step that does not fit",
      ["train", "--data", "data.npz", "--dt", "0.03", "--out", "never"],
      "bad-time-step",
    ],
    [
      "an integrator that is none",
      ["simulate", "--system", "gravity", "--integrator", "verlat"],
      ".",
    ],
    ["a start that is none", ["simulate", "--system", "gravity", "--start", "tset"], "bad-option"],
    [
      "a model without a start",
      ["simulate", "--model", "law.safetensors", "--out", "never"],
      "missing-option",
    ],
    [
      "a start of no system",
      ["simulate", "--model", "law.safetensors", "--start", "test", "--out", "never"],
      "bad-option",
    ],
    [
      "more records than memory",
      ["simulate", "--system", "gravity", "--records", "1e15", "--out", "never"],
      "too-large",
    ],
  ];
  for (const [what, args, code] of wrong)
    it(`${what}: ${code}`, async () => {
      const paths = new Set(["missing.npz", "folder", "kept.txt", "law.safetensors", "data.npz"]);
      const error = await refused(
        2,
        ...args.map((arg, k) => (paths.has(arg) || args[k - 1] === "--out" ? at(arg) : arg)),
      );
      expect(error.code).toMatch(code === "." ? /./ : code);
    });
});
