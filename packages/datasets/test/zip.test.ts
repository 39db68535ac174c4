import { crc32, deflateRawSync } from "node:zlib";
import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { decodeZip, isPlainName, type ZipLimits } from "../src/npz/zip.ts";
import { encodeZip } from "../src/npz/zip-writer.ts";

/** What the headers of an entry say; the local header the same where nothing else is given. */
interface Part {
  name: string | Uint8Array;
  packed: Uint8Array;
  unpacked: number;
  crc: number;
  method: number;
  flags: number;
  localName: string | Uint8Array;
  localMethod: number;
  localExtra: number;
  extra: number;
  comment: number;
  /** Where the directory says that it lies, and how long. */
  at: number;
  packedSaid: number;
  signature: number;
  localSignature: number;
}

/** What the end record says, where it is not the truth. */
interface End {
  disk: number;
  here: number;
  entries: number;
  size: number;
  directory: number;
  commentSaid: number;
  comment: Uint8Array;
  /** Bytes between contents and directory, and between directory and end: fewer than none cuts the directory. */
  before: number;
  after: number;
}

const text = (name: string | Uint8Array): Uint8Array =>
  typeof name === "string" ? new TextEncoder().encode(name) : name;
const number = (bytes: 2 | 4, value: number): number[] =>
  Array.from({ length: bytes }, (_, k) => (value / 256 ** k) & 255);
const nothing = (length: number): number[] => new Array<number>(length).fill(0);

/** An archive, byte by byte after APPNOTE.TXT, with whatever is wrong in it. */
function archive(parts: readonly Partial<Part>[], end: Partial<End> = {}): Uint8Array {
  const out: number[] = [];
  const directory: number[] = [];
  for (const part of parts) {
    const packed = part.packed ?? Uint8Array.of(1, 2, 3);
    const at = out.length;
    const name = part.name ?? "a";
    const localName = part.localName ?? name;
    const method = part.method ?? 0;
    const { flags = 0, unpacked = packed.length, crc = crc32(packed) } = part;
    const sizes = [
      ...number(4, crc),
      ...number(4, part.packedSaid ?? packed.length),
      ...number(4, unpacked),
    ];
    out.push(
      ...number(4, part.localSignature ?? 0x04034b50),
      ...[...number(2, 20), ...number(2, flags), ...number(2, part.localMethod ?? method)],
      ...[...nothing(4), ...sizes],
      ...[...number(2, text(localName).length), ...number(2, part.localExtra ?? 0)],
      ...[...text(localName), ...nothing(part.localExtra ?? 0), ...packed],
    );
    directory.push(
      ...number(4, part.signature ?? 0x02014b50),
      ...[...number(2, 20), ...number(2, 20), ...number(2, flags), ...number(2, method)],
      ...[...nothing(4), ...sizes],
      ...[...number(2, text(name).length), ...number(2, part.extra ?? 0)],
      ...[...number(2, part.comment ?? 0), ...nothing(8), ...number(4, part.at ?? at)],
      ...[...text(name), ...nothing(part.extra ?? 0), ...nothing(part.comment ?? 0)],
    );
  }
  out.push(...nothing(end.before ?? 0));
  const comment = end.comment ?? new Uint8Array(0);
  if (end.after !== undefined && end.after < 0) directory.splice(end.after);
  const tail = [
    ...number(4, 0x06054b50),
    ...[...number(2, end.disk ?? 0), ...number(2, 0)],
    ...number(2, end.here ?? end.entries ?? parts.length),
    ...number(2, end.entries ?? parts.length),
    ...number(4, end.size ?? directory.length),
    ...number(4, end.directory ?? out.length),
    ...number(2, end.commentSaid ?? comment.length),
  ];
  return Uint8Array.from([
    ...out,
    ...directory,
    ...nothing(Math.max(0, end.after ?? 0)),
    ...tail,
    ...comment,
  ]);
}

