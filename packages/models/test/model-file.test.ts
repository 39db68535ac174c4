import { createHash } from "node:crypto";
import { createRandom } from "@mclnn/datasets";
import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { decodeModel } from "../src/files/decode-model.ts";
import { encodeModel } from "../src/files/encode-model.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/files/safetensors.ts";
import { createLnnModel } from "../src/laws/lnn.ts";
import { createMclnnModel } from "../src/laws/mclnn.ts";
import type { MclnnModel, Model, TrainingRecord } from "../src/laws/model.ts";
import { createSplineModel } from "../src/laws/spline.ts";
import { spoilt } from "./spoilt-model.ts";

const random = createRandom(11);
const normal = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());

const record: TrainingRecord = {
  seed: 100,
  trainLoss: 1e-9 / 3,
  validationLoss: null,
  iterations: 12,
  reachedTarget: true,
  optimizer: "auto",
  dt: 0.01,
  stride: 10,
  data: { made: ["Größe", 1 / 3, true, null], nested: { deep: -1e-300 } },
};
const separations = {
  ranges: [
    [0.603, 2.03],
    [5.92, 12.000000000000002],
  ] as const,
  edges: Float64Array.of(0.603, 4, 12),
  counts: Float64Array.of(10, 3),
};

const models: readonly Model[] = [
  createMclnnModel({
    hidden: [10, 10],
    weights: normal(141),
    coupling: "mass-product",
    separations,
    record,
  }),
  createMclnnModel({ hidden: [3], weights: normal(10), separations, record }),
  createSplineModel({
    knots: [Float64Array.of(0.6, 1, 1.4, 2.1), Float64Array.of(5.9, 8, 12.1)],
    coefficients: normal(11),
    coupling: "none",
    separations,
    record,
  }),
  createLnnModel({
    particles: 4,
    dimension: 2,
    masses: Float64Array.of(1, 2, 3, 1 / 3),
    hidden: [6, 5, 4],
    weights: normal(8 * 6 + 6 + 30 + 5 + 20 + 4 + 4),
    centre: normal(8),
    inputScale: 0.1 + 0.2,
    energyScale: 1 / 7,
    record,
  }),
];

/** Everything in a model but its functions. */
const plain = (model: Model): unknown => {
  const { potential: _, ...rest } = model;
  if (rest.kind === "species" || rest.kind === "lnn") return rest;
  const { pair, table, ...numbers } = rest;
  return { ...numbers, pair: pair.name, table: [table.name, table.reach] };
};

function refusal(bytes: Uint8Array): string {
  try {
    decodeModel(bytes, { source: "m.safetensors" });
  } catch (error) {
    if (!isMclnnError(error)) throw error;
    expect(error.message).toContain("m.safetensors");
    return `${error.code} ${error.argument}`;
  }
  return "accepted";
}

