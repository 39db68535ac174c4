import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { crossing, deviation, growthExponent, spreadOf } from "../numbers.ts";
import { measurements } from "./catalogue.ts";
import { benchDocument, durationText } from "./document.ts";
import { atLeast, atMost, isMet } from "./measurement.ts";
import { createProblems } from "./problems.ts";
import { race } from "./race.ts";
import { mergeResults, runMeasurements } from "./results.ts";

it("minimum and median of times; an exponent to 1e-12; where a curve meets a level to 1e-9; deviation relative to the largest number", () => {
  expect(spreadOf([4, 1, 2, 3])).toEqual({ minimum: 1, median: 2.5, runs: 4 });
  expect(() => spreadOf([Number.NaN])).toThrow(/needs times/);
  const points = [1, 3, 10, 20].map((x) => [x, 7 * x ** 1.05] as const);
  expect(Math.abs(growthExponent(points) - 1.05)).toBeLessThan(1e-12);
  expect(() => growthExponent(points.slice(1, 2))).toThrow(/no exponent/);
  const curve = Float64Array.from({ length: 200 }, (_, k) => 5 / (k + 1) ** 2);
  expect(crossing(curve, 5 / 100 ** 2)).toBe(100);
  expect(Math.abs(crossing(curve, 5e-8) / 1e4 - 1)).toBeLessThan(1e-9);
  expect(crossing(new Float64Array(50).fill(1), 0.1)).toBe(Number.POSITIVE_INFINITY);
  expect(deviation([1, 2.5], [1, 2])).toBe(0.25);
  expect(deviation([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  expect(deviation([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY);
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
    expect(rows.map(({ ratio }) => ratio)).toEqual([undefined, 3]);
  });

  it("who is slow has fewer turns; who was too slow before has none", async () => {
    const slow = { who: "slow", run: async () => [7] };
    const rows = await race("work", [slow, { ...slow, first: [20] }], 9);
    expect(rows.map(({ seconds }) => seconds?.runs)).toEqual([2, 1]);
  });
});

it("a goal is met at its bound; a number that is none meets nothing", () => {
  expect(isMet(atMost("x", 1.4, 1.4, "x"))).toBe(true);
  expect(isMet(atMost("x", 1.5, 1.4, "x"))).toBe(false);
  expect(isMet(atLeast("x", 1.5, 1.4, "x"))).toBe(true);
  expect(isMet(atMost("x", Number.NaN, 1, "x"))).toBe(false);
  expect(isMet(atMost("x", null, 1, "x"))).toBe(null);
});

it.each([
  [3.4e-7, "0.34 us"],
  [0.00841, "8.41 ms"],
  [1.234, "1.23 s"],
  [600, "10 min"],
  [7500, "2 h 05 min"],
  [4e6, "1,111 h"],
  [null, "-"],
])("%s seconds read %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

it("a run goes on after a measurement that fails; the document shows goals missed, times, ratios, failures and how to install", async () => {
  const seconds = { minimum: 1e-3, median: 2e-3, runs: 9 };
  const times = [
    { work: "w", who: "MCLNN", seconds },
    { work: "w", who: "C", seconds, ratio: 0.5 },
    { work: "w", who: "JAX", seconds: null, note: "no python3" },
  ];
  const goals = [atMost("over C", 2, 1.4, "x")];
  const two = [
    { name: "a", title: "A", measure: () => Promise.reject(new Error("broke")) },
    { name: "b", title: "B", measure: async () => ({ times, goals, notes: ["done"] }) },
  ];
  const bench = { quick: true, folder: tmpdir(), say: () => {}, problems: createProblems(true) };
  const results = await runMeasurements(two, bench, null, "busy");
  expect(mergeResults([{ ...results[1], took: -1 }], results, two)).toEqual(results);
  const peers = ["C", "C, FMA"].map((title) => ({ title, install: "get cc" }));
  const text = benchDocument(results, peers);
  for (const part of [
    "0 of 1 met.",
    "| over C |      2 x | <= 1.4 x | **no** |",
    "| w    | C     |    1 ms |   2 ms |    9 |     0.5 x |            |",
    "| w    | JAX   |       - |      - |    - |           | no python3 |",
    ...["**Failed.** Error: broke", "mean nothing", "- C; C, FMA: `get cc`", "busy"],
  ])
    expect(text).toContain(part);
});

describe("every measurement that needs no process of its own, at a tiny size", () => {
  const outside = ["fresh-process", "compare", "large-data", "threads", "growth"];
  const inside = measurements.filter(({ name }) => !outside.includes(name));
  it.each(inside)(
    "$name has times of ours, and numbers for its goals or says why not",
    async ({ measure }) => {
      const bench = { quick: true, folder: tmpdir(), say: () => {}, peers: null };
      const { times, goals, notes } = await measure({ ...bench, problems: createProblems(true) });
      const ours = times.filter(({ who }) => who.startsWith("MCLNN"));
      expect(ours.length).toBeGreaterThan(0);
      for (const { seconds } of ours) expect(seconds?.minimum).toBeGreaterThan(0);
      for (const { measured, note } of goals)
        if (measured === null) expect(note).toMatch(/with --peers|of 2/);
        else expect(measured).toBeGreaterThan(0);
      expect(notes.length).toBeGreaterThan(0);
    },
  );
});