const read = (bytes: Uint8Array, limits?: ZipLimits) => decodeZip(bytes, "x.zip", limits);
const deflated = (contents: Uint8Array): Partial<Part> => ({
  packed: deflateRawSync(contents),
  unpacked: contents.length,
  crc: crc32(contents),
  method: 8,
});
const ABC = Uint8Array.of(1, 2, 3);
/** Contents as deflate writes what it cannot shrink: a block that says how long it is. @param last - whether it says that it is the last */
const block = (contents: Uint8Array, last = true): Partial<Part> => ({
  packed: Uint8Array.of(
    ...[Number(last), ...number(2, contents.length), ...number(2, 0xffff - contents.length)],
    ...contents,
  ),
  unpacked: contents.length,
  crc: crc32(contents),
  method: 8,
});
/** Neither short nor compressible: several slices go into the inflater. */
let drawn = 1;
const NOISE = Uint8Array.from({ length: 30_000 }, () => {
  drawn = (drawn * 48271) % 2147483647;
  return drawn >> 7;
});

describe("archives that are read", () => {
  it.each<[string, Uint8Array, Record<string, Uint8Array>]>([
    ["no entries", archive([]), {}],
    ["one stored", archive([{}]), { a: ABC }],
    ["one stored, empty", archive([{ packed: new Uint8Array(0) }]), { a: new Uint8Array(0) }],
    ["one deflated", archive([deflated(ABC)]), { a: ABC }],
    ["one deflated, empty", archive([deflated(new Uint8Array(0))]), { a: new Uint8Array(0) }],
    ["one deflated, of several slices", archive([deflated(NOISE)]), { a: NOISE }],
    [
      "one deflated, of two whole slices",
      archive([block(NOISE.subarray(0, 2 * 4096 - 5))]),
      { a: NOISE.subarray(0, 2 * 4096 - 5) },
    ],
    [
      "three, in the order of the directory",
      archive([{ name: "b" }, { name: "a", ...deflated(NOISE) }, { name: "c" }]),
      { b: ABC, a: NOISE, c: ABC },
    ],
    [
      "extra fields of both headers and a comment of an entry",
      archive([{ localExtra: 5, extra: 7, comment: 9 }, { name: "b" }]),
      { a: ABC, b: ABC },
    ],
    [
      "two, listed the other way round than they lie",
      archive([
        { name: "a", localName: "b", at: 34 },
        { name: "b", localName: "a", at: 0 },
      ]),
      { a: ABC, b: ABC },
    ],
    ["UTF-8 flag and descriptor flag", archive([{ flags: 0x0808 }]), { a: ABC }],
    ["a comment", archive([{}], { comment: Uint8Array.of(80, 75, 5, 6) }), { a: ABC }],
    [
      "the longest comment, full of ends that are none",
      archive([{}], {
        comment: Uint8Array.from({ length: 65535 }, (_, k) => [80, 75, 5, 6][k % 4] as number),
      }),
      { a: ABC },
    ],
  ])("%s", (_, bytes, expected) => {
    const found = read(bytes);
    expect([...found.keys()]).toEqual(Object.keys(expected));
    for (const [name, contents] of found) expect(contents).toEqual(expected[name]);
  });

  it("contents are the reader's own", () => {
    const bytes = archive([{}]);
    const found = read(bytes).get("a");
    bytes.fill(0);
    expect(found).toEqual(ABC);
  });

  it("at a limit that is just kept: 6 bytes, 2 entries", () => {
    const bytes = archive([{}, { name: "b" }]);
    expect(read(bytes, { maxBytes: 6, maxEntries: 2 }).size).toBe(2);
    expect(read(archive([]), { maxBytes: 0, maxEntries: 0 }).size).toBe(0);
  });

  it("up to 32 MiB and 16 for each byte of the file, where no limit is given", () => {
    const claiming = (unpacked: number) => archive([{ ...deflated(ABC), unpacked }]);
    const most = 2 ** 25 + 16 * claiming(0).length;
    expect(() => read(claiming(most))).toThrow(/bytes in "a", got 3/);
    expect(() => read(claiming(most + 1))).toThrow(`at most ${most} bytes of arrays`);
  });
});

