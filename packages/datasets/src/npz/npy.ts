import { MclnnError } from "@mclnn/physics";

/** Data types that arrays are kept in after reading. */
export type NpyData = Float64Array | Int32Array | Uint8Array;

/** An array of an NPY or NPZ file, in C order. */
export interface NpyArray {
  /** As the file names it, for example `<f8`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MAX_HEADER = 65_536;
const MAX_DIMENSIONS = 16;

interface Kind {
  readonly bytes: number;
  readonly make: (n: number) => NpyData;
  readonly read: (view: DataView, offset: number, little: boolean) => number | null;
}

const FLOATS = (n: number): Float64Array => new Float64Array(n);
const INTEGERS = (n: number): Int32Array => new Int32Array(n);
const BYTES = (n: number): Uint8Array => new Uint8Array(n);

/** Types that are read, without their byte order. An int64 that float64 does not hold exactly is refused (`null`). */
const KINDS: ReadonlyMap<string, Kind> = /* @__PURE__ */ new Map<string, Kind>([
  ["f8", { bytes: 8, make: FLOATS, read: (v, o, little) => v.getFloat64(o, little) }],
  ["f4", { bytes: 4, make: FLOATS, read: (v, o, little) => v.getFloat32(o, little) }],
  ["i4", { bytes: 4, make: INTEGERS, read: (v, o, little) => v.getInt32(o, little) }],
  [
    "i8",
    {
      bytes: 8,
      make: FLOATS,
      read: (v, o, little) => {
        const x = Number(v.getBigInt64(o, little));
        return Number.isSafeInteger(x) ? x : null;
      },
    },
  ],
  ["u1", { bytes: 1, make: BYTES, read: (v, o) => v.getUint8(o) }],
  ["b1", { bytes: 1, make: BYTES, read: (v, o) => v.getUint8(o) }],
]);

function refuse(source: string, expected: string, got: string, mend?: string): MclnnError {
  return new MclnnError(`${source} is not an array that can be read`, {
    code: "bad-npy",
    argument: source,
    expected,
    got,
    ...(mend === undefined ? {} : { mend }),
  });
}

/** Reads one NPY array; big endian and Fortran order are converted. @param source - what to call it in errors */
export function decodeNpy(bytes: Uint8Array, source: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || MAGIC.some((b, k) => bytes[k] !== b))
    throw refuse(source, "a NumPy array (\\x93NUMPY)", "something else");
  const version = bytes[6] as number;
  if (version < 1 || version > 3)
    throw refuse(source, "NPY version 1, 2 or 3", `version ${version}`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw refuse(source, "a whole header", "the end of the file");
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER || start + length > bytes.length)
    throw refuse(
      source,
      `a header of at most ${MAX_HEADER} bytes inside the file`,
      `${length} bytes`,
    );
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  const { descr, fortran, shape } = parseHeader(header, source);
  const [order, code] = [descr.slice(0, 1), descr.slice(1)];
  if (code.startsWith("O") || descr.startsWith("["))
    throw refuse(
      source,
      "numbers",
      `objects or records (${descr})`,
      "Save plain arrays of numbers.",
    );
  const kind = KINDS.get(code);
  // One byte has no order (|); two and more have to say theirs.
  if (kind === undefined || !(kind.bytes === 1 ? "|<>" : "<>").includes(order))
    throw refuse(
      source,
      "float64, float32, int32, int64, uint8 or bool",
      `dtype ${descr}`,
      "Convert with .astype('float64').",
    );
  let n = 1;
  for (const d of shape) n *= d;
  const expected = start + length + n * kind.bytes;
  if (!Number.isSafeInteger(n) || expected !== bytes.length)
    throw refuse(
      source,
      `${n} values of ${kind.bytes} bytes for shape (${shape.join(", ")})`,
      `${bytes.length - start - length} bytes`,
    );
  const little = order !== ">";
  const values = kind.make(n);
  for (let k = 0, o = start + length; k < n; k++, o += kind.bytes) {
    const x = kind.read(view, o, little);
    if (x === null)
      throw refuse(
        source,
        "whole numbers below 2^53",
        `${view.getBigInt64(o, little)} at index ${k}`,
        "Convert with .astype('float64').",
      );
    values[k] = x;
  }
  return { dtype: descr, shape, data: fortran ? toC(values, shape, kind.make(n)) : values };
}

