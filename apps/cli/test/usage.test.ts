import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

const COMMANDS = [
  "compare",
  "generate",
  "train",
  "simulate",
  "evaluate",
  "law",
  "plot",
  "inspect",
  "systems",
];

describe("help", () => {
  for (const command of COMMANDS)
    it(`of ${command} has an example and the options of every command, on standard output`, async () => {
      const { code, stdout, stderr } = await runCli([command, "--help"]);
      expect(code).toBe(0);
      expect(stderr).toBe("");
      expect(stdout).toMatch(/Examples?:\n {2}mclnn /);
      for (const option of ["--json", "--quiet", "--threads <n>", "--no-color"])
        expect(stdout).toContain(option);
    });

  it("lists every command", async () => {
    const { code, stdout } = await runCli(["--help"]);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command} `);
  });

  it("comes on standard error, with exit code 2, when nothing was asked for", async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("Commands:");
  });

  it("--version prints the version", async () => {
    expect(await runCli(["--version"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

/** arguments, code, argument named, part of the message */
const MISTAKES: [string[], string, string, RegExp][] = [
  [["comprae"], "unknown-command", "command", /Did you mean compare\?/],
  [["train", "--sed", "1"], "unknown-option", "--sed", /Did you mean --seed\?/],
  [["train", "--data"], "missing-value", "--data", /--data <file>/],
  [["train"], "missing-option", "--data", /--data FILE/],
  [["inspect"], "missing-argument", "path", /mclnn inspect <path>/],
  [["inspect", "a", "b", "c"], "usage", "arguments", /too many arguments.* got also "b" "c"/],
  [[""], "unknown-command", "command", /got ""/],
  [["generate", "--sys", "x"], "unknown-option", "--sys", /Did you mean --system\?/],
  [
    ["train", "--validation", "a.npz", "--seed", "1", "--seed", "2", "--validation=b.npz"],
    "conflicting-options",
    "--validation",
    /got "a.npz" and "b.npz"/,
  ],
  [["generate", "--seed", "9007199254740992"], "bad-option", "--seed", /at most 9007199254740991/],
  [["generate", "--missing", "1"], "bad-option", "--missing", /below 1/],
  [
    ["generate", "--system", "gravity", "--drop-velocities", "--velocity-noise", "1"],
    "conflicting-options",
    "--velocity-noise",
    /got both/,
  ],
  [
    ["generate", "--system", "gravity", "--shortest", "30"],
    "bad-option",
    "--shortest",
    /from 2 to 20/,
  ],
  [
    ["simulate", "--system", "gravity", "--integrator", "velocity-verle"],
    "bad-option",
    "--integrator",
    /Did you mean velocity-verlet\?/,
  ],
  [["train", "--integrator", "rk4"], "bad-option", "--integrator", /one of velocity-verlet/],
  [
    ["train", "--data", "x", "--model", "spline", "--hidden", "5"],
    "conflicting-options",
    "--hidden",
    /no hidden layers/,
  ],
  [
    ["train", "--data", "x", "--learning-rate", "0.1"],
    "conflicting-options",
    "--learning-rate",
    /--optimizer adam/,
  ],
  ...["--fit-masses", "--coupling=mass-product"].map(
    (option): [string[], string, string, RegExp] => [
      ["train", "--data", "x", "--model", "lnn", option],
      "conflicting-options",
      option.split("=")[0] as string,
      /is of no use with --model lnn/,
    ],
  ),
  [
    ["law", "--model", "x", "--out", "law.csv", "--system", "gravity"],
    "conflicting-options",
    "--system",
    /of no use with a .csv file/,
  ],
  [
    ["law", "--model", "x", "--power-law", "--potential", "1/r"],
    "conflicting-options",
    "--potential",
    /law without --out/,
  ],
  ...["--data=x.npz", "--blocks=x.mjs", "--max-constants=3"].map(
    (option): [string[], string, string, RegExp] => [
      ["law", "--model", "x", "--out", "law.csv", option],
      "conflicting-options",
      option.split("=")[0] as string,
      /law without --formula/,
    ],
  ),
  [["law", "--max-constants", "40"], "bad-option", "--max-constants", /at most 9/],
  [["law", "--points", "1e9"], "bad-option", "--points", /at most 1000000/],
  ...["--figure=paths", "--trajectory=0"].map((option): [string[], string, string, RegExp] => [
    ["plot", "--model", "x", "--out", "x.svg", option],
    "conflicting-options",
    option.split("=")[0] as string,
    /It is for --run/,
  ]),
  [
    ["plot", "--run", "x", "--out", "x.svg", "--pair", "0-1"],
    "conflicting-options",
    "--pair",
    /It is for --model/,
  ],
  [
    ["plot", "--run", "x", "--out", "x.svg", "--system", "gravity"],
    "conflicting-options",
    "--system",
    /--figure conserved/,
  ],
  [["generate"], "missing-option", "--system", /exactly one of --system, --potential/],
  [
    ["generate", "--system", "gravity", "--potential", "r"],
    "conflicting-options",
    "--potential",
    /exactly one/,
  ],
  [["generate", "--dt", "-0.01"], "bad-option", "--dt", /a number above 0, got "-0.01"/],
  [["generate", "--dt", "0"], "bad-option", "--dt", /above 0/],
  [["generate", "--dt", "fast"], "bad-option", "--dt", /a number above 0, got "fast"/],
  [["generate", "--records", "1.5"], "bad-option", "--records", /whole number at least 2/],
  [["generate", "--trajectories", "1e99"], "bad-option", "--trajectories", /whole number/],
  [["generate", "--noise", "-1"], "bad-option", "--noise", /at least 0/],
  [["generate", "--noise", "NaN"], "bad-option", "--noise", /at least 0/],
  [["generate", "--scheme", "randon"], "bad-option", "--scheme", /Did you mean random\?/],
  [["train", "--hidden", "10,x"], "bad-option", "--hidden", /for example 10,10/],
  [["train", "--model", "mcln"], "bad-option", "--model", /Did you mean mclnn\?/],
  [["train", "--until", "0"], "bad-option", "--until", /above 0/],
  [["systems", "--threads", "0"], "bad-option", "--threads", /at least 1/],
];

describe("bad usage", () => {
  for (const [args, code, argument, message] of MISTAKES)
    it(`${args.join(" ")}: exit code 2 and ${code}`, async () => {
      const plain = await runCli(args);
      expect(plain).toMatchObject({ code: 2, stdout: "" });
      expect(plain.stderr).toMatch(message);

      const json = await runCli([...args, "--json"]);
      expect(json).toMatchObject({ code: 2, stderr: "" });
      const { error } = JSON.parse(json.stdout) as { error: Record<string, unknown> };
      expect(error).toMatchObject({ code, argument });
      expect(error.message).toMatch(message);
      for (const key of ["expected", "got"]) expect(error[key]).toEqual(expect.stringMatching(/./));
    });
});
