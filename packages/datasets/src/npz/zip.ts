import { MclnnError } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";
import { Inflate } from "fflate";
import { crc32 } from "./crc-32.ts";

/** Bounds on what is read, whatever the file says about itself. */
export interface ZipLimits {
  /** Bytes of all entries after inflating. Default 32 MiB and 16 for each byte of the file: numbers that were recorded deflate less. */
  readonly maxBytes?: number;
  /** Default 1,000. */
  readonly maxEntries?: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const ZIP64 = 0xffffffff;
/** Compressed bytes inflated before sizes are looked at again. */
const SLICE = 4096;

/**
 * Reads a zip archive strictly: one central directory at the end, entries stored or deflated, names plain and unique, no overlap, CRC-32
 * and size of each entry checked. Sizes are limited while inflating, not by what the headers say.
 *
 * @throws MclnnError `bad-zip`; `bad-option` for limits that are none
 */
export function decodeZip(
  bytes: Uint8Array,
  source: string,
  { maxBytes = 2 ** 25 + 16 * bytes.length, maxEntries = 1000 }: ZipLimits = {},
): Map<string, Uint8Array> {
  checkLimit("maxBytes", maxBytes);
  checkLimit("maxEntries", maxEntries);
  const archive: Archive = {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    refuse: (expected, got, mend) =>
      new MclnnError(`${source} is not a zip archive that can be read`, {
        code: "bad-zip",
        argument: source,
        expected,
        got,
        ...(mend === undefined ? {} : { mend }),
      }),
  };
  const found = readDirectory(archive, readEnd(archive, maxEntries), maxBytes);
  // Before anything is copied: what does not overlap is no more than the file.
  const places = [...found.values()].sort((a, b) => a.local - b.local);
  places.forEach(({ local }, k) => {
    if (k > 0 && local < (places[k - 1] as Entry).end)
      throw archive.refuse("entries that do not overlap", "overlapping ones");
  });
  const out = new Map<string, Uint8Array>();
  for (const [name, entry] of found) out.set(name, unpack(archive, name, entry));
  return out;
}

/** The bytes of a file, and the error for what is wrong with them. */
interface Archive {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly refuse: (expected: string, got: string, mend?: string) => MclnnError;
}

/** Where the directory lies. */
interface Directory {
  readonly entries: number;
  readonly at: number;
  readonly end: number;
}

/** Where the contents of an entry lie, and what they must be. */
interface Entry {
  readonly local: number;
  readonly data: number;
  readonly end: number;
  readonly method: number;
  readonly unpacked: number;
  readonly crc: number;
}

function checkLimit(argument: string, limit: number): void {
  if (typeof limit !== "number" || !(limit >= 0))
    throw new MclnnError(`${argument} cannot be used`, {
      code: "bad-option",
      argument,
      expected: "a number from 0",
      got: described(limit),
    });
}

/** What the end record says of the directory. */
function readEnd({ bytes, view, refuse }: Archive, maxEntries: number): Directory {
  const end = findEnd(view);
  if (end < 0)
    throw refuse(
      "a zip archive (NPZ)",
      bytes.length === 0 ? "an empty file" : "something else, or a file cut short",
    );
  const entries = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const at = view.getUint32(end + 16, true);
  if (entries === 0xffff || size === ZIP64 || at === ZIP64)
    throw refuse("an archive below 4 GiB", "a zip64 archive");
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== entries)
    throw refuse("one archive in one file", "a part of several");
  if (at + size !== end)
    throw refuse("a directory right before its end", "bytes between, or a size that is wrong");
  if (entries > maxEntries) throw refuse(`at most ${maxEntries} entries`, `${entries}`);
  return { entries, at, end };
}

