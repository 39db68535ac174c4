import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";

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
/** Between the parts of JSON; what comes after its last character is none. */
const BLANKS: ReadonlySet<string | undefined> = new Set([" ", "\t", "\r", "\n"]);

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
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
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
  if (bytes.length < 8) refuse("header length", `${bytes.length} bytes in all`, "at least 8 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(Math.min(maxHeaderBytes, bytes.length - 8)))
    refuse(
      "header length",
      `${length}`,
      `at most ${Math.min(maxHeaderBytes, bytes.length - 8)} (the file has ${bytes.length} bytes)`,
    );
  const headerLength = Number(length);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), refuse);
  const tensorBytes = bytes.subarray(8 + headerLength);
  const metadata = new Map<string, string>();
  const tensors = new Map<string, Tensor>();
  let offset = 0;
  for (const [name, entry] of header) {
    if (name === metadataKey) {
      if (!(entry instanceof Map))
        return refuse(metadataKey, kindOf(entry), "an object of strings");
      for (const [key, value] of entry as JsonObject) {
        if (typeof value !== "string")
          return refuse(`${metadataKey}.${key}`, kindOf(value), "a string");
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

/** Shape, and where the tensor ends. */
function checkEntry(
  name: string,
  entry: HeaderValue,
  begin: number,
  refuse: Refuse,
): [shape: readonly number[], end: number] {
  if (!(entry instanceof Map))
    return refuse(name, kindOf(entry), "an object with dtype, shape and data_offsets");
  for (const key of entry.keys())
    if (key !== "dtype" && key !== "shape" && key !== "data_offsets")
      refuse(name, `a key ${JSON.stringify(key)}`, "dtype, shape and data_offsets only");
  const dtype = entry.get("dtype");
  if (dtype !== "F64")
    refuse(`${name}.dtype`, typeof dtype === "string" ? dtype : kindOf(dtype), "F64");
  const shape = wholeNumbers(entry.get("shape"));
  // Stryker disable next-line ConditionalExpression: where there is no shape there is no count
  const count = shape === null ? null : elementCount(shape);
  if (shape === null || count === null)
    return refuse(
      `${name}.shape`,
      JSON.stringify(entry.get("shape")) ?? "nothing",
      `at most ${maxRank} whole numbers from 0 up`,
    );
  const offsets = wholeNumbers(entry.get("data_offsets"));
  if (offsets === null || offsets.length !== 2)
    return refuse(
      `${name}.data_offsets`,
      JSON.stringify(entry.get("data_offsets")) ?? "nothing",
      "two whole numbers",
    );
  if (offsets[0] !== begin)
    refuse(
      `${name}.data_offsets`,
      `a beginning at byte ${offsets[0]}`,
      `byte ${begin}, where the tensor before it ends (no holes, no overlaps)`,
    );
  if (offsets[1] !== begin + 8 * count)
    refuse(
      `${name}.data_offsets`,
      `an end at byte ${offsets[1]}`,
      `byte ${begin + 8 * count}, from its shape [${shape.join(", ")}]`,
    );
  return [shape, begin + 8 * count];
}

function wholeNumbers(value: HeaderValue | undefined): number[] | null {
  if (!Array.isArray(value)) return null;
  return value.every((n): n is number => Number.isSafeInteger(n) && (n as number) >= 0)
    ? value
    : null;
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

function checkName(name: string, argument: string, refuse: Refuse): void {
  if (!isPlainName(name))
    refuse(
      argument,
      `the name ${JSON.stringify(name)}`,
      "1 to 256 printable ASCII characters, not starting with two underscores, not a digit string, not the name of an object's own machinery",
    );
}

/** Names that no reader in any language can trip over. */
function isPlainName(name: string): boolean {
  return (
    /^[\x21-\x7e]{1,256}$/.test(name) &&
    !name.startsWith("__") &&
    // JavaScript would move these before all others.
    !/^\d+$/.test(name) &&
    name !== "constructor" &&
    name !== "prototype"
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Map) return "an object";
  return `the ${typeof value} ${String(value).slice(0, 40)}`;
}

/** The header's JSON by a small parser of its own: `JSON.parse` keeps the last of two equal names and says nothing. */
function parseHeader(bytes: Uint8Array, refuse: Refuse): JsonObject {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("header", "bytes that are not UTF-8", "UTF-8 text");
  }
  return new HeaderParser(text, refuse).header();
}

/** The header's text, read from left to right. */
class HeaderParser {
  private readonly text: string;
  private readonly refuse: Refuse;
  private at = 0;

  constructor(text: string, refuse: Refuse) {
    this.text = text;
    this.refuse = refuse;
  }

  header(): JsonObject {
    // The format asks for "{" first; padding comes after the JSON.
    if (this.text[0] !== "{") this.fail('"{"');
    const header = this.members(0);
    this.blank();
    if (this.at !== this.text.length) this.fail("nothing after the header's JSON but padding");
    return header;
  }

  private fail(expected: string): never {
    const { text, at } = this;
    return this.refuse(
      "header",
      at < text.length
        ? `${JSON.stringify(text.slice(at, at + 20))} at character ${at}`
        : "the end of the header",
      expected,
    );
  }

  private blank(): void {
    while (BLANKS.has(this.text[this.at])) this.at++;
  }

  /** Whether that character is the next one; if so, it is passed. */
  private passes(character: string): boolean {
    this.blank();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private expect(character: string): void {
    if (!this.passes(character)) this.fail(`"${character}"`);
  }

  private string(): string {
    this.blank();
    const { text, at } = this;
    if (text[at] !== '"') return this.fail("a string");
    let end = at + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    try {
      // Refuses control characters and bad escapes.
      const parsed = JSON.parse(text.slice(at, end + 1)) as string;
      this.at = end + 1;
      return parsed;
    } catch {
      return this.fail("a string");
    }
  }

  private members(depth: number): JsonObject {
    const object: JsonObject = new Map();
    this.expect("{");
    if (this.passes("}")) return object;
    do {
      const name = this.string();
      if (object.has(name)) this.refuse(name, "the same name twice", "each name once");
      if (!(depth === 0 && name === metadataKey)) checkName(name, "header", this.refuse);
      this.expect(":");
      object.set(name, this.value(depth + 1));
    } while (this.passes(","));
    this.expect("}");
    return object;
  }

  private items(depth: number): HeaderValue[] {
    const items: HeaderValue[] = [];
    this.expect("[");
    if (this.passes("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.passes(","));
    this.expect("]");
    return items;
  }

  private value(depth: number): HeaderValue {
    this.blank();
    const { text, at } = this;
    if (depth > 3) return this.fail("at most three levels");
    if (text[at] === "{") return this.members(depth);
    if (text[at] === "[") return this.items(depth);
    if (text[at] === '"') return this.string();
    const match = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
    match.lastIndex = at;
    const found = match.exec(text)?.[0];
    if (found === undefined) return this.fail("a JSON value");
    this.at += found.length;
    return JSON.parse(found) as number | boolean | null;
  }
}
