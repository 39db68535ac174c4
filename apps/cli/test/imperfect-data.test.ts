import { readFileSync, writeFileSync } from "node:fs";
import { decodeTrajectorySet, encodeNpz, type NpzEntry } from "@mclnn/datasets";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
const [trajectories, records, particles] = [3, 20, 3] as const;
const shape = [trajectories, records, particles, 3];

let good: Record<string, NpzEntry>;
beforeAll(async () => {
  const out = at("good.npz");
  await runCli([
    ..."generate --system linear-spring --trajectories 3 --quiet".split(" "),
    ...["--out", out],
  ]);
  const { positions, velocities, times, masses } = decodeTrajectorySet(readFileSync(out));
  good = {
    positions: { shape, data: positions },
    velocities: { shape, data: velocities as Float64Array },
    times: { shape: [records], data: times },
    masses: { shape: [particles], data: masses },
  };
});

const positionsOnly = ({ velocities: _, ...rest }: Record<string, NpzEntry>) => rest;
/** The numbers of an array. */
const numbers = (set: Record<string, NpzEntry>, key: string): Float64Array =>
  (set[key] as NpzEntry).data as Float64Array;
const with3 = (values: readonly number[]): NpzEntry => ({
  shape: [3],
  data: Float64Array.from(values),
});
/** Positions that are NaN where `is` says. */
const nanWhere = (
  set: Record<string, NpzEntry>,
  is: (component: number) => boolean,
): Record<string, NpzEntry> => {
  const data = numbers(set, "positions").map((x, k) => (is(k) ? Number.NaN : x));
  return { ...positionsOnly(set), positions: { shape, data } };
};
/** The first records of the first trajectory. */
const cut = (set: Record<string, NpzEntry>, n: number): Record<string, NpzEntry> => {
  const part = (key: string): NpzEntry => ({
    shape: [1, n, 3, 3],
    data: numbers(set, key).slice(0, n * 9),
  });
  return {
    positions: part("positions"),
    times: { shape: [n], data: numbers(set, "times").slice(0, n) },
    masses: set.masses as NpzEntry,
    ...(set.velocities === undefined ? {} : { velocities: part("velocities") }),
  };
};

describe("data that nothing can be learned from end with exit code 2 and a word on why", () => {
  type Row = readonly [
    what: string,
    make: (set: Record<string, NpzEntry>) => Record<string, NpzEntry>,
    args: string,
    code: string,
    says: RegExp,
  ];
  const table: readonly Row[] = [
    ["a mass of 0", (s) => ({ ...s, masses: with3([1, 0, 1]) }), "", "bad-mass", /particle 1/],
    ["a mass below 0", (s) => ({ ...s, masses: with3([1, 1, -2]) }), "", "bad-mass", /-2/],
    [
      "species of too few particles",
      (s) => ({ ...s, species: { shape: [2], data: Int32Array.of(0, 1) } }),
      "",
      "bad-shape",
      /\(3,\).*\(2,\)/,
    ],
    [
      "a species below 0",
      (s) => ({ ...s, species: { shape: [3], data: Int32Array.of(0, -1, 1) } }),
      "",
      "bad-species",
      /-1/,
    ],
    ["nothing but NaN", (s) => nanWhere(s, () => true), "", "not-finite", /--missing-as-nan/],
    [
      "a particle of nothing but NaN",
      (s) => nanWhere(s, (k) => Math.floor(k / 3) % 3 === 2),
      "--missing-as-nan",
      "never-observed",
      /particle 2/,
    ],
    [
      "a component of nothing but NaN",
      (s) => nanWhere(s, (k) => k % 3 === 1),
      "--missing-as-nan",
      "never-observed",
      /particle 0/,
    ],
    [
      "three records without velocities",
      (s) => cut(positionsOnly(s), 3),
      "",
      "too-little-data",
      /at least 14 are missing/,
    ],
    [
      "two records with velocities",
      (s) => cut(s, 2),
      "",
      "too-little-data",
      /at least 14 are missing/,
    ],
    ["one record", (s) => cut(s, 1), "", "too-few-records", /at least 2 records/],
    ["a step in two words", (s) => s, "--dt 0.01 --substeps 10", "conflicting-options", /substeps/],
    [
      "masses by an optimiser that has none",
      (s) => s,
      "--fit-masses --optimizer adam",
      "conflicting-options",
      /adam/,
    ],
    [
      "given velocities that are not there",
      positionsOnly,
      "--velocities given",
      "missing-velocities",
      /positions only/,
    ],
    ["species that are not there", (s) => s, "--species separate", "missing-species", /species/],
  ];
  it.each(table)("%s", async (_, make, args, code, says) => {
    const data = at("bad.npz");
    writeFileSync(data, encodeNpz(make(good)));
    const out = at("bad.safetensors");
    const ended = await runCli([
      ...`train --model spline --threads 1 --json --quiet ${args}`.trim().split(" "),
      ...["--data", data, "--out", out],
    ]);
    expect(ended.code, ended.stdout).toBe(2);
    const { error } = JSON.parse(ended.stdout) as {
      error: { code: string; message: string; missing?: number; addRecords?: number };
    };
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    const [, missing, addRecords] =
      /at least (\d+) are missing\. Add (\d+)/.exec(error.message)?.map(Number) ?? [];
    if (code !== "too-few-records")
      expect([error.missing, error.addRecords]).toEqual([missing, addRecords]);
    else expect([error.missing, error.addRecords]).toEqual([1, 1]);
    expect(() => readFileSync(out)).toThrow(/ENOENT/);
  });
});

