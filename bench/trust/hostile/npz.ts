import {
  decodeTrajectorySet,
  encodeTrajectorySet,
  type Random,
  type TrajectorySet,
} from "@mclnn/datasets";
import { strToU8, unzipSync, zipSync } from "fflate";
import type { Format } from "./format.ts";
import { mutated, mutatedText } from "./mutation.ts";

const SET: TrajectorySet = {
  trajectories: 2,
  records: 3,
  particles: 2,
  dimension: 2,
  masses: Float64Array.of(1, 2),
  charges: Float64Array.of(1, -1),
  species: Int32Array.of(0, 1),
  times: Float64Array.of(0, 0.5, 1),
  positions: Float64Array.from({ length: 24 }, (_, k) => k / 7),
  velocities: Float64Array.from({ length: 24 }, (_, k) => -k / 3),
  observed: Uint8Array.of(1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0),
  provenance: { made: "here", dt: 0.1 },
};

const stored = encodeTrajectorySet(SET);

const NAMES = [
  ...["positions.npy", "../positions.npy", "/etc/passwd", "C:\\positions.npy", "__proto__.npy"],
  ...["positions.npy\u0000.txt", "observed.npy", "lengths.npy", "provenance.npy", "a/b.npy"],
  ...[".npy", "positions"],
];

/** Trajectories as NPZ. Crafted files have checksums and sizes in order, and arrays, headers or names that are not. */
export const npz: Format = {
  name: "trajectories (NPZ)",
  valid: [stored, zipSync(unzipSync(stored), { level: 6 })],
  read: (bytes) => decodeTrajectorySet(bytes, { source: "data.npz" }),
  write: (value) => encodeTrajectorySet(value as TrajectorySet),
  craft(bytes, random) {
    const entries = Object.entries(unzipSync(bytes)) as [string, Uint8Array<ArrayBuffer>][];
    const at = random.integer(entries.length);
    const [name, contents] = entries[at];
    const ways = [
      () => entries.splice(at, 1, [NAMES[random.integer(NAMES.length)], contents]),
      () => entries.splice(at, 1, [name, Uint8Array.from(mutated(contents, random))]),
      () => entries.splice(at, 1, [name, withHeader(contents, random)]),
      () => entries.splice(at, 1),
    ];
    ways[random.integer(4)]();
    return zipSync(Object.fromEntries(entries), { level: random.integer(8) === 0 ? 1 : 0 });
  },
};

/** An NPY array whose header says something else, of the right length. */
function withHeader(contents: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const length = contents[8] + 256 * contents[9];
  const text = new TextDecoder().decode(contents.subarray(10, 10 + length));
  const header = strToU8(mutatedText(text, random));
  const out = new Uint8Array(10 + header.length + contents.length - 10 - length);
  out.set(contents.subarray(0, 8));
  out[8] = header.length & 0xff;
  out[9] = header.length >>> 8;
  out.set(header, 10);
  out.set(contents.subarray(10 + length), 10 + header.length);
  return out;
}