describe("archives that are refused as bad-zip, with what was expected", () => {
  const FULL = 0xffffffff;
  const nested = archive([{ name: "b" }]).subarray(0, 34);
  it.each<[string, Uint8Array, RegExp, ZipLimits?]>([
    ["nothing", new Uint8Array(0), /a zip archive \(NPZ\), got an empty file/],
    ["21 bytes", archive([]).subarray(1), /got something else/],
    ["a comment that is too short", archive([], { commentSaid: 1 }), /got something else/],
    [
      "a comment that is too long",
      archive([], { comment: Uint8Array.of(1), commentSaid: 0 }),
      /got something else/,
    ],
    ["65,535 entries", archive([], { entries: 0xffff }), /below 4 GiB, got a zip64/],
    ["a directory of 4 GiB", archive([], { size: FULL }), /below 4 GiB, got a zip64/],
    ["a directory at 4 GiB", archive([], { directory: FULL }), /below 4 GiB, got a zip64/],
    ["a second disk", archive([{}], { disk: 1 }), /one archive in one file/],
    ["entries on another disk", archive([{}], { here: 0 }), /one archive in one file/],
    ["bytes behind the directory", archive([{}], { after: 1 }), /a directory right before its end/],
    ["a directory too short", archive([{}], { size: 46 }), /a directory right before its end/],
    ["bytes before the archive", Uint8Array.from([0, ...archive([{}])]), /right before its end/],
    [
      "an entry too many for the limit",
      archive([{}]),
      /at most 0 entries, got 1/,
      { maxEntries: 0 },
    ],
    ["an entry that is missing", archive([{}], { entries: 2 }), /entry 1 in the directory/],
    ["an entry without its signature", archive([{ signature: 1 }]), /entry 0 in the directory/],
    ["an entry too many", archive([{}, { name: "b" }], { entries: 1 }), /as many entries as/],
    [
      "a directory too short for its one entry",
      archive([], { before: 45, entries: 1, size: 45, directory: 0 }),
      /entry 0 in the directory/,
    ],
    [
      "an entry that reaches beyond the directory",
      archive([{ extra: 1 }], { size: 47, after: -1 }),
      /entry 0 inside the directory/,
    ],
    ["a name twice", archive([{}, {}]), /plain and unique entry names, got "a" twice/],
    ["a name in a folder", archive([{ name: "a/b" }]), /plain and unique/],
    ["a name that is no UTF-8", archive([{ name: Uint8Array.of(0xff) }]), /plain and unique/],
    ["no name", archive([{ name: "" }]), /plain and unique/],
    ["an encrypted entry", archive([{ flags: 1 }]), /not encrypted/],
    ["a strongly encrypted entry", archive([{ flags: 0x40 }]), /not encrypted/],
    ["masked headers", archive([{ flags: 0x2000 }]), /not encrypted/],
    ["another method", archive([{ method: 12 }]), /stored or deflated entries, got method 12/],
    ["4 GiB packed", archive([{ packedSaid: FULL }]), /entries below 4 GiB/],
    ["4 GiB unpacked", archive([{ unpacked: FULL }]), /entries below 4 GiB/],
    ["contents at 4 GiB", archive([{ at: FULL }]), /entries below 4 GiB/],
    ["contents behind the directory", archive([{ at: 60 }]), /the contents of "a"/],
    ["contents in the directory", archive([{ at: 5 }]), /the contents of "a"/],
    ["contents without their signature", archive([{ localSignature: 1 }]), /the contents of "a"/],
    [
      "contents that reach into the directory",
      archive([{ packedSaid: 4, unpacked: 4 }]),
      /the contents of "a" before the directory/,
    ],
    ["another name at the contents", archive([{ localName: "b" }]), /"a" as its directory entry/],
    ["another method at the contents", archive([{ localMethod: 8 }]), /"a" as its directory entry/],
    ["a byte more than allowed", archive([{}]), /at most 2 bytes/, { maxBytes: 2 }],
    [
      "a byte more than allowed in two",
      archive([{}, { name: "b" }]),
      /at most 5 bytes of arrays, got more in "b"/,
      { maxBytes: 5 },
    ],
    ["a stored entry of two sizes", archive([{ unpacked: 2 }]), /2 bytes in "a", got 3/],
    [
      "entries that overlap",
      archive([{ packed: nested }, { name: "b", at: 31, localName: "b" }]),
      /do not overlap/,
    ],
    ["a wrong checksum", archive([{ crc: 1 }]), /with the checksum they were written with/],
    [
      "deflated contents with a wrong checksum",
      archive([{ ...deflated(NOISE), crc: 1 }]),
      /checksum/,
    ],
    [
      "a byte more than said",
      archive([{ ...deflated(ABC), unpacked: 2 }]),
      /2 bytes in "a", got more/,
    ],
    ["a byte less than said", archive([{ ...deflated(ABC), unpacked: 4 }]), /4 bytes in "a", got/],
    [
      "contents that come to no end",
      archive([block(ABC, false)]),
      /3 bytes in "a", got more, or damaged/,
    ],
    [
      "two whole slices that come to no end",
      archive([block(NOISE.subarray(0, 2 * 4096 - 5), false)]),
      /bytes in "a", got more, or damaged/,
    ],
    [
      "contents that do not inflate",
      archive([{ ...deflated(ABC), packed: Uint8Array.of(7, 7, 7) }]),
      /got more, or damaged/,
    ],
  ])("%s", (_, bytes, message, limits) => {
    let caught: unknown;
    try {
      read(bytes, limits);
    } catch (error) {
      caught = error;
    }
    expect(isMclnnError(caught) && [caught.code, caught.argument]).toEqual(["bad-zip", "x.zip"]);
    expect(String(caught)).toMatch(message);
  });

  it.each(["maxBytes", "maxEntries"])("%s that is no limit is a bad-option", (argument) => {
    for (const limit of [-1, Number.NaN, "5" as never])
      expect(() => read(archive([]), { [argument]: limit })).toThrow(
        expect.objectContaining({ code: "bad-option", argument }),
      );
  });
});

