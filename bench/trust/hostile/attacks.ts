import { encodeNpz } from "@mclnn/datasets";
import { encodeSafetensors } from "@mclnn/models";
import { zipBomb } from "./bombs.ts";
import type { Format } from "./format.ts";
import { npz } from "./npz.ts";
import { states } from "./state-files.ts";
import { checkpoints, joined, models, signed } from "./tensor-files.ts";

/** A file made to hurt, and the longest it may take to be refused, in milliseconds. */
export interface Attack {
  readonly name: string;
  readonly format: Format;
  readonly patience: number;
  make(): Uint8Array;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Deeper than any stack. */
const DEEP = 200_000;
const nested = `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`;
const nestedObjects = `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`;

/** SHA-256 of nothing: a file without tensors has it. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const metadata = (entries: Record<string, string>): Uint8Array =>
  encodeSafetensors(new Map(), new Map(Object.entries(entries)));

/** A million particles, two of them at one point: pairs could not be gone through. */
function crowd(): Uint8Array {
  const n = 1_000_000;
  const positions = Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? k % 1000 : k));
  positions.copyWithin(2 * n - 2, 0, 2);
  return encodeNpz({
    positions: { shape: [1, 1, n, 2], data: positions },
    times: { shape: [1], data: Float64Array.of(0) },
    masses: { shape: [n], data: new Float64Array(n).fill(1) },
  });
}

const bomb = (claimed: number) => () => zipBomb(10 * 2 ** 30, claimed);
const deepProvenance = () =>
  encodeNpz({
    positions: { shape: [1, 1, 2, 2], data: Float64Array.of(0, 0, 1, 1) },
    times: { shape: [1], data: Float64Array.of(0) },
    masses: { shape: [2], data: Float64Array.of(1, 1) },
    provenance: { shape: [nested.length], data: text(nested) },
  });
const stateOf = (masses: string) => () =>
  text(`{"masses":${masses},"positions":[],"velocities":[]}`);
const deepModel = () =>
  metadata({ format: "mclnn-model", version: "1", config: nested, sha256: EMPTY });
const deepCheckpoint = () => {
  const known = { format: "mclnn-checkpoint", version: "1", config: "{}" };
  return signed(metadata({ ...known, state: nestedObjects, sha256: "0".repeat(64) }), "file");
};

/** Milliseconds, but where it is said. */
const PATIENCE = 1000;

export const attacks: readonly Attack[] = (
  [
    ["a bomb of 10 GB that says 4 GB", npz, bomb(2 ** 32)],
    ["a bomb of 10 GB that says 1 MB", npz, bomb(2 ** 20)],
    ["a bomb of 10 GB that says as much as is let pass", npz, bomb(2 ** 25)],
    ["a million particles, two at one point", npz, crowd, 5000],
    ["provenance nested 200,000 deep", npz, deepProvenance],
    ["a state nested 200,000 deep", states, () => text(nested)],
    ["masses nested 200,000 deep", states, stateOf(nested)],
    ["masses of objects nested 200,000 deep", states, stateOf(`[${nestedObjects}]`)],
    ["a model whose configuration is nested 200,000 deep", models, deepModel],
    ["a checkpoint whose state is nested 200,000 deep", checkpoints, deepCheckpoint],
    ["a header of tensors nested 200,000 deep", models, () => joined(text(nested))],
  ] satisfies [string, Format, () => Uint8Array, number?][]
).map(([name, format, make, patience = PATIENCE]) => ({ name, format, make, patience }));
