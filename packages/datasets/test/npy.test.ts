import { isMclnnError } from "@mclnn/physics";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { decodeNpz, encodeNpz } from "../src/index.ts";
import { decodeNpy, encodeNpy } from "../src/npz/npy.ts";

/** An array file, byte by byte after NEP 1. */
function file({
  magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59],
  version = 1,
  descr = "<f8",
  fortran = "False",
  shape = "(1,)",
  header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`,
  length = header.length,
  data = new Uint8Array(8),
}: Partial<{
  magic: number[];
  version: number;
  descr: string;
  fortran: string;
  shape: string;
  header: string;
  length: number;
  data: Uint8Array;
}> = {}): Uint8Array {
  const size = version === 1 ? 2 : 4;
  return Uint8Array.from([
    ...magic,
    ...[version, 0],
    ...Array.from({ length: size }, (_, k) => (length / 256 ** k) & 255),
    ...new TextEncoder().encode(header),
    ...data,
  ]);
}

const DICT = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";
const floats = (...values: number[]): Uint8Array =>
  new Uint8Array(Float64Array.from(values).buffer);
const read = (bytes: Uint8Array) => decodeNpy(bytes, "a of x.npz");

describe("arrays that are read", () => {
  it.each([1, 2, 3])("version %i", (version) => {
    expect(read(file({ version, data: floats(2.5) }))).toEqual({
      dtype: "<f8",
      shape: [1],
      data: Float64Array.of(2.5),
    });
  });

  it.each<[string, string, number[]]>([
    ["|u1", "(3,)", [3]],
    ["<u1", "(3,)", [3]],
    [">u1", "(3, 1)", [3, 1]],
    ["|b1", "(1,3)", [1, 3]],
    ["|u1", "(3,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)", [3, ...new Array<number>(15).fill(1)]],
    ["|u1", "( 3L ,  1 )", [3, 1]],
  ])("dtype %s, shape %s", (descr, shape, expected) => {
    const data = Uint8Array.of(1, 0, 1);
    expect(read(file({ descr, shape, data }))).toEqual({ dtype: descr, shape: expected, data });
  });

  it.each([
    ["no comma at the end", "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}"],
    [
      "a comma and blanks at the end",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)  ,   }",
    ],
    ["blanks before the end", "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)   }  \n"],
    ["no blanks", "{'descr':'<f8','fortran_order':False,'shape':(1,)}"],
    ["blanks before commas", "{'descr' : '<f8'  , 'fortran_order': False  ,'shape': (1,)}"],
    ["nothing behind the header", DICT.padEnd(65536)],
  ])("a header with %s", (_, header) => {
    expect(read(file({ version: 2, header, data: floats(7) })).data).toEqual(Float64Array.of(7));
  });

  it("Fortran order in three dimensions: the first index runs first", () => {
    const shape = [2, 3, 4];
    const at = (i: number, j: number, k: number): number => 100 * i + 10 * j + k;
    const fortran: number[] = [];
    for (let k = 0; k < 4; k++)
      for (let j = 0; j < 3; j++) for (let i = 0; i < 2; i++) fortran.push(at(i, j, k));
    const { data } = read(file({ fortran: "True", shape: "(2, 3, 4)", data: floats(...fortran) }));
    const expected: number[] = [];
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) expected.push(at(i, j, k));
    expect([...data]).toEqual(expected);
    expect(shape.reduce((n, d) => n * d)).toBe(data.length);
  });

  it("no dimensions, and none of one", () => {
    expect(read(file({ shape: "()" })).shape).toEqual([]);
    expect(read(file({ shape: "(0, 5)", data: new Uint8Array(0) })).data.length).toBe(0);
    expect(read(file({ shape: "(3, 0)", fortran: "True", data: new Uint8Array(0) })).shape).toEqual(
      [3, 0],
    );
  });

  it("an array inside a larger buffer", () => {
    const bytes = new Uint8Array(300);
    bytes.set(file({ data: floats(3.5) }), 100);
    const inside = bytes.subarray(100, 100 + file().length);
    expect(read(inside).data).toEqual(Float64Array.of(3.5));
  });
});

describe("arrays that are refused as bad-npy, with what was expected", () => {
  it.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /a NumPy array .*got something else/],
    ["9 bytes", file().subarray(0, 9), /a NumPy array .*got something else/],
    [
      "another magic number",
      file({ magic: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x58] }),
      /a NumPy array/,
    ],
    ["version 0", file({ version: 0 }), /NPY version 1, 2 or 3, got version 0/],
    ["version 4", file({ version: 4 }), /NPY version 1, 2 or 3, got version 4/],
    ["11 bytes of version 2", file({ version: 2 }).subarray(0, 11), /a whole header/],
    [
      "a header beyond the end",
      file({ header: "", length: 9, data: new Uint8Array(8) }),
      /at most 65536 bytes inside the file, got 9 bytes/,
    ],
    [
      "a header of 65,537 bytes",
      file({ version: 2, header: DICT.padEnd(65537) }),
      /at most 65536 bytes inside the file, got 65537 bytes/,
    ],
    [
      "no header",
      file({ header: "", length: 0, data: new Uint8Array(0) }),
      /wrong from character 0/,
    ],
    ["objects", file({ descr: "|O" }), /expected numbers, got objects or records \(\|O\)/],
    ["objects of eight bytes", file({ descr: "|O8" }), /got objects or records/],
    [
      "records",
      file({
        header: "{'descr': [('a', '<f8'), ('b', '<i4')], 'fortran_order': False, 'shape': (1,)}",
      }),
      /expected numbers, got objects or records \(\[\('a', '<f8'\), \('b', '<i4'\)\]\)/,
    ],
    ["a type that ends in O", file({ descr: "<xO" }), /got dtype <xO/],
    ["no byte order", file({ descr: "|f8" }), /got dtype \|f8/],
    ["no type", file({ descr: "" }), /got dtype/],
    ["a byte too many", file({ data: new Uint8Array(9) }), /1 values of 8 bytes .*got 9 bytes/],
    ["a byte too few", file({ data: new Uint8Array(7) }), /1 values of 8 bytes .*got 7 bytes/],
    ["more values than a number holds", file({ shape: "(4294967296, 4294967296)" }), /got 8 bytes/],
    [
      "a key twice",
      file({ header: "{'descr': '<f8', 'descr': '<f8', 'shape': (1,)}" }),
      /'descr' twice/,
    ],
    [
      "a shape of one number",
      file({ shape: "(1)" }),
      /a shape that is a tuple, as \(3,\), got \(1\)/,
    ],
    ["a shape of one longer number", file({ shape: "( 12L )" }), /a shape that is a tuple/],
    [
      "17 dimensions",
      file({ shape: "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)" }),
      /at most 16 dimensions below 2\^53/,
    ],
    ["a dimension of 2^53", file({ shape: "(9007199254740992, 0)" }), /at most 16 dimensions/],
    ["words behind the header", file({ header: `${DICT} x` }), /wrong from character/],
    ["words before the header", file({ header: `x${DICT}` }), /wrong from character 0/],
    ["words before its end", file({ header: DICT.replace(" }", "x}") }), /wrong from character/],
    ["two commas at the end", file({ header: DICT.replace(" }", ",}") }), /wrong from character/],
  ])("%s", (_, bytes, message) => {
    let caught: unknown;
    try {
      read(bytes);
    } catch (error) {
      caught = error;
    }
    expect(isMclnnError(caught) && [caught.code, caught.argument]).toEqual([
      "bad-npy",
      "a of x.npz",
    ]);
    expect(String(caught)).toMatch(message);
  });
});

describe("arrays that are written", () => {
  it.each<[string, number[], Float64Array | Int32Array | Uint8Array, string, string]>([
    ["a vector", [2], Float64Array.of(1.5, -2), "<f8", "(2,)"],
    ["a matrix", [1, 2], Int32Array.of(1, -2), "<i4", "(1, 2)"],
    ["bytes", [3], Uint8Array.of(1, 2, 255), "|u1", "(3,)"],
    ["a number", [], Float64Array.of(3), "<f8", "()"],
  ])("%s, byte by byte after NEP 1, the header padded to 64", (_, shape, data, descr, tuple) => {
    const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
    // Magic, version and length are ten bytes, and a line ends the header.
    const header = `${dict.padEnd(128 - 10 - 1)}\n`;
    expect(dict.length).toBeGreaterThan(64 - 11);
    expect(encodeNpy({ shape, data })).toEqual(file({ header, data: new Uint8Array(data.buffer) }));
  });

  it("are refused where shape and data disagree", () => {
    for (const [shape, length] of [
      [[2, 3], 5],
      [[2, 3], 7],
      [[], 2],
    ] as const)
      expect(() => encodeNpy({ shape, data: new Float64Array(length) })).toThrow(
        expect.objectContaining({ code: "bad-shape", argument: "shape" }),
      );
  });

  it("an archive takes a record or a map, of arrays with a shape or bare", () => {
    const shaped = { shape: [1, 2], data: Float64Array.of(1, 2) };
    const bare = Int32Array.of(5);
    for (const entries of [
      { a: shaped, b: bare },
      new Map<string, typeof shaped | Int32Array>([
        ["a", shaped],
        ["b", bare],
      ]),
    ]) {
      const found = decodeNpz(encodeNpz(entries));
      expect(found).toEqual(
        new Map([
          ["a", { dtype: "<f8", shape: [1, 2], data: shaped.data }],
          ["b", { dtype: "<i4", shape: [1], data: bare }],
        ]),
      );
    }
    const zeros = { zeros: new Float64Array(1000) };
    expect(encodeNpz(zeros).length).toBeGreaterThan(8000);
    expect(encodeNpz(zeros, { deflate: true }).length).toBeLessThan(300);
  });

  it("an array of an archive is named with it, where it is refused; `data` where no name is given", () => {
    expect(() => decodeNpz(new Uint8Array(0))).toThrow(
      expect.objectContaining({ argument: "data" }),
    );
    expect(() => decodeNpz(zipSync({ "a.npy": Uint8Array.of(1) }), { source: "x.npz" })).toThrow(
      expect.objectContaining({ argument: "a of x.npz" }),
    );
  });
});
