import { MclnnError } from "@mclnn/physics";
import { deflateSync } from "fflate";
import { crc32 } from "./crc-32.ts";
import { isPlainName } from "./zip.ts";

const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** Version 2.0: deflate. */
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** 1 January 1980, the first day that zip knows: the same contents give the same bytes at any time. */
const DATE = 0x0021;

/**
 * Writes a zip archive, entries in the order given, stored or deflated.
 *
 * @param deflate - compress entries; slower, and trajectories shrink little. Default false
 * @throws MclnnError `bad-zip` for names that a strict reader refuses, and for 4 GiB or more
 */
export function encodeZip(
  entries: ReadonlyMap<string, Uint8Array>,
  { deflate = false }: { deflate?: boolean } = {},
): Uint8Array {
  const parts = [...entries].map(([name, contents]) => {
    if (!isPlainName(name)) throw refuse("plain entry names", JSON.stringify(name));
    return {
      name: new TextEncoder().encode(name),
      crc: crc32(contents),
      size: contents.length,
      data: deflate ? deflateSync(contents, { level: 6 }) : contents,
    };
  });
  let total = END_BYTES;
  for (const { name, data } of parts)
    total += LOCAL_BYTES + CENTRAL_BYTES + 2 * name.length + data.length;
  // Stryker disable next-line all: archives of 4 GiB are not made in tests
  if (parts.length >= 0xffff || total >= 2 ** 32 - 1 || parts.some((p) => p.size >= 2 ** 32 - 1))
    throw refuse("fewer than 65,535 entries and 4 GiB", `${parts.length} entries, ${total} bytes`);

  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  const method = deflate ? 8 : 0;
  let at = 0;
  /** The fields that local and central headers share, from the version on. */
  const common = (offset: number, { name, crc, size, data }: (typeof parts)[number]): void => {
    view.setUint16(offset, VERSION, true);
    view.setUint16(offset + 2, FLAGS, true);
    view.setUint16(offset + 4, method, true);
    view.setUint16(offset + 8, DATE, true);
    view.setUint32(offset + 10, crc, true);
    view.setUint32(offset + 14, data.length, true);
    view.setUint32(offset + 18, size, true);
    view.setUint16(offset + 22, name.length, true);
  };
  const starts = parts.map((part) => {
    const start = at;
    view.setUint32(at, 0x04034b50, true);
    common(at + 4, part);
    out.set(part.name, at + LOCAL_BYTES);
    out.set(part.data, at + LOCAL_BYTES + part.name.length);
    at += LOCAL_BYTES + part.name.length + part.data.length;
    return start;
  });
  const directory = at;
  parts.forEach((part, k) => {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, VERSION, true);
    common(at + 6, part);
    view.setUint32(at + 42, starts[k] as number, true);
    out.set(part.name, at + CENTRAL_BYTES);
    at += CENTRAL_BYTES + part.name.length;
  });
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, parts.length, true);
  view.setUint16(at + 10, parts.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return out;
}

function refuse(expected: string, got: string): MclnnError {
  return new MclnnError("the archive cannot be written", {
    code: "bad-zip",
    argument: "entries",
    expected,
    got,
  });
}
