import { createHash } from "node:crypto";
import type { Random } from "@mclnn/datasets";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "@mclnn/learning/parts";
import {
  createMclnnModel,
  createSpeciesModel,
  createSplineModel,
  decodeModel,
  encodeModel,
  type Model,
} from "@mclnn/models";
import type { Format } from "./format.ts";
import { mutated, mutatedText } from "./mutation.ts";

const record = {
  seed: 1,
  trainLoss: 1e-9,
  validationLoss: null,
  iterations: 3,
  reachedTarget: true,
  optimizer: "auto",
  dt: 0.01,
  stride: 10,
  data: { made: "here" },
};
const separations = {
  ranges: [[0.5, 2] as const],
  edges: Float64Array.of(0.5, 1, 2),
  counts: Float64Array.of(3, 4),
};
const network = createMclnnModel({
  hidden: [2],
  weights: Float64Array.from({ length: 7 }, (_, k) => k / 3),
  separations,
  record,
});
const spline = createSplineModel({
  knots: [Float64Array.of(0.5, 1, 2)],
  coefficients: Float64Array.of(1, 2, 3, 4, 5),
  separations,
  record,
});
const species = createSpeciesModel({ laws: [{ species: [0, 0], model: spline }], record });

/** Model files. Crafted ones have a checksum that is right, and a header or numbers that are not. */
export const models: Format = {
  name: "models (safetensors)",
  valid: [network, spline, species].map((model) => encodeModel(model as Model)),
  read: (bytes) => decodeModel(bytes, { source: "law.safetensors" }),
  write: (value) => encodeModel(value as Model),
  craft: (bytes, random) => signed(tampered(bytes, random), "tensors"),
};

/** Checkpoints of trainings. */
export const checkpoints: Format = {
  name: "checkpoints (safetensors)",
  valid: [
    encodeCheckpoint({
      config: { seed: 1, data: "abc" },
      state: {
        iteration: 3,
        stage: "adam",
        values: { parameters: Float64Array.of(1, 2), nested: [{ moment: 0.1 }, null, "x", true] },
        log: { iterations: Float64Array.of(1, 2), losses: Float64Array.of(0.5, 0.25) },
        clock: { seconds: 1.5, log: Float64Array.of(0.5, 1) },
      },
    }),
    encodeCheckpoint({ config: {}, state: null }),
  ],
  read: (bytes) => decodeCheckpoint(bytes, { source: "latest.checkpoint" }),
  write: (value) => encodeCheckpoint(value as Checkpoint),
  craft: (bytes, random) => signed(tampered(bytes, random), "file"),
};

const headerLength = (bytes: Uint8Array): number =>
  Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));

/** A file whose header's text, or whose numbers, are changed. */
function tampered(bytes: Uint8Array, random: Random): Uint8Array {
  const length = headerLength(bytes);
  const numbers = bytes.slice(8 + length);
  if (random.integer(4) === 0) return joined(bytes.slice(8, 8 + length), mutated(numbers, random));
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd();
  const inner = random.integer(2) === 0 ? insideConfig(text, random) : mutatedText(text, random);
  return joined(new TextEncoder().encode(inner), numbers);
}

/** The header with a change in the JSON that its metadata hold as text. */
function insideConfig(text: string, random: Random): string {
  const header = JSON.parse(text) as { __metadata__: Record<string, string> };
  const keys = Object.keys(header.__metadata__).filter((key) => key !== "sha256");
  const key = keys[random.integer(keys.length)];
  header.__metadata__[key] = mutatedText(header.__metadata__[key], random);
  return JSON.stringify(header);
}

/** A file of a header and numbers. */
export function joined(header: Uint8Array, numbers: Uint8Array = new Uint8Array()): Uint8Array {
  const out = new Uint8Array(8 + header.length + numbers.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true);
  out.set(header, 8);
  out.set(numbers, 8 + header.length);
  return out;
}

/** With the checksums that it ought to have: of its tensors and its configuration, or of the whole file with zeros for the sum. */
export function signed(bytes: Uint8Array, of: "tensors" | "file"): Uint8Array {
  const length = headerLength(bytes);
  let text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const numbers = bytes.slice(8 + length);
  const put = (key: string, sum: string): void => {
    text = text.replace(new RegExp(`"${key}":"[0-9a-f]{64}"`), `"${key}":"${sum}"`);
  };
  if (of === "tensors") {
    put("sha256", sha256(numbers));
    const config = /"config":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
    if (config !== undefined) put("configSha256", sha256(textOf(config)));
  } else {
    put("sha256", "0".repeat(64));
    put("sha256", sha256(joined(new TextEncoder().encode(text), numbers)));
  }
  return joined(new TextEncoder().encode(text), numbers);
}

/** What a text of JSON says; as it stands where a mutation broke its escapes, so that no sum can be right. */
function textOf(json: string): string {
  try {
    return JSON.parse(json) as string;
  } catch {
    return json;
  }
}

function sha256(contents: Uint8Array | string): string {
  return createHash("sha256").update(contents).digest("hex");
}
