import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../src/files/safetensors.ts";

const tensors = new Map<string, Tensor>([
  [
    "weights0",
    { shape: [2, 3], data: Float64Array.of(1, -0, 5e-324, Number.MAX_VALUE, 0.1, -1e300) },
  ],
  ["biases0", { shape: [2], data: Float64Array.of(Math.PI, -1 / 3) }],
  ["scalar", { shape: [], data: Float64Array.of(7) }],
  ["empty", { shape: [0, 4], data: new Float64Array(0) }],
]);
const metadata = new Map([
  ["format", "mclnn-model"],
  ["config", '{"é":"\\u0001","quote\\"":1}'],
]);

/** A file with this header text and these tensor bytes, made without the writer under test. */
function file(header: string, tensorBytes: number, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + tensorBytes);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function refusal(bytes: Uint8Array): {
  code: string;
  argument: string | undefined;
  message: string;
} {
  try {
    decodeSafetensors(bytes, { source: "model.safetensors" });
  } catch (error) {
    if (isMclnnError(error))
      return { code: error.code, argument: error.argument, message: error.message };
    throw error;
  }
  return { code: "accepted", argument: undefined, message: "" };
}

describe("safetensors", () => {
  it("gives back every bit of what was written, order kept", () => {
    const bytes = encodeSafetensors(tensors, metadata);
    const back = decodeSafetensors(bytes, { source: "test" });
    expect([...back.tensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { shape, data }] of tensors) {
      expect(back.tensors.get(name)?.shape).toEqual(shape);
      const read = back.tensors.get(name)?.data as Float64Array;
      expect(new Uint8Array(read.buffer)).toEqual(new Uint8Array(data.buffer));
    }
    expect(back.metadata).toEqual(metadata);
    expect(back.tensorBytes.length).toBe(9 * 8);
    expect(encodeSafetensors(back.tensors, back.metadata)).toEqual(bytes);
  });

  it("pads the header to 8 bytes and reads at any byte offset", () => {
    const bytes = encodeSafetensors(tensors, metadata);
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const back = decodeSafetensors(shifted.subarray(3), { source: "test" });
    expect(back.tensors.get("biases0")?.data).toEqual(tensors.get("biases0")?.data);
  });

  it("reads a file as Python's safetensors 0.4 writes it", () => {
    // safetensors.numpy.save({"a": np.array([1.5, -2.0])}, metadata={"k": "v"})
    const header =
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}} ';
    const bytes = file(header, 16);
    new DataView(bytes.buffer).setFloat64(bytes.length - 16, 1.5, true);
    new DataView(bytes.buffer).setFloat64(bytes.length - 8, -2, true);
    const back = decodeSafetensors(bytes, { source: "test" });
    expect(back.tensors.get("a")?.data).toEqual(Float64Array.of(1.5, -2));
    expect(back.metadata.get("k")).toBe("v");
  });

  const entry = (shape: string, offsets: string, dtype = "F64"): string =>
    `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
  const good = `{"a":${entry("[2]", "[0,16]")},"b":${entry("[1]", "[16,24]")}}`;
  it("accepts the header that the rows below spoil", () => {
    expect(refusal(file(good, 24)).code).toBe("accepted");
  });

  const rows: readonly [what: string, bytes: Uint8Array, argument: string][] = [
    ["nothing", new Uint8Array(0), "header length"],
    ["7 bytes", new Uint8Array(7), "header length"],
    ["a header longer than the file", file(good, 24, 10_000n), "header length"],
    ["a header of 2^63 bytes", file(good, 24, 1n << 63n), "header length"],
    ["an empty header", new Uint8Array(8), "header"],
    ["a cut header", file(good, 24, BigInt(good.length - 1)), "header"],
    ["text before the header's JSON", file(` ${good}`, 24), "header"],
    ["text after the header's JSON", file(`${good} x`, 24), "header"],
    ["bytes that are not UTF-8", file("{}", 0).fill(0xff, 8), "header"],
    ["an array for a header", file("[]", 0), "header"],
    ["trailing bytes", file(good, 25), "tensors"],
    ["missing bytes", file(good, 23), "b"],
    ["a hole", file(`{"a":${entry("[1]", "[8,16]")}}`, 16), "a.data_offsets"],
    [
      "a hole between",
      file(`{"a":${entry("[1]", "[0,8]")},"b":${entry("[1]", "[16,24]")}}`, 24),
      "b.data_offsets",
    ],
    [
      "an overlap",
      file(`{"a":${entry("[2]", "[0,16]")},"b":${entry("[1]", "[8,16]")}}`, 16),
      "b.data_offsets",
    ],
    [
      "tensors out of order",
      file(`{"b":${entry("[1]", "[16,24]")},"a":${entry("[2]", "[0,16]")}}`, 24),
      "b.data_offsets",
    ],
    [
      "shape and bytes that disagree",
      file(`{"a":${entry("[3]", "[0,16]")}}`, 16),
      "a.data_offsets",
    ],
    ["offsets that run backwards", file(`{"a":${entry("[2]", "[0,-16]")}}`, 16), "a.data_offsets"],
    ["one offset", file(`{"a":${entry("[2]", "[0]")}}`, 16), "a.data_offsets"],
    ["a negative size", file(`{"a":${entry("[-2]", "[0,16]")}}`, 16), "a.shape"],
    ["a broken size", file(`{"a":${entry("[1.5]", "[0,12]")}}`, 12), "a.shape"],
    ["a size beyond counting", file(`{"a":${entry("[1e15,1e15]", "[0,16]")}}`, 16), "a.shape"],
    ["a shape that is text", file(`{"a":${entry('"2"', "[0,16]")}}`, 16), "a.shape"],
    ["no shape", file('{"a":{"dtype":"F64","data_offsets":[0,16]}}', 16), "a.shape"],
    ["float32", file(`{"a":${entry("[4]", "[0,16]", "F32")}}`, 16), "a.dtype"],
    [
      "an extra key",
      file('{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16],"x":1}}', 16),
      "a.x",
    ],
    ["a number for a tensor", file('{"a":1}', 0), "a"],
    [
      "a name twice",
      file(`{"a":${entry("[2]", "[0,16]")},"a":${entry("[2]", "[0,16]")}}`, 16),
      "a",
    ],
    [
      "a key twice",
      file('{"a":{"dtype":"F64","dtype":"F64","shape":[2],"data_offsets":[0,16]}}', 16),
      "dtype",
    ],
    ["__proto__", file(`{"__proto__":${entry("[2]", "[0,16]")}}`, 16), "header"],
    ["__proto__ by escapes", file(`{"\\u005f_proto__":${entry("[2]", "[0,16]")}}`, 16), "header"],
    ["constructor", file(`{"constructor":${entry("[2]", "[0,16]")}}`, 16), "header"],
    ["an empty name", file(`{"":${entry("[2]", "[0,16]")}}`, 16), "header"],
    ["a digit name", file(`{"0":${entry("[2]", "[0,16]")}}`, 16), "header"],
    ["a control character in a name", file(`{"a\\u0000":${entry("[2]", "[0,16]")}}`, 16), "header"],
    ["metadata that is not an object", file('{"__metadata__":"x"}', 0), "__metadata__"],
    ["metadata that is not text", file('{"__metadata__":{"k":1}}', 0), "__metadata__.k"],
    ["__proto__ in metadata", file('{"__metadata__":{"__proto__":"x"}}', 0), "header"],
    ["metadata twice", file('{"__metadata__":{},"__metadata__":{}}', 0), "__metadata__"],
    ["nesting without end", file(`{"a":${"[".repeat(100_000)}`, 0), "header"],
    ["an open string", file('{"a', 0), "header"],
  ];
  for (const [what, bytes, argument] of rows)
    it(`refuses ${what}, naming ${argument}`, () => {
      const { code, argument: named, message } = refusal(bytes);
      expect([code, named]).toEqual(["bad-safetensors", argument]);
      expect(message).toContain("model.safetensors");
    });

  it("refuses every cut of a good file", () => {
    const bytes = encodeSafetensors(tensors, metadata);
    for (let n = 0; n < bytes.length; n++)
      expect(refusal(bytes.slice(0, n)).code).toBe("bad-safetensors");
  });

  it("refuses to write what it would not read", () => {
    const one = { shape: [1], data: Float64Array.of(1) };
    for (const [name, tensor] of [
      ["__proto__", one],
      ["12", one],
      ["a", { shape: [2], data: Float64Array.of(1) }],
      ["a", { shape: [-1], data: new Float64Array(0) }],
    ] as const) {
      expect(() => encodeSafetensors(new Map([[name, tensor]]))).toThrow(/cannot be written/);
    }
  });
});
