import { MclnnError } from "@mclnn/physics";
import { checkArgument, described } from "@mclnn/physics/arguments";
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
 * @param options - `source`: what to call the file in errors
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-zip`, `bad-npy`
 */
export function decodeNpz(
  bytes: Uint8Array,
  options: { source?: string } & ZipLimits = {},
): Map<string, NpyArray> {
  checkArgument("bytes", bytes, "bytes", {
    mend: "new Uint8Array(buffer) makes one of an ArrayBuffer.",
  });
  checkArgument("options", options, { source: "text?" });
  const { source = "data", ...limits } = options;
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
 * @param options - `deflate`: compress, as `numpy.savez_compressed` does. Default false
 * @throws MclnnError `bad-argument`, `bad-shape` where shape and data disagree, `bad-zip` for keys that are no plain file names, or 4 GiB and more
 */
export function encodeNpz(
  entries: Readonly<Record<string, NpzEntry | NpyData>> | ReadonlyMap<string, NpzEntry | NpyData>,
  options: { deflate?: boolean } = {},
): Uint8Array {
  checkArgument("entries", entries, {});
  checkArgument("options", options, { deflate: "flag?" });
  const { deflate = false } = options;
  const list =
    entries instanceof Map ? [...entries] : Object.entries(entries as Record<string, NpzEntry>);
  return encodeZip(
    new Map(
      list.map(([key, value]) => [`${key}.npy`, encodeNpy(checkedEntry(`entries.${key}`, value))]),
    ),
    { deflate },
  );
}

/** Types that are written. */
const WRITTEN = ["Float64Array", "Int32Array", "Uint8Array"];

/** Shape and data of an array, which is one of a type that is written. */
function checkedEntry(argument: string, entry: NpzEntry | NpyData): NpzEntry {
  checkArgument(argument, entry, {});
  const value = "shape" in entry ? entry : { shape: [entry.length], data: entry };
  if (!WRITTEN.includes((value.data as NpyData | undefined)?.[Symbol.toStringTag] ?? ""))
    throw new MclnnError(`${argument} cannot be written`, {
      code: "bad-argument",
      argument,
      expected: `data of type ${WRITTEN.join(", ")}`,
      got: described(value.data),
      mend: "Float64Array.from(numbers) makes one.",
    });
  checkArgument(`${argument}.shape`, value.shape, "numbers");
  return { shape: Array.from(value.shape), data: value.data };
}
