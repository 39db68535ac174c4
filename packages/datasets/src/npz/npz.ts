import { decodeNpy, encodeNpy, type NpyArray, type NpyData } from "./npy.ts";
import { decodeZip, encodeZip, type ZipLimits } from "./zip.ts";

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
    const key = name.replace(/\.npy$/, "");
    out.set(key, decodeNpy(contents, `${key} of ${source}`));
  }
  return out;
}

/** Writes arrays as NPZ; `numpy.load` reads it without pickle. A bare typed array is one-dimensional. */
export function encodeNpz(
  entries: Readonly<Record<string, NpzEntry | NpyData>> | ReadonlyMap<string, NpzEntry | NpyData>,
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
  );
}