describe("names", () => {
  it.each(["a", "A.npy", "_", "0", "a b", "a+b", "a-b", "\u00e9", "a.", "x".repeat(255)])(
    "%j is plain",
    (name) => {
      expect(isPlainName(name)).toBe(true);
    },
  );
  it.each([
    "",
    " a",
    ".a",
    "-a",
    "+a",
    "a/b",
    "a\\b",
    "a:b",
    "a..b",
    "..",
    "a\u0000",
    "a\n",
    "x".repeat(256),
  ])("%j is not", (name) => {
    expect(isPlainName(name)).toBe(false);
  });
});

describe("archives that are written", () => {
  const contents = new Map([
    ["first", ABC],
    ["second one", NOISE],
    ["third", new Uint8Array(0)],
  ]);

  it("stored: the bytes of APPNOTE.TXT, dated 1 January 1980", () => {
    const expected = archive(
      [...contents].map(([name, packed]) => ({ name, packed, flags: 0x0800 })),
    );
    const view = new DataView(expected.buffer);
    // The day, behind method and time of either header.
    for (let at = 0; at + 4 <= expected.length; at++) {
      const signature = view.getUint32(at, true);
      if (signature === 0x04034b50) view.setUint16(at + 12, 0x21, true);
      if (signature === 0x02014b50) view.setUint16(at + 14, 0x21, true);
    }
    expect(encodeZip(contents)).toEqual(expected);
  });

  it("deflated: smaller where that is possible, and read back", () => {
    const zeros = new Map([["zeros", new Uint8Array(10_000)]]);
    const bytes = encodeZip(zeros, { deflate: true });
    expect(bytes.length).toBeLessThan(200);
    expect(read(bytes)).toEqual(zeros);
    expect(read(encodeZip(contents, { deflate: true }))).toEqual(contents);
  });

  it("refuse names that the reader refuses, and 65,535 entries", () => {
    expect(() => encodeZip(new Map([["a/b", ABC]]))).toThrow(
      expect.objectContaining({ code: "bad-zip", argument: "entries" }),
    );
    const many = new Map(Array.from({ length: 65535 }, (_, k) => [`${k}`, new Uint8Array(0)]));
    expect(() => encodeZip(many)).toThrow(
      expect.objectContaining({ code: "bad-zip", argument: "entries" }),
    );
    many.delete("0");
    // End record 22 bytes, headers 76, and each name twice.
    const names = [...many.keys()].reduce((sum, name) => sum + name.length, 0);
    expect(encodeZip(many).length).toBe(22 + 76 * 65534 + 2 * names);
  });
});
