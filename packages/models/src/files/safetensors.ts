import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { shown } from "./plain-json.ts";

// In browsers and in Node alike; declared here because the package is compiled without either's types.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/** A named array of float64 numbers in C order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Contents of a safetensors file that holds float64 tensors only. */
export interface TensorFile {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** The bytes after the header: what a checksum covers. */
  readonly tensorBytes: Uint8Array;
}

const maxHeaderBytes = 16 * 1024 * 1024;
const maxRank = 8;
const metadataKey = "__metadata__";

/**
 * Bytes of a safetensors file: 8 bytes header length (little endian), JSON header padded with spaces to a multiple of 8, tensors as
 * little-endian float64 one after the other. Tensors keep the order given.
 *
 * @throws MclnnError `bad-argument`; `bad-tensor`: a name or shape that {@link decodeSafetensors} would refuse
 * @see https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  checkMap("tensors", tensors);
  checkMap("metadata", metadata);
  for (const [name, tensor] of tensors)
    checkArgument(`tensors.${String(name)}`, tensor, { shape: "numbers", data: "float64" });
  for (const [key, value] of metadata) checkArgument(`metadata.${String(key)}`, value, "text");
  const header: [string, unknown][] = [];
  if (metadata.size > 0) {
    for (const key of metadata.keys()) checkName(key, "metadata", refuseToWrite);
    header.push([metadataKey, Object.fromEntries(metadata)]);
  }
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    checkName(name, name, refuseToWrite);
    if (elementCount(shape) !== data.length)
      refuseToWrite(
        name,
        `shape [${shape.join(", ")}] of ${data.length} numbers`,
        "a shape whose product is the number of values",
      );
    header.push([
      name,
      { dtype: "F64", shape: [...shape], data_offsets: [offset, offset + 8 * data.length] },
    ]);
    offset += 8 * data.length;
  }
  const text = encodeText(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / 8) * 8;
  if (headerLength > maxHeaderBytes)
    refuseToWrite("header", `${headerLength} bytes`, `at most ${maxHeaderBytes} bytes`);
  const bytes = new Uint8Array(8 + headerLength + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.set(text, 8);
  bytes.fill(0x20, 8 + text.length, 8 + headerLength);
  let at = 8 + headerLength;
  for (const { data } of tensors.values())
    for (let i = 0; i < data.length; i++, at += 8) view.setFloat64(at, data[i], true);
  return bytes;
}

/** A text's UTF-8 bytes. */
export const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Refuses what is no map. @throws MclnnError `bad-argument` */
function checkMap(argument: string, map: ReadonlyMap<string, unknown>): void {
  const mend = "new Map(Object.entries(object)) makes one.";
  checkArgument(argument, map, { get: "function", entries: "function" }, { mend });
}

/**
 * Reads a safetensors file strictly: float64 only, tensors in the order of the header, each beginning where the last one ended, shape times
 * 8 equal to the bytes, nothing after the last one, no name twice, metadata strings only.
 *
 * @param options - source: what to call the file in errors
 * @throws MclnnError `bad-safetensors`, with `argument` naming the part at fault
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  options: { readonly source?: string } = {},
): TensorFile {
  checkArgument("options", options, { source: "text?" });
  const { source = "file" } = options;
  checkArgument("bytes", bytes, "bytes", {
    mend: "new Uint8Array(buffer) makes one of an ArrayBuffer.",
  });
  const refuse: Refuse = (argument, got, expected) => {
    throw new MclnnError(`${source} is not a safetensors file that can be read (${argument})`, {
      code: "bad-safetensors",
      argument,
      expected,
      got,
    });
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const most = Math.min(maxHeaderBytes, bytes.length - 8);
  const headerLength = most < 0 ? 0 : Number(view.getBigUint64(0, true));
  if (headerLength > most)
    refuse(
      "header length",
      `${headerLength} in a file of ${bytes.length} bytes`,
      `at most ${maxHeaderBytes}, all of it there behind the 8 bytes that say it`,
    );
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), refuse);
  const tensorBytes = bytes.subarray(8 + headerLength);
  const metadata = new Map<string, string>();
  const tensors = new Map<string, Tensor>();
  let offset = 0;
  for (const [name, entry] of header) {
    if (name === metadataKey) {
      if (!(entry instanceof Map)) return refuse(name, shown(entry), "an object of strings");
      for (const [key, value] of entry) {
        if (typeof value !== "string") return refuse(`${name}.${key}`, shown(value), "a string");
        metadata.set(key, value);
      }
      continue;
    }
    const [shape, end] = checkEntry(name, entry, offset, refuse);
    if (end > tensorBytes.length)
      refuse(name, `an end at byte ${end}`, `at most the ${tensorBytes.length} bytes there are`);
    const data = new Float64Array((end - offset) / 8);
    const at = 8 + headerLength + offset;
    for (let i = 0; i < data.length; i++) data[i] = view.getFloat64(at + 8 * i, true);
    tensors.set(name, { shape, data });
    offset = end;
  }
  if (offset !== tensorBytes.length)
    refuse("tensors", `${tensorBytes.length} bytes`, `${offset} bytes, as the header says`);
  return { tensors, metadata, tensorBytes };
}

type Refuse = (argument: string, got: string, expected: string) => never;

/** A parsed JSON object as a Map: no name can reach a prototype. */
type JsonObject = Map<string, HeaderValue>;
type HeaderValue = null | boolean | number | string | HeaderValue[] | JsonObject;

