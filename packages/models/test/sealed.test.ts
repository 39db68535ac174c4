import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { putTogether, takeApart } from "../../learning/src/runs/plain-value.ts";
import type { Plain } from "../../learning/src/runs/state.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../src/files/safetensors.ts";
import { encodeSealed, isWhole } from "../src/files/sealed.ts";

describe("a sealed file", () => {
  const tensors = new Map<string, Tensor>([["a", { shape: [3], data: Float64Array.of(1, -0, 3) }]]);
  const metadata = new Map([["what", "a test"]]);
  const sealed = () => encodeSealed(tensors, metadata, "sum");
  const whole = (bytes: Uint8Array): boolean => {
    const read = decodeSafetensors(bytes);
    return isWhole(bytes, read.tensors, read.metadata, "sum");
  };

  const read = (bytes: Uint8Array) => {
    const { tensors: own, metadata: said } = decodeSafetensors(bytes);
    return [own, said] as const;
  };

  it("has the sha256 of itself with zeros in its place", () => {
    const bytes = sealed();
    const sum = decodeSafetensors(bytes).metadata.get("sum") as string;
    const text = Buffer.from(bytes).toString("latin1").replace(sum, "0".repeat(64));
    expect(createHash("sha256").update(text, "latin1").digest("hex")).toBe(sum);
    expect(whole(bytes)).toBe(true);
  });

  it("is not whole with another number, another sum, no sum or other blanks", () => {
    const bytes = sealed();
    expect(whole(bytes.with(bytes.length - 1, 0x41))).toBe(false);
    expect(whole(encodeSafetensors(tensors, new Map([...metadata, ["sum", "0".repeat(64)]])))).toBe(
      false,
    );
    expect(whole(encodeSafetensors(tensors, metadata))).toBe(false);
    const text = new TextDecoder("latin1").decode(bytes);
    const spaced = Uint8Array.from(text.replace('"what":"a test"', '"what": "a test"'), (c) =>
      c.charCodeAt(0),
    );
    const longer = new DataView(spaced.buffer);
    longer.setBigUint64(0, longer.getBigUint64(0, true) + 1n, true);
    expect(whole(spaced)).toBe(false);
    // The same to its last byte, and then more; or less.
    for (const other of [Uint8Array.of(...bytes, 0), bytes.subarray(0, -1)])
      expect(isWhole(other, ...read(bytes), "sum")).toBe(false);
    // A blank for another blank: as long, and the same to whoever reads it.
    const last = text.lastIndexOf(" ");
    if (last > 0 && bytes[last + 1] !== 0x22) expect(whole(bytes.with(last, 0x09))).toBe(false);
  });
});

describe("a plain value", () => {
  const value: Plain = {
    ...{ yes: true, no: false, none: null, word: "x", number: 1.5, zero: -0 },
    ...{ far: Number.POSITIVE_INFINITY, below: Number.NEGATIVE_INFINITY },
    list: [1, "two", [3, { four: Float64Array.of(4, -0) }]],
    numbers: Float64Array.of(1, 2),
  };

  it("comes apart as JSON and tensors, named by their place", () => {
    const tensors = new Map<string, Tensor>();
    expect(takeApart(value, "state", tensors)).toEqual({
      ...{ yes: true, no: false, none: null, word: "x", number: 1.5, zero: ["number", "-0"] },
      ...{ far: ["number", "Infinity"], below: ["number", "-Infinity"] },
      list: ["list", 1, "two", ["list", 3, { four: ["tensor", "state.list.2.1.four"] }]],
      numbers: ["tensor", "state.numbers"],
    });
    expect([...tensors]).toEqual([
      ["state.list.2.1.four", { shape: [2], data: Float64Array.of(4, -0) }],
      ["state.numbers", { shape: [2], data: Float64Array.of(1, 2) }],
    ]);
  });

  it("comes back in every bit, and uses up its tensors", () => {
    const tensors = new Map<string, Tensor>();
    const json: unknown = JSON.parse(JSON.stringify(takeApart(value, "state", tensors)));
    expect(putTogether(json, tensors)).toStrictEqual(value);
    expect(tensors.size).toBe(0);
  });

  it.each<[string, Plain, string]>([
    ["a number", Number.NaN, "x"],
    ["the first of several", Float64Array.of(Number.NaN, 1), "x[0]"],
    ["one in a list", [1, { a: Number.NaN }], "x.1.a"],
  ])("that is not a number is not written: %s", (_, broken, argument) => {
    expect(() => takeApart(broken, "x", new Map())).toThrow(
      expect.objectContaining({ code: "not-finite", argument, kind: "failure" }),
    );
  });

  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
  const listed = (depth: number): unknown => (depth === 0 ? 1 : ["list", listed(depth - 1)]);
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["a function", () => 1],
    ["an object with nothing in it", { a: undefined }],
    ["a list with nothing in it", ["list", 1, undefined]],
    ["a list of no kind", [1, 2]],
    ["an empty list of no kind", []],
    ["a number that JSON can say", ["number", "1"]],
    ["a number by two names", ["number", "Infinity", "x"]],
    ["a number without a name", ["number"]],
    ["a number that is no name", ["number", 1]],
    ["a tensor that is not there", ["tensor", "b"]],
    ["a tensor by another kind", ["tensors", "a"]],
    ["a matrix", ["tensor", "matrix"]],
    ["a tensor that is not all numbers", ["tensor", "broken"]],
    ["one that reaches for a prototype", JSON.parse('{ "__proto__": 1 }')],
    ["an object 41 deep", nested(41)],
    ["a list 41 deep", listed(41)],
  ])("is not made of %s", (_, json) => {
    const tensors = new Map<string, Tensor>([
      ["a", { shape: [1], data: Float64Array.of(1) }],
      ["matrix", { shape: [1, 1], data: Float64Array.of(1) }],
      ["broken", { shape: [2], data: Float64Array.of(1, Number.NaN) }],
    ]);
    expect(putTogether(json, tensors)).toBeUndefined();
  });

  it("may be 40 deep", () => {
    expect(putTogether(nested(40), new Map())).toBeDefined();
    expect(putTogether(listed(40), new Map())).toBeDefined();
  });
});