describe("model files", () => {
  for (const model of models)
    it(`give back every bit of a ${model.kind} of ${model.parameterCount} numbers`, () => {
      const bytes = encodeModel(model);
      const back = decodeModel(bytes, { source: "test" });
      expect(plain(back)).toEqual(plain(model));
      expect(encodeModel(back)).toEqual(bytes);
      if (model.kind === "lnn") {
        const q = normal(8);
        const bodies = { masses: model.masses, dimension: model.dimension };
        expect(back.potential.energy?.(bodies, q)).toBe(model.potential.energy?.(bodies, q));
      } else if ("pair" in back && "pair" in model)
        for (const r of [0.5, 1.1, 3, 7, 20]) expect(back.pair.slope(r)).toBe(model.pair.slope(r));
    });

  it("hold what interfaces promise: format, version, config, sha256 of the tensor bytes", () => {
    const { metadata, tensorBytes, tensors } = decodeSafetensors(encodeModel(models[0] as Model), {
      source: "test",
    });
    expect([...metadata.keys()]).toEqual(["format", "version", "config", "sha256", "configSha256"]);
    expect([metadata.get("format"), metadata.get("version")]).toEqual(["mclnn-model", "1"]);
    expect(metadata.get("sha256")).toBe(createHash("sha256").update(tensorBytes).digest("hex"));
    expect(JSON.parse(metadata.get("config") as string)).toMatchObject({
      kind: "mclnn",
      hidden: [10, 10],
      activation: "squareplus",
      coupling: "mass-product",
      ranges: separations.ranges,
      record,
    });
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ["weights0", [10, 1]],
      ["biases0", [10]],
      ["weights1", [10, 10]],
      ["biases1", [10]],
      ["weights2", [1, 10]],
      ["biases2", [1]],
      ["separationEdges", [3]],
      ["separationCounts", [2]],
    ]);
  });

  it("notice every flipped bit of the numbers", () => {
    const bytes = encodeModel(models[3] as Model);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let at = 8 + length; at < bytes.length; at += 7) {
      const copy = bytes.slice();
      copy[at] = (copy[at] as number) ^ (1 << (at % 8));
      expect(refusal(copy)).toBe("wrong-checksum sha256");
    }
  });

  const [mclnn, , spline, lnn] = models as [Model, Model, Model, Model];
  const mclnnConfig = decodeSafetensors(encodeModel(mclnn)).metadata.get("config");
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
  type Change = Parameters<typeof spoilt>[1];
  const set =
    (field: string, value: unknown): Change =>
    (config) => {
      config[field] = value;
    };
  const setRecord =
    (field: string, value: unknown): Change =>
    (config) => {
      (config.record as Record<string, unknown>)[field] = value;
    };
  const rows: readonly [what: string, model: Model, change: Change, code: string][] = [
    ["no format", mclnn, (_, __, m) => m.delete("format"), "not-a-model format"],
    ["another format", mclnn, (_, __, m) => m.set("format", "pt"), "not-a-model format"],
    ["a newer version", mclnn, (_, __, m) => m.set("version", "3"), "wrong-version version"],
    ["a wrong sum", mclnn, (_, __, m) => m.set("sha256", "00"), "wrong-checksum sha256"],
    ["extra metadata", mclnn, (_, __, m) => m.set("x", "1"), "bad-model metadata.x"],
    ["broken config", mclnn, (_, __, m) => m.set("config", "{"), "bad-model config"],
    ["a list for a config", mclnn, (_, __, m) => m.set("config", "[]"), "bad-model config.kind"],
    [
      "a record with a number beyond all numbers",
      mclnn,
      (_, __, m) => m.set("config", (mclnnConfig as string).replace('"made":[', '"made":[1e999,')),
      "bad-model config.record.data.made[0]",
    ],
    [
      "a record nested 101 deep",
      mclnn,
      setRecord("deep", nested(101)),
      `bad-model ${`config.record.deep${".a".repeat(101)}`.slice(0, 80)}`,
    ],
    [
      "a config nested 200,000 deep",
      mclnn,
      (_, __, m) => m.set("config", "[".repeat(200_000) + "]".repeat(200_000)),
      `bad-model ${`config${"[0]".repeat(101)}`.slice(0, 80)}`,
    ],
    ["an unknown kind", mclnn, set("kind", "gnn"), "bad-model config.kind"],
    ["an unknown field", mclnn, set("bias", 1), "bad-model config.bias"],
    ["another activation", mclnn, set("activation", "tanh"), "bad-model config.activation"],
    ["widths of text", mclnn, set("hidden", ["10"]), "bad-model hidden"],
    ["no widths", mclnn, set("hidden", undefined), "bad-model config.hidden"],
    ["widths that the weights contradict", mclnn, set("hidden", [10, 9]), "bad-model weights1"],
    ["an unknown coupling", mclnn, set("coupling", "spin"), "bad-model config.coupling"],
    [
      "ranges that overlap",
      mclnn,
      set("ranges", [
        [1, 3],
        [2, 4],
      ]),
      "bad-model separations.ranges",
    ],
    ["ranges of text", mclnn, set("ranges", [["1", 3]]), "bad-model separations.ranges"],
    ["no record", mclnn, set("record", null), "bad-model config.record"],
    ["a seed of text", mclnn, setRecord("seed", "1"), "bad-model config.record.seed"],
    ["no loss", mclnn, setRecord("trainLoss", null), "bad-model config.record.trainLoss"],
    ["a negative dt", mclnn, setRecord("dt", -0.01), "bad-model config.record.dt"],
    ["a broken stride", mclnn, setRecord("stride", 0.5), "bad-model config.record.stride"],
    ["a missing tensor", mclnn, (_, t) => t.delete("biases0"), "bad-model biases0"],
    [
      "an extra tensor",
      mclnn,
      (_, t) => t.set("biases9", { shape: [1], data: Float64Array.of(1) }),
      "bad-model biases9",
    ],
    [
      "a weight that is not a number",
      mclnn,
      (_, t) => t.set("biases2", { shape: [1], data: Float64Array.of(Number.NaN) }),
      "bad-model biases2",
    ],
    [
      "bins without edges",
      mclnn,
      (_, t) => t.set("separationEdges", { shape: [1], data: Float64Array.of(1) }),
      "bad-model separations.edges",
    ],
    ["fewer clusters than tensors", spline, set("clusters", 1), "bad-model coefficients"],
    ["no clusters", spline, set("clusters", 0), "bad-model config.clusters"],
    [
      "knots that do not increase",
      spline,
      (_, t) => t.set("knots1", { shape: [3], data: Float64Array.of(5, 4, 6) }),
      "bad-model knots[1]",
    ],
    [
      "a coefficient too few",
      spline,
      (_, t) => t.set("coefficients", { shape: [10], data: normal(10) }),
      "bad-model coefficients",
    ],
    ["another particle number", lnn, set("particles", 5), "bad-model weights0"],
    ["four dimensions", lnn, set("dimension", 4), "bad-model config.dimension"],
    ["a scale of 0", lnn, set("inputScale", 0), "bad-model config.inputScale"],
    [
      "a mass of 0",
      lnn,
      (_, t) => t.set("masses", { shape: [4], data: Float64Array.of(1, 1, 1, 0) }),
      "bad-model masses",
    ],
    [
      "a centre of another shape",
      lnn,
      (_, t) => t.set("centre", { shape: [8], data: normal(8) }),
      "bad-model centre",
    ],
  ];
  for (const [what, model, change, code] of rows)
    it(`refuse ${what} in a ${model.kind}: ${code}`, () => {
      expect(refusal(spoilt(model, change))).toBe(code);
    });

  it("refuse a configuration that is not what was written", () => {
    const { tensors, metadata } = decodeSafetensors(encodeModel(mclnn), { source: "test" });
    const text = metadata.get("config") as string;
    const changed = text.replace(/"seed":\d/, '"seed":9');
    expect(changed).not.toBe(text);
    const bytes = encodeSafetensors(tensors, new Map([...metadata, ["config", changed]]));
    expect(refusal(bytes)).toBe("wrong-checksum configSha256");
  });

  it("refuse to be written with numbers that are not", () => {
    const { separations } = mclnn as MclnnModel;
    const broken = separations.edges.map((x, k) => (k === 1 ? Number.NaN : x));
    const model = { ...mclnn, separations: { ...separations, edges: broken } } as Model;
    expect(() => encodeModel(model)).toThrow("expected finite numbers, got NaN at index 1");
  });

  it("refuse to be written with a record that JSON would change", () => {
    for (const [value, path] of [
      [Number.NaN, "record.note"],
      [Number.POSITIVE_INFINITY, "record.note"],
      [[1, undefined], "record.note[1]"],
      [{ f: () => 0 }, "record.note.f"],
    ] as const) {
      const model = { ...(models[0] as Model), record: { ...record, note: value as never } };
      try {
        encodeModel(model as Model);
        expect.unreachable();
      } catch (error) {
        expect(isMclnnError(error) && [error.code, error.argument]).toEqual(["bad-record", path]);
      }
    }
  });
});