/** The end record, with no or a true-length comment. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--)
    if (
      view.getUint32(at, true) === END &&
      at + 22 + view.getUint16(at + 20, true) === view.byteLength
    )
      return at;
  return -1;
}

/** The entries by name, each with its place checked; together at most `maxBytes`. */
function readDirectory(
  archive: Archive,
  directory: Directory,
  maxBytes: number,
): Map<string, Entry> {
  const { view, refuse } = archive;
  const { entries, end } = directory;
  const found = new Map<string, Entry>();
  let left = maxBytes;
  let at = directory.at;
  for (let k = 0; k < entries; k++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL)
      throw refuse(`entry ${k} in the directory`, "something else");
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end)
      throw refuse(`entry ${k} inside the directory`, "an entry that reaches beyond it");
    const name = readName(archive.bytes.subarray(at + 46, nameEnd));
    if (name === null || found.has(name))
      throw refuse(
        "plain and unique entry names",
        name === null ? "a name that is no plain file name" : `"${name}" twice`,
      );
    const entry = readEntry(archive, directory.at, at, name);
    const { method, unpacked } = entry;
    const packed = entry.end - entry.data;
    if (unpacked > left)
      throw refuse(
        `at most ${maxBytes} bytes of arrays`,
        `more in "${name}"`,
        "If you trust the file, save it without compression: np.savez.",
      );
    if (method === 0 && packed !== unpacked)
      throw refuse(`${unpacked} bytes in "${name}"`, `${packed}`);
    left -= unpacked;
    found.set(name, entry);
    at = next;
  }
  if (at !== end) throw refuse("as many entries as the directory says", "bytes left over");
  return found;
}

/**
 * What the directory says of one entry, where the entry's own header agrees.
 *
 * @param directory - where it begins: contents end before it
 * @param at - where in it the entry stands
 */
function readEntry(
  { bytes, view, refuse }: Archive,
  directory: number,
  at: number,
  name: string,
): Entry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const unpacked = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if ((flags & 0x2041) !== 0) throw refuse("entries that are not encrypted", `"${name}", which is`);
  if (method !== 0 && method !== 8)
    throw refuse("stored or deflated entries", `method ${method} for "${name}"`);
  if (packed === ZIP64 || unpacked === ZIP64 || local === ZIP64)
    throw refuse("entries below 4 GiB", `zip64 for "${name}"`);
  if (local + 30 > directory || view.getUint32(local, true) !== LOCAL)
    throw refuse(`the contents of "${name}"`, "something else where the directory points");
  const nameEnd = local + 30 + view.getUint16(local + 26, true);
  const data = nameEnd + view.getUint16(local + 28, true);
  if (data + packed > directory)
    throw refuse(`the contents of "${name}" before the directory`, "contents that reach into it");
  const localName = readName(bytes.subarray(local + 30, nameEnd));
  if (localName !== name || view.getUint16(local + 8, true) !== method)
    throw refuse(`"${name}" as its directory entry says`, "a header of its own that differs");
  return { local, data, end: data + packed, method, unpacked, crc };
}

/** The contents of an entry, with the size and the checksum that it says. */
function unpack(
  { bytes, refuse }: Archive,
  name: string,
  { data, end, method, unpacked, crc }: Entry,
): Uint8Array {
  const packed = bytes.subarray(data, end);
  const contents = method === 0 ? packed.slice() : inflate(packed, unpacked);
  if (contents === null || contents.length !== unpacked)
    throw refuse(
      `${unpacked} bytes in "${name}"`,
      contents === null ? "more, or damaged contents" : `${contents.length}`,
    );
  if (crc32(contents) !== crc)
    throw refuse(
      `contents of "${name}" with the checksum they were written with`,
      "damaged contents",
    );
  return contents;
}

/** A plain file name: no folders, drives or control characters, no leading dot. */
export const isPlainName = (name: string): boolean =>
  /^[\p{L}\p{N}_][\p{L}\p{N}_ .+-]*$/u.test(name) && !name.includes("..") && name.length <= 255;

/** The name, where it is a plain one; else null. */
function readName(bytes: Uint8Array): string | null {
  let name: string;
  try {
    name = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  return isPlainName(name) ? name : null;
}

/** Inflates to exactly `size` bytes; null for more, or damage. */
function inflate(packed: Uint8Array, size: number): Uint8Array | null {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const stream = new Inflate((chunk) => {
    total += chunk.length;
    if (total <= size) chunks.push(chunk);
  });
  try {
    for (let at = 0; at < packed.length; at += SLICE) {
      stream.push(packed.subarray(at, at + SLICE), at + SLICE >= packed.length);
      if (total > size) return null;
    }
  } catch {
    return null;
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