describe("a header of tensors", () => {
  const file = (header: string | Uint8Array, data = 0): Uint8Array => {
    const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
    const bytes = new Uint8Array(8 + text.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    return bytes;
  };
  const tensor = (shape: string, offsets: string, name = "a"): string =>
    `{"${name}":{"dtype":"F64","shape":${shape},"data_offsets":${offsets}}}`;

  it.each<[string, Uint8Array, string, RegExp]>([
    ["a shape that is none", file(tensor("3", "[0,8]"), 8), "a.shape", /got 3/],
    ["no shape", file('{"a":{"dtype":"F64","data_offsets":[0,8]}}', 8), "a.shape", /got nothing/],
    ["a negative size", file(tensor("[-1]", "[0,0]")), "a.shape", /got \[-1\]/],
    ["half a size", file(tensor("[1.5]", "[0,12]"), 12), "a.shape", /got \[1.5\]/],
    ["nine dimensions", file(tensor("[1,1,1,1,1,1,1,1,1]", "[0,8]"), 8), "a.shape", /at most 8/],
    ["more than 2^40", file(tensor("[1099511627777]", "[0,8]"), 8), "a.shape", /whole numbers/],
    ["one offset", file(tensor("[1]", "[0]"), 8), "a.data_offsets", /expected \[0,8\], got \[0\]/],
    [
      "an offset below 0",
      file(tensor("[0]", "[-8,0]")),
      "a.data_offsets",
      /expected \[0,0\], got \[-8,0\]/,
    ],
    ["half an offset", file(tensor("[1]", "[0.5,8]"), 8), "a.data_offsets", /got \[0.5,8\]/],
    ["three offsets", file(tensor("[1]", "[0,8,8]"), 8), "a.data_offsets", /got \[0,8,8\]/],
    [
      "a hole before",
      file(tensor("[1]", "[8,8]"), 8),
      "a.data_offsets",
      /expected \[0,8\], got \[8,8\]/,
    ],
    [
      "another end",
      file(tensor("[1]", "[0,16]"), 16),
      "a.data_offsets",
      /expected \[0,8\], got \[0,16\]/,
    ],
    ["no type", file('{"a":{"shape":[1],"data_offsets":[0,8]}}', 8), "a.dtype", /got nothing/],
    ["null for a type", file('{"a":{"dtype":null}}'), "a.dtype", /got null/],
    ["a list for a type", file('{"a":{"dtype":[]}}'), "a.dtype", /got \[\]/],
    ["an object for a type", file('{"a":{"dtype":{}}}'), "a.dtype", /expected "F64", got \{\}/],
    ["a number for a type", file('{"a":{"dtype":64}}'), "a.dtype", /got 64/],
    ["another type", file('{"a":{"dtype":"F32"}}'), "a.dtype", /got "F32"/],
    ["a number for a tensor", file('{"a":1e2}'), "a", /expected an object, got 100/],
    ["a number of many digits", file('{"a":0.1234567}'), "a", /got 0.1234567/],
    [
      "a text for a tensor, of which 80 characters are said",
      file(`{"a":"${"x".repeat(100)}"}`),
      "a",
      /got "x{79}(?!x)/,
    ],
    ["a number for a name, to its end", file("{5"), "header", /expected a string/],
    ["a number of two exponents", file('{"a":1e10}'), "a", /got 10000000000/],
    ["bytes that are no UTF-8", file(Uint8Array.of(0x7b, 0xff, 0x7d)), "header", /not UTF-8/],
    ["a byte order mark", file("\ufeff{}"), "header", /expected "\{"/],
    ["a name that starts with a blank", file('{" a":1}'), "header", /the name " a"/],
    ["two underscores", file('{"__a":1}'), "header", /the name "__a"/],
    ["prototype", file('{"prototype":1}'), "header", /the name "prototype"/],
    ["digits", file('{"12":1}'), "header", /the name "12"/],
    ["a name without quotes", file("{a:1}"), "header", /expected a string/],
    ["no colon", file('{"a" 1}'), "header", /expected ":"/],
    ["no end", file('{"a":1'), "header", /got its end/],
    ["no value", file('{"a":}'), "header", /a JSON value/],
    ["four levels", file('{"a":[[[1]]]}'), "header", /at most three levels/],
    ["metadata further down", file('{"a":{"__metadata__":1}}'), "header", /__metadata__/],
    ["a tensor beyond the end", file(tensor("[1]", "[0,8]"), 0), "a", /at most the 0 bytes/],
    ["bytes behind the last", file(tensor("[1]", "[0,8]"), 9), "tensors", /got 9 bytes/],
  ])("is refused for %s", (_, bytes, argument, message) => {
    expect(() => decodeSafetensors(bytes, { source: "x" })).toThrow(
      expect.objectContaining({
        code: "bad-safetensors",
        argument,
        message: expect.stringMatching(message),
      }),
    );
  });

  it.each([" ", "\t", "\r", "\n"])(
    "may have %j between all its parts, but before the first",
    (blank) => {
      const parts = ["{", '"a"', ":", "{", '"dtype"', ":", '"F64"', ",", '"shape"', ":", "[", "2"];
      const rest = [",", "1", "]", ",", '"data_offsets"', ":", "[", "0", ",", "16", "]", "}", "}"];
      const spaced = [...parts, ...rest, ""].join(blank + blank);
      expect(decodeSafetensors(file(spaced, 16)).tensors.get("a")?.shape).toEqual([2, 1]);
      expect(() => decodeSafetensors(file(blank + spaced, 16))).toThrow(/expected "\{"/);
    },
  );

  it.each(["\v", "\f", "\u00a0", "\u2028"])("may not have %j, which is none of JSON's", (blank) => {
    expect(() => decodeSafetensors(file(`{${blank}"a":1}`))).toThrow(/expected a string/);
  });

  it.each(["a__", "a1", "1a", "x".repeat(256)])("may name a tensor %s", (name) => {
    expect(decodeSafetensors(file(tensor("[1]", "[0,8]", name), 8)).tensors.has(name)).toBe(true);
  });

  it("is called `file` where it has no name; 2^40 numbers and eight dimensions are not too many", () => {
    expect(() => decodeSafetensors(new Uint8Array(7))).toThrow(/^file is not a safetensors file/);
    expect(() => decodeSafetensors(file(tensor("[1099511627776]", "[0,8796093022208]")))).toThrow(
      /at most the 0 bytes/,
    );
    expect(decodeSafetensors(file(tensor("[1,1,1,1,1,1,1,1]", "[0,8]"), 8)).tensors.size).toBe(1);
  });

  it("is not longer than 16 MiB, whatever the file is", () => {
    const bytes = new Uint8Array(2 ** 24 + 64);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 24n + 1n, true);
    expect(() => decodeSafetensors(bytes)).toThrow(
      expect.objectContaining({ argument: "header length" }),
    );
    const written = (length: number): Uint8Array =>
      encodeSafetensors(new Map(), new Map([["k", "x".repeat(length)]]));
    const most = 2 ** 24 - '{"__metadata__":{"k":""}}'.length;
    expect(written(most)).toHaveLength(8 + 2 ** 24);
    expect(() => written(most + 1)).toThrow(
      expect.objectContaining({ code: "bad-tensor", argument: "header" }),
    );
  });

  it("is not longer than the file, though all of it is there", () => {
    const bytes = encodeSafetensors(new Map(), new Map([["k", "v"]]));
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, view.getBigUint64(0, true) + 8n, true);
    expect(() => decodeSafetensors(bytes)).toThrow(
      expect.objectContaining({ argument: "header length" }),
    );
  });

  it.each(["2", "2e0", "2e+0", "20e-1", "0.2E1", "2.0"])(
    "may write 2 as %s, as JSON does",
    (two) => {
      const bytes = file(tensor(`[${two}]`, "[0,16]"), 16);
      expect(decodeSafetensors(bytes).tensors.get("a")?.shape).toEqual([2]);
    },
  );

  it("is written only with names and shapes that are read", () => {
    const of =
      (name: string, shape: number[], data: Float64Array): (() => unknown) =>
      () =>
        encodeSafetensors(new Map([[name, { shape, data }]]));
    const one = new Float64Array(1);
    for (const write of [
      of("__a", [1], one),
      of("a", [2], one),
      of("a", [1, 1, 1, 1, 1, 1, 1, 1, 1], one),
      of("a", [-1, -1], one),
      of("a", [0.5, 2], one),
    ])
      expect(write).toThrow(expect.objectContaining({ code: "bad-tensor" }));
    expect(() => encodeSafetensors(new Map(), new Map([["__a", ""]]))).toThrow(
      expect.objectContaining({ code: "bad-tensor", argument: "metadata" }),
    );
    const bare = new TextDecoder().decode(encodeSafetensors(new Map()));
    expect(bare).not.toContain("__metadata__");
  });
});
