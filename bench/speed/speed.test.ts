import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measurements } from "./catalogue.ts";
import { benchDocument, durationText } from "./document.ts";
import { busyText } from "./machine.ts";
import { type Goal, isMet } from "./measurement.ts";
import { readOptions } from "./options.ts";
import { createProblems } from "./problems.ts";
import { own, race } from "./race.ts";
import { type MeasurementResult, mergeResults, readResults } from "./results.ts";
import { runMeasurements } from "./run.ts";
import { crossing, deviation, growthExponent, spreadOf } from "./statistics.ts";

describe("statistics", () => {
  it("minimum and median of times; none of nothing", () => {
    expect(spreadOf([3, 1, 2])).toEqual({ minimum: 1, median: 2, runs: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ minimum: 1, median: 2.5, runs: 4 });
    expect(() => spreadOf([])).toThrow(/needs times/);
    expect(() => spreadOf([Number.NaN])).toThrow(/needs times/);
  });

  it.each([0.5, 1, 1.05, 2])("finds the exponent %s of a power law to 1e-12", (p) => {
    const points = [1, 3, 10, 20].map((x) => [x, 7 * x ** p] as const);
    expect(Math.abs(growthExponent(points) - p)).toBeLessThan(1e-12);
  });

  it("no exponent from one size", () => {
    expect(() =>
      growthExponent([
        [2, 1],
        [2, 3],
      ]),
    ).toThrow(/no exponent/);
  });

  it("a curve that has met the level says where; else its power law says where it will, to 1e-9", () => {
    const curve = Float64Array.from({ length: 200 }, (_, k) => 5 / (k + 1) ** 2);
    expect(crossing(curve, 5 / 100 ** 2)).toBe(100);
    expect(Math.abs(crossing(curve, 5e-8) / 1e4 - 1)).toBeLessThan(1e-9);
    expect(crossing(new Float64Array(50).fill(1), 0.1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("deviation is relative to the largest number, and infinite for what cannot be compared", () => {
    expect(deviation([1, 2.5], [1, 2])).toBe(0.25);
    expect(deviation([0, 0], [0, 0])).toBe(0);
    expect(deviation([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
    expect(deviation([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("race", () => {
  it("contenders take turns, the slow ones once a turn, and ratios are to the first", async () => {
    const turns: string[] = [];
    const contender = (who: string, seconds: number) => ({
      who,
      run: async (times: number) => {
        turns.push(`${who} ${times}`);
        return new Array<number>(times).fill(seconds);
      },
    });
    const rows = await race("work", [contender("a", 0.02), contender("b", 0.06)], 2);
    expect(turns).toEqual(["a 1", "a 5", "b 1", "b 2", "a 3", "b 1", "a 3", "b 1"]);
    expect(rows.map(({ who, ratio }) => [who, ratio])).toEqual([
      ["a", undefined],
      ["b", 3],
    ]);
  });

  it("who is slow has fewer turns; who was too slow before has none", async () => {
    const slow = { who: "slow", run: async () => [7] };
    const rows = await race("work", [slow, { ...slow, first: [20] }], 9);
    expect(rows.map(({ seconds }) => seconds)).toEqual([
      { minimum: 7, median: 7, runs: 2 },
      { minimum: 20, median: 20, runs: 1 },
    ]);
  });

  it("our own work is done as often as asked", async () => {
    let done = 0;
    const seconds = await own("us", () => done++).run(3);
    expect([done, seconds.length]).toEqual([3, 3]);
  });
});

it("times by the wall on a busy machine say so", () => {
  expect(busyText(2.9, 2)).toBe("");
  expect(busyText(19.6, 2)).toBe("; 20 programs wanted the 2 cores");
});

describe("goals", () => {
  const goal = (changes: Partial<Goal>): Goal => ({
    what: "x",
    measured: 1,
    bound: 1,
    sense: "most",
    unit: "x",
    ...changes,
  });
  it.each([
    [goal({ measured: 1.4, bound: 1.4 }), true],
    [goal({ measured: 1.5, bound: 1.4 }), false],
    [goal({ measured: 1.5, bound: 1.4, sense: "least" }), true],
    [goal({ measured: Number.NaN }), false],
    [goal({ measured: null }), null],
  ])("%j is met: %s", (given, met) => {
    expect(isMet(given)).toBe(met);
  });
});

it.each([
  [3.4e-7, "0.34 us"],
  [0.00841, "8.41 ms"],
  [1.234, "1.23 s"],
  [600, "10 min"],
  [7500, "2 h 05 min"],
  [4e6, "1,111 h"],
  [null, "-"],
  [Number.POSITIVE_INFINITY, "never"],
])("%s seconds read %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

const result = (name: string, changes: Partial<MeasurementResult> = {}): MeasurementResult => ({
  name,
  title: `Title of ${name}`,
  times: [
    { work: "w", who: "MCLNN", seconds: { minimum: 1e-3, median: 2e-3, runs: 9 } },
    { work: "w", who: "C", seconds: { minimum: 5e-4, median: 5e-4, runs: 9 }, ratio: 0.5 },
    { work: "w", who: "JAX", seconds: null, note: "no python3" },
  ],
  goals: [{ what: "over C", measured: 2, bound: 1.4, sense: "most", unit: "x" }],
  notes: ["a note"],
  at: "2026-01-02T03:04:05.000Z",
  took: 1,
  load: [0, 1],
  machine: { processor: "P", cores: 2, memory: 2 ** 33, node: "20", v8: "11" },
  quick: false,
  versions: { C: { compiler: "12" } },
  ...changes,
});

describe("document", () => {
  it("shows goals met and missed, times, ratios, what is missing, versions and how to install", () => {
    const text = benchDocument(
      [result("a"), result("b", { failed: "broke", goals: [], times: [] })],
      {
        install: [
          ["C", "get cc"],
          ["C, FMA", "get cc"],
        ],
      },
    );
    for (const part of [
      "0 of 1 met.",
      "| over C |      2 x | <= 1.4 x | **no** |",
      "| w    | MCLNN |    1 ms |   2 ms |    9 |           |            |",
      "| w    | C     |  500 us | 500 us |    9 |     0.5 x |            |",
      "| w    | JAX   |       - |      - |    - |           | no python3 |",
      "**Failed.** broke",
      "P, 2 cores, 8 GiB, Node 20",
      "- C: compiler 12",
      "- C; C, FMA: `get cc`",
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("mean nothing");
    expect(benchDocument([result("a", { quick: true })], { install: [] })).toContain(
      "mean nothing",
    );
  });
});

describe("options", () => {
  it("defaults: everything, no peers; --peer names them; the order is the catalogue's", () => {
    expect(readOptions([])).toMatchObject({ quick: false, measurements, peers: [] });
    expect(readOptions(["--peer", "c-fma,c"]).peers.map(({ name }) => name)).toEqual([
      "c",
      "c-fma",
    ]);
    expect(readOptions(["--only", "gauss-newton"]).measurements.map(({ name }) => name)).toEqual([
      "gauss-newton",
    ]);
    expect(readOptions(["--peers"]).peers.length).toBeGreaterThan(3);
  });
  it.each([
    [["--only", "speed"], /--only names something .*got speed/],
    [["--peer", "matlab"], /--peer names something .*got matlab/],
    [["--fast"], /Unknown option '--fast'/],
  ])("%j is refused", (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

describe("a run", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "mclnn-bench-test-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("goes on after a measurement that fails, and keeps what it has", async () => {
    const said: string[] = [];
    const results = await runMeasurements(
      [
        { name: "a", title: "A", measure: () => Promise.reject(new Error("broke")) },
        { name: "b", title: "B", measure: async () => ({ times: [], goals: [], notes: ["done"] }) },
      ],
      { quick: true, folder, say: (text) => said.push(text), problems: createProblems(true) },
      null,
      "busy",
    );
    expect(results.map(({ name, notes, remark }) => [name, notes, remark])).toEqual([
      ["a", [], "busy"],
      ["b", ["done"], "busy"],
    ]);
    expect(results[0]?.failed).toContain("broke");
    expect(said.join("\n")).toContain("a failed");
  });

  it("new results take the place of old ones, in the catalogue's order", () => {
    const merged = mergeResults(
      [result("a", { took: 1 }), result("c")],
      [result("b"), result("a", { took: 2 })],
      ["a", "b", "c"],
    );
    expect(merged.map(({ name, took }) => [name, took])).toEqual([
      ["a", 2],
      ["b", 1],
      ["c", 1],
    ]);
  });

  it("refuses to bring up to date what is not there", async () => {
    await expect(readResults(path.join(folder, "none.json"))).rejects.toThrow(/no such file/);
  });
});

describe("every measurement that needs no process of its own, at a tiny size", () => {
  const outside = ["fresh-process", "compare", "large-data", "threads", "growth"];
  it.each(
    measurements
      .filter(({ name }) => !outside.includes(name))
      .map((one) => [one.name, one] as const),
  )("%s has times of ours, and numbers for its goals or says why not", async (_, measurement) => {
    const { times, goals, notes } = await measurement.measure({
      quick: true,
      folder: tmpdir(),
      say: () => {},
      problems: createProblems(true),
      peers: null,
    });
    const ours = times.filter(({ who }) => who.startsWith("MCLNN"));
    expect(ours.length).toBeGreaterThan(0);
    for (const { seconds } of ours) expect(seconds?.minimum).toBeGreaterThan(0);
    for (const { measured, note } of goals)
      if (measured === null) expect(note).toMatch(/with --peers|of 2/);
      else expect(measured).toBeGreaterThan(0);
    expect(notes.length).toBeGreaterThan(0);
  });
});
