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
  readonly read: (view: DataView, offset: number, little: boolean) => number;
}

const FLOATS = (n: number): Float64Array => new Float64Array(n);
const INTEGERS = (n: number): Int32Array => new Int32Array(n);
const BYTES = (n: number): Uint8Array => new Uint8Array(n);

/** Types that are read; wider ones are refused where they would lose something. */
const KINDS: Readonly<Record<string, Kind>> = {
  f8: { bytes: 8, make: FLOATS, read: (v, o, little) => v.getFloat64(o, little) },
  f4: { bytes: 4, make: FLOATS, read: (v, o, little) => v.getFloat32(o, little) },
  i4: { bytes: 4, make: INTEGERS, read: (v, o, little) => v.getInt32(o, little) },
  i8: { bytes: 8, make: FLOATS, read: (v, o, little) => Number(v.getBigInt64(o, little)) },
  u1: { bytes: 1, make: BYTES, read: (v, o) => v.getUint8(o) },
  b1: { bytes: 1, make: BYTES, read: (v, o) => v.getUint8(o) },
};

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
  const [order = "", code = ""] = [descr[0], descr.slice(1)];
  if (code.startsWith("O") || descr.includes("["))
    throw refuse(
      source,
      "numbers",
      `objects or records (${descr})`,
      "Save plain arrays of numbers.",
    );
  const kind = KINDS[code];
  if (kind === undefined || !"<>|=".includes(order))
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
  for (let k = 0, o = start + length; k < n; k++, o += kind.bytes)
    values[k] = kind.read(view, o, little);
  return { dtype: descr, shape, data: fortran ? toC(values, shape, kind.make(n)) : values };
}

/** Header grammar: {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), } with the keys in any order. Parsed, never evaluated. */
function parseHeader(
  header: string,
  source: string,
): { descr: string; fortran: boolean; shape: number[] } {
  const wrong = (): MclnnError =>
    refuse(
      source,
      "a header {'descr': ..., 'fortran_order': ..., 'shape': (...)}",
      JSON.stringify(header.slice(0, 80)),
    );
  const body = /^\s*\{(.*)\}\s*$/s.exec(header)?.[1];
  if (body === undefined) throw wrong();
  const found: Record<string, string> = Object.create(null);
  const entry =
    /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([\d,\s]*\)|\[[^\]]*\])\s*(?:,|$)/y;
  while (entry.lastIndex < body.length) {
    const match = entry.exec(body);
    if (match === null) throw wrong();
    const [, key = "", value = ""] = match;
    if (key in found) throw wrong();
    found[key] = value;
    if (/^\s*$/.test(body.slice(entry.lastIndex))) break;
  }
  const { descr, fortran_order: order, shape } = found;
  if (
    descr === undefined ||
    order === undefined ||
    shape === undefined ||
    order[0] === "'" ||
    shape[0] !== "("
  )
    throw wrong();
  const sizes = shape
    .slice(1, -1)
    .split(",")
    .map((s) => s.trim())
    .filter((s) => s !== "")
    .map(Number);
  if (sizes.length > MAX_DIMENSIONS || !sizes.every((d) => Number.isSafeInteger(d) && d >= 0))
    throw wrong();
  return { descr: descr.replaceAll("'", ""), fortran: order === "True", shape: sizes };
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
