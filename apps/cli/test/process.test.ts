import { closeSync, existsSync, openSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { main } from "../src/index.ts";
import { runCli, scratchFolder, spawnCli, startCli } from "./run-cli.ts";

const at = scratchFolder();

beforeAll(async () => {
  await runCli(["generate", "--system", "linear-spring", "--out", at("data.npz")]);
});

describe("exit codes of the process", () => {
  it("0 for help, at once", async () => {
    const { code, stdout } = await spawnCli(["--help"], { cwd: at() });
    expect(code).toBe(0);
    expect(stdout).toContain("Commands:");
  });

  it("2 for bad usage, with one object on standard output under --json", async () => {
    const { code, stdout, stderr } = await spawnCli(["generate", "--dt", "-1", "--json"], {
      cwd: at(),
    });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "bad-option", argument: "--dt", expected: "a number above 0", got: '"-1"' },
    });
    expect(stderr).toBe("");
  });

  it("1 for work that failed", async () => {
    const { code, stderr } = await spawnCli(
      [
        "train",
        "--data",
        "data.npz",
        "--optimizer",
        "adam",
        "--epochs",
        "2",
        "--out",
        "poor.safetensors",
      ],
      { cwd: at() },
    );
    expect(code, stderr).toBe(1);
    expect(existsSync(at("poor.safetensors"))).toBe(true);
  });

  // Signals, and what is kept then: bench/trust/promises/signals.ts.
});

it("shows a stack on request only", async () => {
  const args = ["law", "--model", at("data.npz"), "--out", at("x.csv")];
  const plain = await runCli(args);
  expect(plain.code).toBe(2);
  expect(plain.stderr).not.toMatch(/\n\s+at /);
  for (const shown of [
    await runCli([...args, "--debug"]),
    await runCli(args, { env: { MCLNN_DEBUG: "1" } }),
  ])
    expect(shown.stderr).toMatch(/\n\s+at /);
});

it("an error that nobody foresaw is short, and ends with 1", async () => {
  let stderr = "";
  const broken = () => {
    throw new Error("out of ink");
  };
  const code = await main(["systems"], {
    stdout: { write: broken },
    stderr: { write: (text) => (stderr += text) },
    env: {},
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^mclnn: out of ink\n.*--debug/);
});

it.skipIf(!existsSync("/dev/full"))(
  "output that cannot be written is said in one line, with exit code 1",
  async () => {
    const full = openSync("/dev/full", "w");
    const { process: child, ended } = startCli(["systems"], { cwd: at(), stdout: full });
    expect(child.stdout).toBeNull();
    const { code, stderr } = await ended;
    closeSync(full);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mclnn: standard output cannot be written: .*ENOSPC[^\n]*\n$/);
  },
);

it("a reader that goes away ends the output, not the run", async () => {
  const { process: child, ended } = startCli(["systems"], { cwd: at() });
  child.stdout?.destroy();
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(stderr).toBe("");
});
