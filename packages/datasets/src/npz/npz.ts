import { MclnnError } from "@mclnn/physics";
import { decodeNpy, encodeNpy, type NpyArray, type NpyData } from "./npy.ts";
import { decodeZip, type ZipLimits } from "./zip.ts";
import { encodeZip } from "./zip-writer.ts";

/** An array to write. */
export interface NpzEntry {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

/**
 * Reads all arrays of an NPZ file, by key.
 *
 * @param source - what to call the file in errors
 * @throws MclnnError `bad-zip`, `bad-npy`
 */
export function decodeNpz(
  bytes: Uint8Array,
  { source = "data", ...limits }: { source?: string } & ZipLimits = {},
): Map<string, NpyArray> {
  const out = new Map<string, NpyArray>();
  for (const [name, contents] of decodeZip(bytes, source, limits)) {
    if (!name.endsWith(".npy"))
      throw new MclnnError(`${source} is not an NPZ file that can be read`, {
        code: "bad-npy",
        argument: source,
        expected: "entries that end in .npy",
        got: `"${name}"`,
      });
    const key = name.slice(0, -".npy".length);
    out.set(key, decodeNpy(contents, `${key} of ${source}`));
  }
  return out;
}

/**
 * Writes arrays as NPZ, the same bytes for the same arrays; `numpy.load` reads it without pickle. A bare typed array is one-dimensional.
 *
 * @param deflate - compress, as `numpy.savez_compressed` does. Default false
 * @throws MclnnError `bad-shape` where shape and data disagree, `bad-zip` for keys that are no plain file names, or 4 GiB and more
 */
export function encodeNpz(
  entries: Readonly<Record<string, NpzEntry | NpyData>> | ReadonlyMap<string, NpzEntry | NpyData>,
  { deflate = false }: { deflate?: boolean } = {},
): Uint8Array {
  const list =
    entries instanceof Map ? [...entries] : Object.entries(entries as Record<string, NpzEntry>);
  return encodeZip(
    new Map(
      list.map(([key, value]) => [
        `${key}.npy`,
        encodeNpy("shape" in value ? value : { shape: [value.length], data: value }),
      ]),
    ),
    { deflate },
  );
}
