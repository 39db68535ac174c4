/** A TrueType font as PDF embeds it: glyphs of characters, their widths, and a copy that holds only those that are used. */
export interface TrueType {
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  /** [xMin, yMin, xMax, yMax] */
  readonly box: readonly number[];
  /** 0, the box of what is missing, for a character that the font does not have. */
  glyphOf(codePoint: number): number;
  /** In units of the em. */
  widthOf(glyph: number): number;
  /** The font with the outlines of these glyphs only; numbers of glyphs stay. */
  subset(glyphs: Iterable<number>): Uint8Array;
}

/** What a reader of PDF needs of a font. */
const KEPT = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];
/** Flags of a compound glyph's parts. */
const [WORDS, SCALE, MORE, TWO_SCALES, MATRIX] = [0x1, 0x8, 0x20, 0x40, 0x80];

/** Reads a font. @param bytes - of a file .ttf, OpenType 1.8, with a table of characters of format 4 */
export function readTrueType(bytes: Uint8Array): TrueType {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, { start: number; length: number }>();
  for (let k = 0; k < view.getUint16(4); k++) {
    const at = 12 + 16 * k;
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
    tables.set(tag, { start: view.getUint32(at + 8), length: view.getUint32(at + 12) });
  }
  const start = (tag: string): number => {
    const table = tables.get(tag);
    if (table === undefined) throw new Error(`the font has no table ${tag}`);
    return table.start;
  };
  const [head, hhea, hmtx] = [start("head"), start("hhea"), start("hmtx")];
  const long = view.getInt16(head + 50) === 1;
  const glyphs = view.getUint16(start("maxp") + 4);
  const widths = view.getUint16(hhea + 34);
  const place = (glyph: number): number =>
    long
      ? view.getUint32(start("loca") + 4 * glyph)
      : 2 * view.getUint16(start("loca") + 2 * glyph);

  /** Glyphs that a compound one is made of. */
  const parts = (glyph: number): number[] => {
    const at = start("glyf") + place(glyph);
    if (place(glyph + 1) === place(glyph) || view.getInt16(at) >= 0) return [];
    const found: number[] = [];
    for (let part = at + 10, more = true; more; ) {
      const flags = view.getUint16(part);
      found.push(view.getUint16(part + 2));
      part += 4 + (flags & WORDS ? 4 : 2);
      part += flags & SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & MATRIX ? 8 : 0;
      more = (flags & MORE) !== 0;
    }
    return found;
  };

  return {
    unitsPerEm: view.getUint16(head + 18),
    ascent: view.getInt16(hhea + 4),
    descent: view.getInt16(hhea + 6),
    box: [36, 38, 40, 42].map((at) => view.getInt16(head + at)),
    glyphOf: charactersOf(view, start("cmap")),
    widthOf: (glyph) => view.getUint16(hmtx + 4 * Math.min(glyph, widths - 1)),
    subset(wanted) {
      const used = new Set([0, ...wanted]);
      for (const glyph of used) for (const part of parts(glyph)) used.add(part);
      const outlines: Uint8Array[] = [];
      const loca = new DataView(new ArrayBuffer(4 * (glyphs + 1)));
      let at = 0;
      for (let glyph = 0; glyph < glyphs; glyph++) {
        loca.setUint32(4 * glyph, at);
        if (!used.has(glyph)) continue;
        const from = start("glyf") + place(glyph);
        const outline = bytes.subarray(from, from + place(glyph + 1) - place(glyph));
        outlines.push(outline);
        at += outline.length;
      }
      loca.setUint32(4 * glyphs, at);
      const own = new Map<string, Uint8Array>();
      for (const tag of KEPT) {
        const table = tables.get(tag);
        if (table !== undefined) own.set(tag, bytes.slice(table.start, table.start + table.length));
      }
      own.set("glyf", joined(outlines));
      own.set("loca", new Uint8Array(loca.buffer));
      // Places are four bytes long now.
      const header = own.get("head") as Uint8Array;
      header.set([0, 1], 50);
      return fontFile(own);
    },
  };
}

/** The glyph of a character, by the table of format 4: those of the basic plane. */
function charactersOf(view: DataView, cmap: number): (codePoint: number) => number {
  for (let k = 0; k < view.getUint16(cmap + 2); k++) {
    const table = cmap + view.getUint32(cmap + 8 + 8 * k);
    if (view.getUint16(table) !== 4) continue;
    const segments = view.getUint16(table + 6) / 2;
    const [ends, starts] = [table + 14, table + 16 + 2 * segments];
    const [deltas, offsets] = [starts + 2 * segments, starts + 4 * segments];
    return (code) => {
      for (let s = 0; s < segments; s++) {
        if (code > view.getUint16(ends + 2 * s)) continue;
        const first = view.getUint16(starts + 2 * s);
        if (code < first) return 0;
        const delta = view.getUint16(deltas + 2 * s);
        const offset = view.getUint16(offsets + 2 * s);
        if (offset === 0) return (code + delta) & 0xffff;
        const glyph = view.getUint16(offsets + 2 * s + offset + 2 * (code - first));
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
      }
      return 0;
    };
  }
  throw new Error("the font has no table of characters of format 4");
}

/** Tables as one file, each at a multiple of four bytes. */
function fontFile(tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const count = tables.size;
  const power = Math.floor(Math.log2(count));
  const directory = new DataView(new ArrayBuffer(12 + 16 * count));
  directory.setUint32(0, 0x00010000);
  directory.setUint16(4, count);
  directory.setUint16(6, 16 * (1 << power));
  directory.setUint16(8, power);
  directory.setUint16(10, 16 * (count - (1 << power)));
  const bodies: Uint8Array[] = [];
  let at = directory.byteLength;
  [...tables].forEach(([tag, table], k) => {
    const padded = new Uint8Array(4 * Math.ceil(table.length / 4));
    padded.set(table);
    for (let c = 0; c < 4; c++) directory.setUint8(12 + 16 * k + c, tag.charCodeAt(c));
    directory.setUint32(16 + 16 * k, checksum(padded));
    directory.setUint32(20 + 16 * k, at);
    directory.setUint32(24 + 16 * k, table.length);
    bodies.push(padded);
    at += padded.length;
  });
  return joined([new Uint8Array(directory.buffer), ...bodies]);
}

function checksum(table: Uint8Array): number {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  let sum = 0;
  for (let k = 0; k < table.length; k += 4) sum = (sum + view.getUint32(k)) >>> 0;
  return sum;
}

/** Pieces one after another. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
