import { createHash } from "node:crypto";
import { createRandom } from "@mclnn/datasets";
import { isMclnnError, MclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { decodeModel, saidOf } from "../src/files/decode-model.ts";
import { encodeModel } from "../src/files/encode-model.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/files/safetensors.ts";
import { createLnnModel } from "../src/laws/lnn.ts";
import { createMclnnModel } from "../src/laws/mclnn.ts";
import type { Model, TrainingRecord } from "../src/laws/model.ts";
import { createSpeciesModel } from "../src/laws/species.ts";
import { createSplineModel } from "../src/laws/spline.ts";
import type { LawUncertainty } from "../src/laws/uncertainty.ts";
import { spoilt } from "./spoilt-model.ts";

const random = createRandom(12);
const normal = (length: number): Float64Array => Float64Array.from({ length }, random.normal);
const record: TrainingRecord = {
  ...{ seed: 1, trainLoss: 1e-9, validationLoss: 2e-9, iterations: 5, reachedTarget: false },
  ...{ optimizer: "auto", dt: 0.01, stride: 10 },
};
const separations = {
  ranges: [[0.5, 2]],
  edges: Float64Array.of(0.5, 1, 2),
  counts: Float64Array.of(3, 0),
} as const;
const uncertainty: LawUncertainty = {
  knots: [Float64Array.of(0.5, 1, 2), Float64Array.of(3, 4)],
  coefficients: normal(9),
  // Lower triangular, with a diagonal that is not 0.
  factor: Float64Array.from({ length: 81 }, (_, k) => {
    const [row, column] = [Math.floor(k / 9), k % 9];
    return row === column ? 2 + row : row > column ? random.normal() : 0;
  }),
  variance: 0.25,
  likelihood: { metric: normal(81), gradient: normal(9) },
};

const network = (options: Partial<Parameters<typeof createMclnnModel>[0]> = {}) =>
  createMclnnModel({ hidden: [3], weights: normal(10), separations, record, ...options });
const spline = (options: Partial<Parameters<typeof createSplineModel>[0]> = {}) =>
  createSplineModel({
    knots: [Float64Array.of(0.4, 1, 2.1)],
    coefficients: normal(5),
    ...{ separations, record, ...options },
  });
const lnn = createLnnModel({
  ...{ particles: 2, dimension: 3, hidden: [2], inputScale: 0.5, energyScale: 2, record },
  masses: Float64Array.of(1, 2),
  centre: normal(6),
  weights: normal(6 * 2 + 2 + 2),
});
const laws = (first: ReturnType<typeof network>, second: ReturnType<typeof network>) =>
  createSpeciesModel({
    laws: [
      { species: [0, 0], model: first },
      { species: [0, 2], model: second },
    ],
    record,
  });

const MODELS = {
  "a network": network(),
  "one of charges": network({ coupling: "charge-product" }),
  "one with error bars": network({ uncertainty }),
  "one that has seen nothing": network({
    separations: { ranges: [], edges: new Float64Array(0), counts: new Float64Array(0) },
  }),
  "one whose ranges touch, and are points": network({
    separations: {
      ranges: [
        [1, 1],
        [1, 2],
        [2, 3],
      ],
      edges: Float64Array.of(1, 1, 3),
      counts: Float64Array.of(0, 1),
    },
  }),
  "a spline with error bars": spline({ uncertainty }),
  "a baseline in three dimensions": lnn,
  "laws by species": laws(network(), network({ uncertainty })),
  "splines by species": createSpeciesModel({
    laws: [{ species: [1, 1], model: spline({ uncertainty }) }],
    record,
  }),
} as const;

/** All numbers of a model, and what else there is to it but functions. */
const contents = (model: Model): unknown =>
  JSON.parse(
    JSON.stringify(model, (_, value: unknown) =>
      value instanceof Float64Array ? { numbers: [...value] } : value,
    ),
  );

describe("a model file gives back", () => {
  it.each(Object.entries(MODELS))("%s", (_, model) => {
    const bytes = encodeModel(model);
    const back = decodeModel(bytes);
    expect(contents(back)).toEqual(contents(model));
    expect(encodeModel(back)).toEqual(bytes);
  });

  it("error bars, and each of several laws, under names of their own", () => {
    const { tensors, metadata } = decodeSafetensors(encodeModel(MODELS["laws by species"]));
    const named = [...tensors].map(([name, { shape }]) => `${name} ${shape}`);
    const weights = ["weights0 3,1", "biases0 3", "weights1 1,3", "biases1 1"];
    const own = [...weights, "separationEdges 3", "separationCounts 2"];
    const posterior = ["Knots0 3", "Knots1 2", "Coefficients 9", "Factor 9,9"];
    expect(named).toEqual([
      ...own.map((name) => `law0.${name}`),
      ...own.map((name) => `law1.${name}`),
      ...posterior.map((name) => `law1.posterior${name}`),
      ...["Metric 9,9", "Gradient 9"].map((name) => `law1.likelihood${name}`),
    ]);
    const law = { hidden: [3], activation: "squareplus", coupling: "none", ranges: [[0.5, 2]] };
    expect(JSON.parse(metadata.get("config") as string)).toEqual({
      ...{ kind: "species", lawKind: "mclnn", record },
      laws: [
        { species: [0, 0], ...law },
        { species: [0, 2], ...law, uncertainty: { clusters: 2, variance: 0.25, likelihood: true } },
      ],
    });
  });
});

/** What a file is refused with. */
function refusal(bytes: Uint8Array): (string | undefined)[] {
  try {
    decodeModel(bytes, { source: "m.safetensors" });
  } catch (error) {
    if (!isMclnnError(error)) throw error;
    expect(error.message).toContain("m.safetensors");
    const { code, argument, expected, got } = error;
    return [code, argument, expected, got];
  }
  return ["accepted"];
}

type Change = Parameters<typeof spoilt>[1];
type Json = Record<string, unknown>;
/** Puts a value in the place of another, by the names on the way there. */
const put =
  (path: string, value: unknown): Change =>
  (config) => {
    const names = path.split(".");
    const last = names.pop() as string;
    const at = names.reduce((object, name) => object[name] as Json, config as Json);
    at[last] = value;
  };
const text =
  (change: (text: string) => string): Change =>
  (config, _, metadata) => {
    metadata.set("config", change(JSON.stringify(config)));
  };
const tensor =
  (name: string, shape: readonly number[], ...data: number[]): Change =>
  (_, tensors) => {
    tensors.set(name, { shape, data: Float64Array.from(data) });
  };

const RECORD =
  "an object with seed, trainLoss, validationLoss, iterations, reachedTarget, optimizer, dt, stride";
const ENDS = "2 numbers (2 ends of a range)";
const LAWS = "one or more laws, all mclnn or all spline, of two species in increasing order";
const SPECIES = "two whole numbers from 0, such as [0, 1]";
const { "a network": one, "one with error bars": sure, "laws by species": several } = MODELS;

describe("a model file is refused as bad-model, with what was expected and what came", () => {
  it.each<[argument: string, model: Model, change: Change, expected: string, got: string]>([
    ["config", one, text(() => "5"), "an object with kind, record", "5"],
    ["config", one, text(() => "null"), "an object with kind, record", "null"],
    ["config", one, text(() => "{"), "JSON text", "broken JSON"],
    ["config.record.seed", one, put("record", [1]), "a whole number", "undefined"],
    ["config.record", one, put("record", undefined), RECORD, "undefined"],
    ["config.record", one, put("record", "x"), RECORD, '"x"'],
    ["config.record.seed", one, put("record.seed", 0.5), "a whole number", "0.5"],
    ["config.record.trainLoss", one, put("record.trainLoss", "0"), "a finite number", '"0"'],
    [
      "config.record.trainLoss",
      one,
      text((json) => json.replace('"trainLoss":1e-9', '"trainLoss":1e999')),
      "plain JSON of finite numbers",
      "Infinity",
    ],
    [
      "config.record.validationLoss",
      one,
      put("record.validationLoss", "0"),
      "a finite number",
      '"0"',
    ],
    ["config.record.iterations", one, put("record.iterations", null), "a whole number", "null"],
    ["config.record.reachedTarget", one, put("record.reachedTarget", 1), "true or false", "1"],
    ["config.record.optimizer", one, put("record.optimizer", undefined), "a text", "undefined"],
    ["config.record.dt", one, put("record.dt", 0), "a finite number above 0", "0"],
    ["config.record.stride", one, put("record.stride", 0), "a whole number from 1", "0"],
    ["config.record.stride", one, put("record.stride", -1), "a whole number from 1", "-1"],
    ["config.ranges", one, put("ranges", undefined), "an array", "nothing"],
    ["config.ranges", one, put("ranges", { length: 0 }), "an array", '{"length":0}'],
    [
      "config.ranges",
      one,
      put("ranges", [{ 0: 1, 1: 2, length: 2 }]),
      "an array",
      '{"0":1,"1":2,"length":2}',
    ],
    ["separations.ranges", one, put("ranges", [[1]]), ENDS, "1"],
    ["separations.ranges", one, put("ranges", [[1, 2, 3]]), ENDS, "3"],
    ["separations.ranges", one, put("ranges", [["1", 2]]), "finite numbers", '"1" at index 0'],
    ["separations.ranges", one, put("ranges", [[1, null]]), "finite numbers", "null at index 1"],
    ["separations.ranges", one, put("ranges", [[2, 1]]), "a finite number from 2", "1"],
    [
      "separations.ranges",
      one,
      put("ranges", [
        [1, 2],
        [1.5, 3],
      ]),
      "a finite number from 2",
      "1.5",
    ],
    [
      "separations.edges",
      one,
      tensor("separationEdges", [3], 1, 3, 2),
      "a finite number from 3",
      "2",
    ],
    [
      "separations.edges",
      one,
      tensor("separationEdges", [2], 1, 3),
      "3 numbers (3 edges of bins)",
      "2",
    ],
    [
      "separationEdges",
      one,
      (_, t) => t.delete("separationEdges"),
      "one dimension",
      "no such tensor",
    ],
    [
      "separationEdges",
      one,
      tensor("separationEdges", [3, 1], 1, 2, 3),
      "one dimension",
      "shape [3,1]",
    ],
    [
      "separations.counts",
      one,
      tensor("separationCounts", [2], 1, -1),
      "a finite number from 0",
      "-1",
    ],
    ["weights0", one, tensor("weights0", [3], 1, 2, 3), "shape [3,1]", "shape [3]"],
    ["weights0", one, tensor("weights0", [1, 3], 1, 2, 3), "shape [3,1]", "shape [1,3]"],
    ["biases0", one, tensor("biases0", [3], Number.NaN, 2, 3), "finite numbers", "NaN at index 0"],
    [
      "config.coupling",
      one,
      put("coupling", undefined),
      "none, mass-product, charge-product",
      "undefined",
    ],
    ["config.activation", one, put("activation", undefined), "squareplus", "undefined"],
    ["config.hidden", one, put("hidden", { 0: 3 }), "an array", '{"0":3}'],
    ["config.inputScale", lnn, put("inputScale", "1"), "a finite number above 0", '"1"'],
    ["config.inputScale", lnn, put("inputScale", 0), "a finite number above 0", "0"],
    [
      "config.energyScale",
      lnn,
      text((json) => json.replace('"energyScale":2', '"energyScale":1e999')),
      "plain JSON of finite numbers",
      "Infinity",
    ],
    ["config.dimension", lnn, put("dimension", 1), "2 or 3", "1"],
    ["config.particles", lnn, put("particles", 0), "a whole number from 1", "0"],
    ["config.particles", lnn, put("particles", 1.5), "a whole number from 1", "1.5"],
    [
      "config.uncertainty",
      sure,
      put("uncertainty", 1),
      "an object with clusters, variance, likelihood",
      "1",
    ],
    [
      "config.uncertainty.clusters",
      sure,
      put("uncertainty.clusters", 0),
      "a whole number from 1",
      "0",
    ],
    [
      "config.uncertainty.variance",
      sure,
      put("uncertainty.variance", "1"),
      "a finite number",
      '"1"',
    ],
    [
      "posteriorKnots1",
      sure,
      (_, t) => t.delete("posteriorKnots1"),
      "one dimension",
      "no such tensor",
    ],
    [
      "posteriorCoefficients",
      sure,
      (_, t) => t.delete("posteriorCoefficients"),
      "one dimension",
      "no such tensor",
    ],
    ["posteriorFactor", sure, tensor("posteriorFactor", [1], 1), "shape [9,9]", "shape [1]"],
    ["variance", sure, put("uncertainty.variance", -1), "a number from 0", "-1"],
    ["config.x", several, put("x", 1), "lawKind, laws, kind, record only", "a field"],
    ["config.lawKind", several, put("lawKind", "lnn"), "mclnn, spline", '"lnn"'],
    ["config.lawKind", several, put("lawKind", undefined), "mclnn, spline", "undefined"],
    ["config.laws", several, put("laws", { length: 1 }), "an array", '{"length":1}'],
    ["laws", several, put("laws", []), LAWS, "none"],
    [
      "config.laws[1]",
      several,
      put("laws.1", null),
      "an object with hidden, activation, coupling, ranges, cutoff, uncertainty",
      "null",
    ],
    [
      "config.laws[0].x",
      several,
      put("laws.0.x", 1),
      "hidden, activation, coupling, ranges, cutoff, uncertainty, species only",
      "a field",
    ],
    ["laws[0].species", several, put("laws.0.species", "00"), "an array of numbers", '"00"'],
    ["laws", several, put("laws.0.species", [0]), SPECIES, "[0]"],
    ["laws", several, put("laws.0.species", [0, 1, 2]), SPECIES, "[0, 1, 2]"],
    ["laws", several, put("laws.0.species", [0, 1.5]), SPECIES, "[0, 1.5]"],
    [
      "laws[0].species",
      several,
      put("laws.0.species", [0, "1"]),
      "finite numbers",
      '"1" at index 1',
    ],
    ["laws", several, put("laws.0.species", [-1, 0]), SPECIES, "[-1, 0]"],
    ["laws", several, put("laws.1.species", [1, 0]), LAWS, "mclnn 0-0, mclnn 1-0"],
    ["law1.biases0", several, (_, t) => t.delete("law1.biases0"), "shape [3]", "no such tensor"],
    ["law2.biases0", several, tensor("law2.biases0", [1], 1), "no such tensor", "a tensor"],
  ])("%s, case %#", (argument, model, change, expected, got) => {
    const bytes = spoilt(model, change);
    const [code, ...rest] = refusal(bytes);
    expect([code, rest]).toEqual(["bad-model", [argument, expected, got]]);
  });

  it("config: none at all, though its sum may be right", () => {
    const { tensors, metadata } = decodeSafetensors(encodeModel(one));
    const bare = new Map(metadata);
    bare.delete("config");
    for (const sum of [undefined, createHash("sha256").update("").digest("hex")]) {
      bare.delete("configSha256");
      if (sum !== undefined) bare.set("configSha256", sum);
      const [code, ...rest] = refusal(encodeSafetensors(tensors, bare));
      expect([code, rest]).toEqual(["bad-model", ["config", "JSON text", "nothing"]]);
    }
  });

  it("by a name of its own where it has none", () => {
    expect(() => decodeModel(new Uint8Array(3))).toThrow(/^model is not a safetensors file/);
    const bytes = encodeSafetensors(new Map(), new Map([["a", "b"]]));
    expect(() => decodeModel(bytes)).toThrow(/^model is not a model file/);
    expect(() => decodeModel(new Uint8Array(3), { source: "x" })).toThrow(/^x is not/);
  });

  it("what a maker refuses is said of the file; what is a mistake of ours is not", () => {
    const cause = new MclnnError("no", { code: "bad-shape", expected: "this", got: "that" });
    const thrown = (error: Error) => () =>
      saidOf("m", () => {
        throw error;
      });
    expect(thrown(cause)).toThrow(
      expect.objectContaining({
        ...{ code: "bad-model", argument: "model", expected: "this", got: "that", cause },
        message: expect.stringContaining("m does not hold a usable model (model)"),
      }),
    );
    const ours = new TypeError("ours");
    expect(thrown(ours)).toThrow(ours);
  });
});

describe("a record is nested at most 100 deep", () => {
  /** An object in an object, so many levels below the record. */
  const nested = (levels: number): object =>
    levels === 1 ? { end: 1 } : { a: nested(levels - 1) };
  const withNote = (levels: number): Model =>
    network({ record: { ...record, note: nested(levels) as never } });

  it("what is written is read, and one level more is neither", () => {
    const deepest = withNote(100);
    expect(contents(decodeModel(encodeModel(deepest)))).toEqual(contents(deepest));
    const got = "nesting deeper than 100";
    expect(() => encodeModel(withNote(101))).toThrow(
      expect.objectContaining({ code: "bad-record", got }),
    );
    const [code, , , found] = refusal(spoilt(one, put("record.note", nested(101))));
    expect([code, found]).toEqual(["bad-model", got]);
  });
});

describe("a model is not written", () => {
  const broken = (changes: object): Model => ({ ...one, ...changes }) as Model;
  it.each<[string, Model, object]>([
    [
      "with a weight that is not a number",
      broken({ weights: one.weights.with(0, Number.NaN) }),
      { code: "not-finite", kind: "failure", argument: "weights0", got: "NaN at index 0" },
    ],
    [
      "with a range that JSON would change",
      broken({ separations: { ...separations, ranges: [[1, Number.NaN]] } }),
      { code: "bad-record", argument: "config.ranges[0][1]", got: "NaN" },
    ],
    [
      "with a record that holds numbers in an array of them",
      broken({ record: { ...record, note: Float64Array.of(1) } }),
      { code: "bad-record", argument: "record.note", got: "object" },
    ],
    [
      "with a record that holds a date",
      broken({ record: { ...record, note: [new Date(0)] } }),
      { code: "bad-record", argument: "record.note[0]", got: "object" },
    ],
  ])("%s", (_, model, error) => {
    expect(() => encodeModel(model)).toThrow(expect.objectContaining(error));
  });
});