it("whole records are missing from what generate makes, and the rest is learned from", async () => {
  const data = at("sparse.npz");
  await runCli([
    ..."generate --system linear-spring --trajectories 10 --quiet --missing-records 0.2 --seed 1".split(
      " ",
    ),
    ...["--noise", "1e-3", "--drop-velocities", "--out", data],
  ]);
  const { observed } = decodeTrajectorySet(readFileSync(data));
  const missing: number[] = [];
  for (let frame = 0; frame < 200; frame++) {
    const seen = observed?.slice(frame * 3, frame * 3 + 3).reduce((a, b) => a + b, 0) ?? 3;
    expect([0, 3]).toContain(seen);
    if (seen === 0) missing.push(frame);
  }
  expect(missing.length).toBeGreaterThan(20);
  expect(missing.length).toBeLessThan(60);
  const { code, stdout } = await runCli([
    ..."train --model spline --threads 1 --json --quiet --substeps 10".split(" "),
    ...["--data", data, "--out", at("sparse.safetensors")],
  ]);
  expect(code, stdout).toBe(0);
  const { noise, findings } = JSON.parse(stdout) as { noise: number; findings: unknown[] };
  expect(Math.abs(noise / 1e-3 - 1)).toBeLessThan(0.1);
  expect(findings).toEqual([]);
});

it.each([
  ["astronomer's", 1e11, 1e7, 1e30],
  ["chemist's", 1e-9, 1e-12, 1e-26],
])(
  "%s units: the default target is reached, and the law is V' = r - 1 in them",
  async (_, length, time, mass) => {
    const data = at("units.npz");
    const scaled = (key: string, factor: number): NpzEntry => ({
      shape: (good[key] as NpzEntry).shape,
      data: numbers(good, key).map((x) => x * factor),
    });
    writeFileSync(
      data,
      encodeNpz({
        positions: scaled("positions", length),
        velocities: scaled("velocities", length / time),
        times: scaled("times", time),
        masses: scaled("masses", mass),
      }),
    );
    const model = at("units.safetensors");
    const { code, stdout } = await runCli([
      ..."train --model spline --threads 1 --json --quiet --force".split(" "),
      ...["--data", data, "--out", model],
    ]);
    expect(code, stdout).toBe(0);
    await runCli([
      ..."law --points 3 --json --quiet --force".split(" "),
      ...["--model", model, "--out", at("units.json")],
    ]);
    const { r, slope } = JSON.parse(readFileSync(at("units.json"), "utf8")) as {
      r: number[];
      slope: number[];
    };
    const unit = (mass * length) / time ** 2;
    r.forEach((x, k) => {
      expect((slope[k] as number) / unit).toBeCloseTo(x / length - 1, 4);
    });
  },
);
