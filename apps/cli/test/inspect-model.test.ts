import {
  createLnnModel,
  createMclnnModel,
  createSpeciesModel,
  createSplineModel,
  encodeModel,
  type TrainingRecord,
} from "@mclnn/models";
import { describe, expect, it } from "vitest";
import { describeFile as factsOfFile } from "../src/inspect/describe-file.ts";
import { membersOf, textsOf } from "../src/terminal/fact.ts";

/** What a file holds, for people and for programs. */
const describeFile = async (bytes: Uint8Array, path: string) => {
  const { kind, facts } = await factsOfFile(bytes, path);
  return { kind, facts: textsOf(facts), json: membersOf(facts) };
};

const RECORD: TrainingRecord = {
  ...{ seed: 3, trainLoss: 1.25e-9, validationLoss: null, iterations: 1234, reachedTarget: true },
  ...{ optimizer: "adam", dt: 0.01, stride: 10 },
};
const SEPARATIONS = {
  ranges: [
    [0.5, 1.25],
    [3, 4],
  ],
  edges: Float64Array.of(0.5, 4),
  counts: Float64Array.of(10),
} as const;
const WEIGHTS = Float64Array.from({ length: 10 }, (_, k) => 0.1 * k);
const network = (
  record: TrainingRecord = RECORD,
  separations: Parameters<typeof createMclnnModel>[0]["separations"] = SEPARATIONS,
) => createMclnnModel({ hidden: [3], weights: WEIGHTS, coupling: "none", separations, record });
const spline = createSplineModel({
  knots: [Float64Array.of(0.5, 1, 1.5, 2)],
  coefficients: Float64Array.from({ length: 6 }, (_, k) => k),
  coupling: "mass-product",
  separations: SEPARATIONS,
  record: RECORD,
});
const TRAINING: [string, string][] = [
  ["training loss", "1.3e-9 after 1,234 iterations of adam"],
  ["validation loss", "-"],
  ["time step", "0.01, 10 a record, velocity-verlet"],
  ["seed", "3"],
];
const NOTHING = {
  ...{ hidden: null, coupling: null, particles: null, dimension: null, separations: null },
};
const RANGES = "0.5 to 1.25 and 3 to 4";

describe("what a model file holds", () => {
  it("mclnn", async () => {
    expect(await describeFile(encodeModel(network()), "x.safetensors")).toEqual({
      kind: "mclnn model",
      facts: [
        ["parameters", "10"],
        ["coupling", "none"],
        ["hidden widths", "3"],
        ["trained on separations", RANGES],
        ...TRAINING,
      ],
      json: {
        ...NOTHING,
        ...{ modelKind: "mclnn", parameters: 10, hidden: [3], coupling: "none" },
        separations: { ranges: SEPARATIONS.ranges },
        training: RECORD,
      },
    });
  });

  it("spline", async () => {
    expect(await describeFile(encodeModel(spline), "x.safetensors")).toEqual({
      kind: "spline model",
      facts: [
        ["parameters", "6"],
        ["coupling", "mass-product"],
        ["trained on separations", RANGES],
        ...TRAINING,
      ],
      json: {
        ...NOTHING,
        ...{ modelKind: "spline", parameters: 6, coupling: "mass-product" },
        separations: { ranges: SEPARATIONS.ranges },
        training: RECORD,
      },
    });
  });

  it("lnn", async () => {
    const model = createLnnModel({
      ...{ particles: 2, dimension: 2, hidden: [2, 1], inputScale: 1, energyScale: 1 },
      masses: Float64Array.of(1, 2),
      centre: new Float64Array(4),
      weights: Float64Array.from({ length: 4 * 2 + 2 + 2 + 1 + 1 }, (_, k) => 0.1 * k),
      record: RECORD,
    });
    expect(await describeFile(encodeModel(model), "x.safetensors")).toEqual({
      kind: "lnn model",
      facts: [
        ["parameters", String(model.parameterCount)],
        ["bodies", "2 in 2 dimensions"],
        ["hidden widths", "2, 1"],
        ...TRAINING,
      ],
      json: {
        ...NOTHING,
        ...{ modelKind: "lnn", parameters: model.parameterCount, hidden: [2, 1] },
        ...{ particles: 2, dimension: 2, training: RECORD },
      },
    });
  });

  it("species", async () => {
    const inner = network(RECORD, { ...SEPARATIONS, ranges: [[0.5, 1.25]] });
    const other = network();
    const model = createSpeciesModel({
      laws: [
        { species: [0, 0], model: inner },
        { species: [0, 1], model: other },
      ],
      record: RECORD,
    });
    expect(await describeFile(encodeModel(model), "x.safetensors")).toEqual({
      kind: "species model",
      facts: [
        ["parameters", "20"],
        ["law of species 0 and 0", "mclnn, separations 0.5 to 1.25"],
        ["law of species 0 and 1", `mclnn, separations ${RANGES}`],
        ...TRAINING,
      ],
      json: {
        ...NOTHING,
        ...{ modelKind: "species", parameters: 20, training: RECORD },
        laws: [
          { species: [0, 0], modelKind: "mclnn", separations: { ranges: [[0.5, 1.25]] } },
          { species: [0, 1], modelKind: "mclnn", separations: { ranges: SEPARATIONS.ranges } },
        ],
      },
    });
  });

  it("and of its training, what was noted", async () => {
    const noted = {
      ...RECORD,
      ...{ until: 1e-8, validationLoss: 2e-9, integrator: "forest-ruth" },
      ...{ noise: 0.001, startStates: "unknown" },
    };
    const facts = async (record: TrainingRecord) =>
      Object.fromEntries((await describeFile(encodeModel(network(record)), "x")).facts);
    expect(await facts(noted)).toMatchObject({
      "validation loss": "2.0e-9",
      "target 1e-8": "reached",
      "time step": "0.01, 10 a record, forest-ruth",
      "noise of positions": "1.0e-3",
      "start states": "unknown",
    });
    expect(await facts({ ...noted, reachedTarget: false })).toMatchObject({
      "target 1e-8": "not reached",
    });
    // Of another kind than any training notes.
    const odd = { until: "1", noise: "2", startStates: 3, integrator: { toString: 4 } };
    expect(await facts({ ...RECORD, ...odd })).toEqual(await facts(RECORD));
  });
});