function refuseToWrite(argument: string, got: string, expected: string): never {
  throw new MclnnError(`the tensor file cannot be written (${argument})`, {
    code: "bad-tensor",
    argument,
    expected,
    got,
  });
}

/** The shape of a tensor that begins at a byte, and where it ends: everything else about it follows. */
function checkEntry(
  name: string,
  entry: HeaderValue,
  begin: number,
  refuse: Refuse,
): [shape: readonly number[], end: number] {
  if (!(entry instanceof Map)) return refuse(name, shown(entry), "an object");
  const shape = entry.get("shape") as number[];
  const count = Array.isArray(shape) ? elementCount(shape) : null;
  const end = begin + 8 * (count ?? 0);
  const ought = new Map([
    ["dtype", '"F64"'],
    ["shape", count === null ? `at most ${maxRank} whole numbers from 0 up` : shown(shape)],
    ["data_offsets", shown([begin, end])],
  ]);
  for (const key of [...ought.keys(), ...entry.keys()]) {
    const got = shown(entry.get(key));
    const expected = ought.get(key) ?? "no such key";
    if (got !== expected) refuse(`${name}.${key}`, got, expected);
  }
  return [shape, end];
}

/** Product of a shape; null when the shape is no shape. */
function elementCount(shape: readonly number[]): number | null {
  if (shape.length > maxRank) return null;
  let count = 1;
  for (const n of shape) {
    if (!Number.isSafeInteger(n) || n < 0) return null;
    count *= n;
    if (count > 2 ** 40) return null;
  }
  return count;
}

/** Refuses names that a reader in some language could trip over. JavaScript moves digits before all others. */
function checkName(name: string, argument: string, refuse: Refuse): void {
  if (!/^[\x21-\x7e]{1,256}$/.test(name) || /^(__.*|\d+|constructor|prototype)$/.test(name))
    refuse(
      argument,
      `the name ${JSON.stringify(name)}`,
      "1 to 256 printable ASCII characters, no number, no name of an object's own, no __ in front",
    );
}

/** The header's JSON by a parser of its own: `JSON.parse` keeps the last of two equal names and says nothing. */
function parseHeader(bytes: Uint8Array, refuse: Refuse): JsonObject {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("header", "bytes that are not UTF-8", "UTF-8 text");
  }
  const tokens = /[ \t\r\n]*("[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^\s"[\]{},:]+|$)/y;
  let token: string | undefined;
  let at = 0;
  const fail = (expected: string): never => {
    const got = JSON.stringify(text.slice(at, at + 20));
    return refuse("header", token === "" ? "its end" : `${got} at character ${at}`, expected);
  };
  const advance = (): void => {
    at = tokens.lastIndex;
    token = tokens.exec(text)?.[1];
  };
  const passes = (one: string): boolean => {
    const found = token === one;
    if (found) advance();
    return found;
  };
  const expect = (one: string): void => {
    if (!passes(one)) fail(`"${one}"`);
  };
  const scalar = (): string | number | boolean | null => {
    try {
      // Refuses control characters and bad escapes.
      const value = JSON.parse(token ?? "");
      advance();
      return value;
    } catch {
      return fail("a JSON value, at most three levels deep");
    }
  };
  const value = (depth: number): HeaderValue => {
    const map: JsonObject = new Map();
    const list: HeaderValue[] = [];
    const named = token === "{";
    if (depth > 2 || !(named || token === "[")) return scalar();
    advance();
    const end = named ? "}" : "]";
    if (passes(end)) return named ? map : list;
    do {
      if (!named) {
        list.push(value(depth + 1));
        continue;
      }
      if (token?.[0] !== '"') fail("a string");
      const name = scalar() as string;
      if (map.has(name)) refuse(name, "the same name twice", "each name once");
      if (depth > 0 || name !== metadataKey) checkName(name, "header", refuse);
      expect(":");
      map.set(name, value(depth + 1));
    } while (passes(","));
    expect(end);
    return named ? map : list;
  };
  advance();
  // The format asks for "{" first; padding comes after the JSON.
  if (text[0] !== "{") fail('"{"');
  const header = value(0) as JsonObject;
  if (token !== "") fail("nothing after the header's JSON but padding");
  return header;
}