/** What a header says. */
interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** A header is a dictionary of three keys in any order; a comma may follow the last. Parsed by these patterns, never evaluated. */
const ENTRY = /\s*'(descr|fortran_order|shape)'\s*:\s*/y;
const VALUES = {
  descr: /'([^']*)'|(\[.*\])/y,
  fortran_order: /(True|False)/y,
  shape: /\(((?:\s*\d+L?\s*,)*(?:\s*\d+L?)?\s*)\)/y,
} as const;
const NEXT = /\s*(?:,|(?=\}))/y;
const CLOSE = /\s*\}\s*$/y;

/** Reads a header: `{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }`. */
function parseHeader(header: string, source: string): Header {
  let at = 0;
  /** The groups of a pattern at the place reached, which moves behind it. */
  const take = (pattern: RegExp): RegExpExecArray => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match === null)
      throw refuse(
        source,
        "a header {'descr': ..., 'fortran_order': ..., 'shape': (...)}",
        `${JSON.stringify(header.slice(0, 80))}, wrong from character ${at}`,
      );
    at = pattern.lastIndex;
    return match;
  };
  take(/\s*\{/y);
  const found = new Map<string, string>();
  while (found.size < 3) {
    const [, key = ""] = take(ENTRY);
    if (found.has(key)) throw refuse(source, "each key once", `'${key}' twice`);
    const [, value, records] = take(VALUES[key as keyof typeof VALUES]);
    // Stryker disable next-line BooleanLiteral,ArrayDeclaration: records are refused, whatever else they are
    if (records !== undefined) return { descr: records, fortran: false, shape: [] };
    found.set(key, value ?? "");
    take(NEXT);
  }
  take(CLOSE);
  const listed = found.get("shape") as string;
  const shape = listed
    .split(",")
    // Stryker disable next-line MethodExpression: Number() passes over blanks
    .map((size) => size.trim().replace("L", ""))
    .filter((size) => size !== "")
    .map(Number);
  if (/^\s*\d+L?\s*$/.test(listed))
    throw refuse(source, "a shape that is a tuple, as (3,)", `(${listed})`);
  if (shape.length > MAX_DIMENSIONS || !shape.every(Number.isSafeInteger))
    throw refuse(source, `at most ${MAX_DIMENSIONS} dimensions below 2^53`, `(${listed})`);
  return {
    descr: found.get("descr") as string,
    fortran: found.get("fortran_order") === "True",
    shape,
  };
}

/** Fortran order to C order. */
function toC(values: NpyData, shape: readonly number[], out: NpyData): NpyData {
  const index = new Array<number>(shape.length).fill(0);
  for (let k = 0; k < out.length; k++) {
    let at = 0;
    for (let d = shape.length - 1; d >= 0; d--)
      at = at * (shape[d] as number) + (index[d] as number);
    out[k] = values[at] as number;
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d] = (index[d] as number) + 1;
      if ((index[d] as number) < (shape[d] as number)) break;
      index[d] = 0;
    }
  }
  return out;
}

/** Writes one array as NPY 1.0: little endian, C order, header padded to 64 bytes. */
export function encodeNpy({
  shape,
  data,
}: {
  shape: readonly number[];
  data: NpyData;
}): Uint8Array {
  const count = shape.reduce((n, d) => n * d, 1);
  if (count !== data.length)
    throw new MclnnError("an array cannot be written", {
      code: "bad-shape",
      argument: "shape",
      expected: `${data.length} values`,
      got: `shape (${shape.join(", ")})`,
    });
  const descr = data instanceof Float64Array ? "<f8" : data instanceof Int32Array ? "<i4" : "|u1";
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const out = new Uint8Array(10 + header.length + data.length * data.BYTES_PER_ELEMENT);
  const view = new DataView(out.buffer);
  out.set([...MAGIC, 1, 0]);
  view.setUint16(8, header.length, true);
  out.set(new TextEncoder().encode(header), 10);
  let o = 10 + header.length;
  if (data instanceof Uint8Array) out.set(data, o);
  else
    for (const x of data) {
      if (data instanceof Float64Array) view.setFloat64(o, x, true);
      else view.setInt32(o, x, true);
      o += data.BYTES_PER_ELEMENT;
    }
  return out;
}
