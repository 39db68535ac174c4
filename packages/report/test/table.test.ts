import { expect, test } from "vitest";
import {
  type CompareResults,
  formatCount,
  formatNumber,
  formatSeconds,
  formatTarget,
  type ModelResults,
  resultsTable,
} from "../src/index.ts";
import { syntheticResults, syntheticSeries } from "./synthetic-series.ts";

const results = syntheticResults(syntheticSeries({ records: 60 }), ["linear-spring", "gravity"]);

test("a row a model and system, then the chaos floor; as many cells as columns", () => {
  const { rows, columns, caption } = resultsTable(results);
  expect(rows.map(({ system, model, first }) => [system, model, first])).toEqual(
    ["linear-spring", "gravity"].flatMap((system) => [
      [system, "mclnn", true],
      [system, "spline", false],
      [system, "lnn", false],
      [system, undefined, false],
    ]),
  );
  for (const { cells } of rows) expect(cells).toHaveLength(columns.length);
  expect(columns.map(({ title }) => title)).toEqual([
    "system",
    "model",
    "params",
    "train loss",
    "V' error",
    "position",
    "energy",
    "momentum",
    "angular m.",
    "time",
  ]);
  expect(caption).toBe("Largest errors over 5.9 time units, unseen start");
});

test("cells are the results' numbers", () => {
  const mclnn = results.systems.gravity?.models.mclnn as ModelResults;
  const row = resultsTable(results, { start: "tilted" }).rows.find(
    ({ system }) => system === "gravity",
  );
  expect(row?.cells).toEqual([
    "Linear spring",
    "MCLNN",
    "141",
    "4.1e-13",
    "4.0e-6",
    ...(["position", "hamiltonian", "linearMomentum", "angularMomentum"] as const).map((key) =>
      formatNumber(mclnn.tilted?.[key].max),
    ),
    "0.18 s",
  ]);
});

test("what does not exist is a dash; a run that diverged says when", () => {
  const lnn = results.systems.gravity?.models.lnn as ModelResults;
  const none = { mae: null, max: null };
  const broken: CompareResults = {
    ...results,
    systems: {
      g: {
        truth: { hamiltonian: null },
        models: {
          lnn: {
            ...lnn,
            trainLoss: null,
            trainSeconds: null,
            rollout: {
              records: 3,
              lagrangian: none,
              hamiltonian: none,
              linearMomentum: none,
              angularMomentum: none,
              position: none,
              divergedAt: 0.21,
            },
          },
        },
      },
    },
  };
  const { rows, caption } = resultsTable(broken);
  expect(rows[0]?.cells).toEqual([
    "g",
    "LNN",
    "231",
    "-",
    "-",
    "diverged at t = 0.21",
    "-",
    "-",
    "-",
    "-",
  ]);
  expect(rows[0]?.diverged).toBe(true);
  expect(caption).toBe("Largest errors over the run, unseen start");
});

test.each([
  [null, "-"],
  [undefined, "-"],
  [Number.NaN, "-"],
  [0, "0"],
  [1.26e-12, "1.3e-12"],
  [0.523, "0.52"],
  [31.4, "31"],
  [-4.25e-7, "-4.3e-7"],
  [2.5e9, "2.5e9"],
  [Number.POSITIVE_INFINITY, "inf"],
])("%s reads %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("targets, counts and seconds", () => {
  expect(formatTarget(1e-8)).toBe("1e-8");
  expect([7, 1234, 1234567].map(formatCount)).toEqual(["7", "1,234", "1,234,567"]);
  expect([null, 0.214, 3.25, 41.6, 185].map(formatSeconds)).toEqual([
    "-",
    "0.21 s",
    "3.3 s",
    "42 s",
    "3 min 05 s",
  ]);
});
