import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, scratchFolder, spawnCli } from "./run-cli.ts";

const at = scratchFolder();

beforeAll(async () => {
  await runCli([
    "generate",
    "--system",
    "linear-spring",
    "--trajectories",
    "30",
    "--out",
    at("data.npz"),
  ]);
});

describe("train --seeds", () => {
  it("keeps the best of all seeds, the same file on 1 and 2 threads as by its seed alone", async () => {
    const files: Record<string, Buffer> = {};
    const told: {
      seed: number;
      trainLoss: number;
      seeds: { seed: number; trainLoss: number }[];
    }[] = [];
    for (const threads of ["1", "2"]) {
      const out = `best-${threads}.safetensors`;
      const { code, stdout, stderr } = await spawnCli(
        [
          "train",
          "--data",
          "data.npz",
          "--seeds",
          "3-5,9",
          "--threads",
          threads,
          "--out",
          out,
          "--json",
        ],
        { cwd: at() },
      );
      expect(code, stderr).toBe(0);
      told.push(JSON.parse(stdout));
      files[threads] = readFileSync(at(out));
    }
    const [one, two] = told;
    expect(one?.seeds.map(({ seed }) => seed)).toEqual([3, 4, 5, 9]);
    expect(one?.trainLoss).toBe(Math.min(...(one?.seeds ?? []).map(({ trainLoss }) => trainLoss)));
    expect(two?.seeds.map(({ trainLoss }) => trainLoss)).toEqual(
      one?.seeds.map(({ trainLoss }) => trainLoss),
    );
    await runCli([
      "train",
      "--data",
      at("data.npz"),
      "--seed",
      `${one?.seed}`,
      "--out",
      at("alone.safetensors"),
    ]);
    const alone = readFileSync(at("alone.safetensors"));
    expect(alone.equals(files["1"] as Buffer)).toBe(true);
    expect(alone.equals(files["2"] as Buffer)).toBe(true);
  });

  it("prints a row for each seed, and which is best", async () => {
    const { code, stdout } = await runCli([
      "train",
      "--data",
      at("data.npz"),
      "--seeds",
      "1,2",
      "--threads",
      "1",
      "--out",
      at("table.safetensors"),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/seed\s+training loss\s+iterations\s+time/);
    expect(stdout).toMatch(/^\s+1\s.*$/m);
    expect(stdout.match(/best$/gm)).toHaveLength(1);
  });

  it.each([
    ["100-", "bad-option"],
    ["5-3", "bad-option"],
    ["1,,2", "bad-option"],
    ["0-99999999", "bad-option"],
    ["-1", "bad-option"],
  ])("refuses %s", async (list, code) => {
    const { code: exit, stdout } = await runCli([
      "train",
      "--data",
      at("data.npz"),
      `--seeds=${list}`,
      "--json",
    ]);
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code, argument: "--seeds" } });
  });

  it.each([
    ["--seed", "1"],
    ["--checkpoint", "folder"],
    ["--resume", "folder"],
  ])("refuses %s beside it", async (option, value) => {
    const { code, stdout } = await runCli([
      "train",
      "--data",
      at("data.npz"),
      "--seeds",
      "1-2",
      option,
      value,
      "--json",
    ]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "conflicting-options", argument: "--seeds" },
    });
  });
});
