import { readFileSync } from "node:fs";
import { isMclnnError } from "@mclnn/physics";
import { unzipSync, zipSync } from "fflate";
import { describe, expect, it, vi } from "vitest";
import {
  decodeNpz,
  decodeTrajectorySet,
  encodeNpz,
  encodeTrajectorySet,
  selectTrajectories,
  type TrajectorySet,
  trajectoryLengths,
} from "../src/index.ts";
import { crc32 } from "../src/npz/crc-32.ts";
import { encodeNpy } from "../src/npz/npy.ts";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const values: number[] = JSON.parse(new TextDecoder().decode(fixture("values.json"))).positions;

function errorOf(f: () => unknown): { code: string; text: string } {
  try {
    f();
  } catch (error) {
    if (isMclnnError(error) && error.kind === "input")
      return { code: error.code, text: error.message };
    throw error;
  }
  return { code: "accepted", text: "" };
}

const SET: TrajectorySet = {
  trajectories: 2,
  records: 3,
  particles: 2,
  dimension: 2,
  masses: Float64Array.of(1, 2),
  charges: Float64Array.of(1, -1),
  species: Int32Array.of(0, 1),
  times: Float64Array.of(0, 0.5, 1),
  positions: Float64Array.from({ length: 24 }, (_, k) => Math.sin(k) / 3),
  velocities: Float64Array.from({ length: 24 }, (_, k) => Math.cos(k) / 3),
  provenance: { made: "here", dt: 0.1 },
};

/** A trajectory file with some arrays replaced, or left out where null. */
function file(
  changes: Record<string, { shape: number[]; data: Float64Array | Int32Array | Uint8Array } | null>,
): Uint8Array {
  const entries: Record<string, { shape: number[]; data: Float64Array | Int32Array | Uint8Array }> =
    {
      positions: { shape: [2, 3, 2, 2], data: SET.positions },
      times: { shape: [3], data: SET.times },
      masses: { shape: [2], data: SET.masses },
    };
  for (const [key, value] of Object.entries(changes))
    if (value === null) delete entries[key];
    else entries[key] = value;
  return encodeNpz(entries);
}

const floats = (shape: number[], ...data: number[]) => ({ shape, data: Float64Array.from(data) });

describe("files made by NumPy", () => {
  it.each([
    ["float64.npz", 1],
    ["deflated.npz", 1],
    ["fortran.npz", 1],
    ["big-endian.npz", 1],
  ])("%s is read to the last bit", (name) => {
    const set = decodeTrajectorySet(fixture(name), { source: name });
    expect([...set.positions]).toEqual(values);
    expect([set.trajectories, set.records, set.particles, set.dimension]).toEqual([2, 3, 4, 3]);
    expect([...set.masses]).toEqual([1, 2, 3, 4]);
  });

  it("float32 is converted", () => {
    expect([...decodeTrajectorySet(fixture("float32.npz")).positions]).toEqual(
      values.map(Math.fround),
    );
  });

  it.each(["version-2.npy", "version-3.npy"])("%s of versions.npz", (name) => {
    const array = decodeNpz(fixture("versions.npz")).get(name.slice(0, -4));
    expect([...(array?.data ?? [])]).toEqual(values.slice(0, 12));
    expect(array?.shape).toEqual([4, 3]);
  });

  it.each([
    ["f8", Float64Array],
    ["f4", Float64Array],
    ["i4", Int32Array],
    ["i8", Float64Array],
    ["u1", Uint8Array],
    ["b1", Uint8Array],
  ] as const)("types.npz: %s in both byte orders, C and Fortran order", (code, kind) => {
    const arrays = decodeNpz(fixture("types.npz"));
    const expected = kind.from(
      code === "b1" ? [1, 0, 1, 0, 1, 0] : [0, 1, 2, 3, 4, 5].map((k) => k + 40),
    );
    for (const order of code.endsWith("1") ? ["c"] : ["little", "big"])
      for (const layout of ["c", "fortran"]) {
        const array = arrays.get(`${code}-${order}-${layout}`);
        expect(array?.shape).toEqual([2, 3]);
        expect(array?.data).toEqual(expected);
      }
  });

  it("optional arrays arrive", () => {
    const set = decodeTrajectorySet(fixture("float64.npz"));
    expect(set.species).toEqual(Int32Array.of(0, 1, 0, 1));
    expect(set.velocities?.[5]).toBe((values[5] as number) + 1);
    expect(set.provenance).toEqual({ made: "numpy", dt: 0.01 });
  });

  it("objects and records are refused in words", () => {
    expect(errorOf(() => decodeNpz(fixture("pickled.npz"))).text).toMatch(
      /objects or records.*Save plain arrays/,
    );
    expect(errorOf(() => decodeNpz(fixture("structured.npz"))).text).toMatch(/objects or records/);
  });
});

describe("trajectory files", () => {
  it("come back as they were, with the same bytes for the same contents", () => {
    const bytes = encodeTrajectorySet(SET);
    expect(decodeTrajectorySet(bytes)).toEqual(SET);
    expect(encodeTrajectorySet(decodeTrajectorySet(bytes))).toEqual(bytes);
  });

  it.each<[string, Parameters<typeof file>[0], string, RegExp]>([
    ["no positions", { positions: null }, "missing-key", /got times, masses.*Add positions/],
    ["no times", { times: null }, "missing-key", /Add times/],
    [
      "flat positions",
      { positions: floats([24], ...SET.positions) },
      "bad-shape",
      /\[trajectory, record, particle, dimension\].*got \(24,\)/,
    ],
    [
      "four dimensions",
      { positions: floats([2, 3, 1, 4], ...SET.positions), masses: floats([1], 1) },
      "bad-shape",
      /2 or 3 dimensions/,
    ],
    [
      "other times",
      { times: floats([2], 0, 1) },
      "bad-shape",
      /times of data.*expected \(3,\), got \(2,\)/,
    ],
    ["times that fall", { times: floats([3], 0, 2, 1) }, "bad-times", /1 after 2 at record 2/],
    [
      "NaN",
      { positions: { shape: [2, 3, 2, 2], data: SET.positions.with(17, Number.NaN) } },
      "not-finite",
      /NaN at trajectory 1, record 1, particle 0, component 1/,
    ],
    ["no mass", { masses: floats([2], 1, 0) }, "bad-mass", /0 for particle 1/],
    ["other masses", { masses: floats([3], 1, 1, 1) }, "bad-shape", /expected \(2,\), got \(3,\)/],
    ["species", { species: floats([2], 0, 0.5) }, "bad-species", /0.5 for particle 1/],
    [
      "particles at one point",
      {
        positions: {
          shape: [2, 3, 2, 2],
          data: SET.positions.with(14, 0).with(15, 0).with(12, 0).with(13, 0),
        },
      },
      "coincident-particles",
      /particles 0 and 1 at one point in trajectory 1, record 0/,
    ],
    [
      "observations that are no yes or no",
      { observed: { shape: [2, 3, 2], data: new Uint8Array(12).fill(2) } },
      "bad-observed",
      /0 or 1, got 2 at trajectory 0, record 0, particle 0/,
    ],
    [
      "a particle that is never observed",
      { observed: { shape: [2, 3, 2], data: Uint8Array.from({ length: 12 }, (_, k) => k % 2) } },
      "never-observed",
      /nothing of particle 0/,
    ],
    [
      "a trajectory without observations",
      { observed: { shape: [2, 3, 2], data: new Uint8Array(12).fill(1, 6) } },
      "never-observed",
      /nothing in trajectory 0/,
    ],
    [
      "observations after the end",
      {
        observed: { shape: [2, 3, 2], data: new Uint8Array(12).fill(1) },
        lengths: { shape: [2], data: Int32Array.of(3, 2) },
      },
      "bad-observed",
      /0 after the end of trajectory 1.*got 1 at trajectory 1, record 2, particle 0/,
    ],
    [
      "NaN that is not said to be missing",
      { positions: { shape: [2, 3, 2, 2], data: SET.positions.with(3, Number.NaN) } },
      "not-finite",
      /--missing-as-nan/,
    ],
    [
      "observations of another shape",
      { observed: { shape: [6], data: new Uint8Array(6).fill(1) } },
      "bad-shape",
      /observed of data.*expected \(2, 3, 2\), got \(6,\)/,
    ],
    [
      "lengths longer than the records",
      { lengths: { shape: [2], data: Int32Array.of(3, 4) } },
      "bad-lengths",
      /1 to 3, got 4 for trajectory 1/,
    ],
    [
      "lengths of other trajectories",
      { lengths: { shape: [3], data: Int32Array.of(3, 3, 3) } },
      "bad-shape",
      /lengths of data.*expected \(2,\), got \(3,\)/,
    ],
    [
      "arrays it does not know",
      { velocites: { shape: [2, 3, 2, 2], data: SET.positions } },
      "unknown-key",
      /velocites of data.*only positions, times, masses, velocities/,
    ],
    [
      "provenance as numbers",
      { provenance: { shape: [2], data: Float64Array.of(123, 125) } },
      "bad-provenance",
      /UTF-8 in uint8/,
    ],
    [
      "provenance that is none",
      { provenance: { shape: [2], data: Uint8Array.of(1, 2) } },
      "bad-provenance",
      /JSON object/,
    ],
  ])("refuses %s", (_, changes, code, text) => {
    const error = errorOf(() => decodeTrajectorySet(file(changes)));
    expect(error.code).toBe(code);
    expect(error.text).toMatch(text);
  });

  it("takes `observed` and `lengths` that leave nothing out", () => {
    const bytes = file({
      observed: { shape: [2, 3, 2], data: new Uint8Array(12).fill(1) },
      lengths: { shape: [2], data: Int32Array.of(3, 3) },
    });
    expect(decodeTrajectorySet(bytes).observed).toBeUndefined();
  });

  it("makes what was not observed NaN, whatever the file holds, and gives it back bit for bit", () => {
    const bytes = file({
      observed: {
        shape: [2, 3, 2],
        data: new Uint8Array(12).fill(1).with(3, 0).with(10, 0).with(11, 0),
      },
      lengths: { shape: [2], data: Int32Array.of(3, 2) },
    });
    const set = decodeTrajectorySet(bytes);
    expect([...(set.observed ?? [])]).toEqual([1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0]);
    expect([...set.positions.subarray(6, 8)]).toEqual([Number.NaN, Number.NaN]);
    expect(set.positions[8]).toBe(SET.positions[8]);
    expect([...trajectoryLengths(set)]).toEqual([3, 2]);
    const again = decodeTrajectorySet(encodeTrajectorySet(set));
    expect(again).toEqual(set);
    const second = selectTrajectories(set, [1]);
    expect([...(second.observed ?? [])]).toEqual([1, 1, 1, 1, 0, 0]);
  });

  it("takes NaN for missing where that is said", () => {
    const bytes = file({
      positions: { shape: [2, 3, 2, 2], data: SET.positions.with(3, Number.NaN) },
      velocities: { shape: [2, 3, 2, 2], data: SET.positions.with(2, Number.NaN) },
    });
    const set = decodeTrajectorySet(bytes, { missingAsNan: true });
    expect(set.observed?.[1]).toBe(0);
    expect(set.observed?.reduce((a, b) => a + b)).toBe(11);
  });
});

it.each(["positions", "velocities", "times", "masses"] as const)(
  "a set with NaN in its %s is not written",
  (key) => {
    const bad = { ...SET, [key]: (SET[key] as Float64Array).with(1, Number.NaN) };
    expect(errorOf(() => encodeTrajectorySet(bad))).toMatchObject({
      code: key === "masses" ? "bad-mass" : "not-finite",
      text: expect.stringMatching(
        `set.${key} .*NaN at ${key === "times" || key === "masses" ? "index 1" : "trajectory 0, record 0, particle 0"}`,
      ),
    });
  },
);

describe("archives written here", () => {
  const arrays = {
    b: { shape: [2, 3], data: Float64Array.from({ length: 6 }, (_, k) => k / 7) },
    a: Int32Array.of(-1, 2),
    empty: new Uint8Array(0),
  };

  it.each([false, true])("deflate %s: come back as they were, in their order", (deflate) => {
    const bytes = encodeNpz(arrays, { deflate });
    const read = decodeNpz(bytes);
    expect([...read.keys()]).toEqual(["b", "a", "empty"]);
    expect(read.get("b")).toEqual({ dtype: "<f8", shape: [2, 3], data: arrays.b.data });
    expect(read.get("a")?.data).toEqual(arrays.a);
    expect(read.get("empty")?.shape).toEqual([0]);
    // Another reader of zip archives finds the same entries.
    const entries = unzipSync(bytes);
    expect(Object.keys(entries)).toEqual(["b.npy", "a.npy", "empty.npy"]);
    expect(entries["b.npy"]).toEqual(encodeNpy(arrays.b));
  });

  it("array headers end on a multiple of 64 bytes, as NumPy's", () => {
    for (const shape of [[], [1], [1, 1, 1, 1, 1], new Array<number>(16).fill(1)]) {
      const bytes = encodeNpy({ shape, data: Float64Array.of(1) });
      expect((bytes.length - 8) % 64).toBe(0);
      expect(bytes[bytes.length - 9]).toBe("\n".charCodeAt(0));
    }
  });

  it("do not depend on the clock", () => {
    vi.useFakeTimers();
    try {
      vi.setSystemTime(0);
      const then = encodeNpz(arrays);
      vi.setSystemTime(2e12);
      expect(encodeNpz(arrays)).toEqual(then);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(["../up", "a/b", "", ".hidden"])("are not made with the key %j", (key) => {
    expect(errorOf(() => encodeNpz({ [key]: Float64Array.of(1) })).code).toBe("bad-zip");
  });

  it("are not made from shapes that do not fit", () => {
    const entry = { shape: [2, 2], data: Float64Array.of(1) };
    expect(errorOf(() => encodeNpz({ entry })).code).toBe("bad-shape");
  });
});

describe("archives", () => {
  const written = () => encodeNpz({ a: Float64Array.of(1, 2, 3), b: Int32Array.of(4) });

  it("every truncation is refused", () => {
    const good = written();
    for (let n = 0; n < good.length; n++)
      expect(errorOf(() => decodeNpz(good.slice(0, n))).code).toMatch(/^bad-/);
  });

  it("every single-bit flip is refused or changes nothing", () => {
    const good = written();
    for (let k = 0; k < good.length; k++)
      for (let bit = 0; bit < 8; bit++) {
        const bytes = good.slice();
        bytes[k] = (bytes[k] as number) ^ (1 << bit);
        let arrays: ReturnType<typeof decodeNpz>;
        try {
          arrays = decodeNpz(bytes);
        } catch (error) {
          if (isMclnnError(error)) continue;
          throw error;
        }
        // Dates, versions and attributes carry no data. Names do; a flipped one is another key.
        expect([...arrays.values()].map(({ data }) => [...data])).toEqual([[1, 2, 3], [4]]);
      }
  });

  it.each([
    ["../up.npy"],
    ["/root.npy"],
    ["a/b.npy"],
    ["a\\b.npy"],
    ["C:x.npy"],
    ["..npy.."],
    [".hidden"],
  ])("the name %s is refused", (name) => {
    const bytes = zipSync({ [name]: encodeNpy({ shape: [1], data: Float64Array.of(1) }) });
    expect(errorOf(() => decodeNpz(bytes)).code).toBe("bad-zip");
  });

  it("a bomb is stopped at the size it claims, and at the limit", () => {
    const zeros = new Uint8Array(20_000_000);
    const bomb = zipSync({ "a.npy": zeros }, { level: 9 });
    expect(bomb.length).toBeLessThan(30_000);
    expect(errorOf(() => decodeNpz(bomb, { maxBytes: 1_000_000 })).text).toMatch(
      /at most 1000000 bytes/,
    );
    // The directory says 100 bytes; the contents would inflate to 20 MB.
    const lying = bomb.slice();
    const view = new DataView(lying.buffer);
    const directory = view.getUint32(lying.length - 6, true);
    view.setUint32(directory + 24, 100, true);
    const started = performance.now();
    expect(errorOf(() => decodeNpz(lying)).text).toMatch(/100 bytes in "a.npy", got more/);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("entries that overlap or come twice are refused", () => {
    const twice = zipSync(
      {
        "a.npy": encodeNpy({ shape: [1], data: Float64Array.of(1) }),
        "b.npy": encodeNpy({ shape: [1], data: Float64Array.of(2) }),
      },
      { level: 0 },
    );
    const view = new DataView(twice.buffer);
    const directory = view.getUint32(twice.length - 6, true);
    const second = directory + 46 + view.getUint16(directory + 28, true);
    // Both directory entries now point at the first contents.
    const bytes = twice.slice();
    new DataView(bytes.buffer).setUint32(second + 42, 0, true);
    expect(errorOf(() => decodeNpz(bytes)).code).toBe("bad-zip");
    const same = twice.slice();
    same[second + 46] = "a".charCodeAt(0);
    expect(errorOf(() => decodeNpz(same)).text).toMatch(/"a.npy" twice/);
  });

  it("a deflated entry cut short is refused, with the checksum of the whole", () => {
    const bytes = encodeNpz({ a: new Float64Array(1000).map((_, k) => k) }, { deflate: true });
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    view.setUint32(directory + 20, view.getUint32(directory + 20, true) - 40, true);
    expect(errorOf(() => decodeNpz(bytes)).code).toBe("bad-zip");
  });

  it("what is no array is refused, by its name", () => {
    const array = encodeNpy({ shape: [1], data: Float64Array.of(1) });
    for (const name of ["a", "a.txt"])
      expect(errorOf(() => decodeNpz(zipSync({ [name]: array, "a.npy": array }))).text).toMatch(
        `entries that end in .npy, got "${name}"`,
      );
  });

  it.each([
    ["maxBytes", { maxBytes: Number.NaN }],
    ["maxEntries", { maxEntries: -1 }],
  ])("%s has to be a limit", (argument, limits) => {
    expect(errorOf(() => decodeNpz(written(), limits)).text).toMatch(argument);
    expect(errorOf(() => decodeNpz(written(), { [argument]: 1 })).text).toMatch(/at most 1 /);
  });

  it("crc32 is the standard one", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });
});

describe("headers of arrays", () => {
  /** An archive of one array of eight bytes with the given header. */
  const withHeader = (text: string, data: readonly number[] = new Array(8).fill(0)): Uint8Array => {
    const bytes = new Uint8Array(128 + data.length);
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
    bytes.set(new TextEncoder().encode(`${text.padEnd(117)}\n`), 10);
    bytes.set(data, 128);
    return zipSync({ "a.npy": bytes });
  };
  const shaped = (shape: string): Uint8Array =>
    withHeader(`{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`);
  const typed = (descr: string, data?: readonly number[]): Uint8Array =>
    withHeader(`{'descr': '${descr}', 'fortran_order': False, 'shape': (1,), }`, data);

  it.each([
    "(9007199254740993,)",
    "(4294967296, 4294967296)",
    "(-1,)",
    "(1.5,)",
    "(2,)",
    "(0,)",
    "(1)",
    "(,)",
    "(1,,)",
    "(1 1,)",
    "(1,",
    "1",
    "x",
    "__import__('os')",
  ])("the shape %s is refused", (shape) => {
    expect(errorOf(() => decodeNpz(shaped(shape))).code).toBe("bad-npy");
  });

  it.each([
    ["(1,)", [1]],
    ["()", []],
    ["(1L, 1L)", [1, 1]],
    ["( 1 , 1 )", [1, 1]],
  ])("the shape %s is read", (shape, expected) => {
    expect(decodeNpz(shaped(shape)).get("a")?.shape).toEqual(expected);
  });

  it.each([
    "",
    "{}",
    "{'descr': '<f8', 'fortran_order': False}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} {}",
    "{'descr': '<f8', 'fortran_order': False 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'other': 1}",
    "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': True, 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)",
  ])("the header %s is refused", (text) => {
    expect(errorOf(() => decodeNpz(withHeader(text))).code).toBe("bad-npy");
  });

  it("keys come in any order, spaces as they like", () => {
    const bytes = withHeader(" { 'shape':(1,),'fortran_order':True , 'descr': '<f8' } ");
    expect(decodeNpz(bytes).get("a")?.data).toEqual(Float64Array.of(0));
  });

  it.each(["<f2", "<c16", "<U2", "|S8", "<M8[s]", "=f8", "|f8", "f8", "", "<constructor", "<u8"])(
    "the type %s is refused, with the way to convert",
    (descr) => {
      expect(errorOf(() => decodeNpz(typed(descr)))).toMatchObject({
        code: "bad-npy",
        text: expect.stringMatching(/float64, float32.*astype/),
      });
    },
  );

  it("an int64 that float64 does not hold is refused, not rounded", () => {
    const bytes = (x: bigint): number[] => [...new Uint8Array(BigInt64Array.of(x).buffer)];
    expect(errorOf(() => decodeNpz(typed("<i8", bytes(2n ** 53n + 1n)))).text).toMatch(
      /whole numbers below 2\^53, got 9007199254740993 at index 0/,
    );
    expect(decodeNpz(typed("<i8", bytes(-(2n ** 52n)))).get("a")?.data[0]).toBe(-(2 ** 52));
  });
});

describe("arguments", () => {
  const one = { shape: [1], data: Float64Array.of(1) };
  const bytes = encodeNpz(new Map([["a", one]]));
  it.each<[string, () => unknown, string]>([
    ["bytes that are none", () => decodeNpz([1, 2] as never), "bytes"],
    ["an ArrayBuffer", () => decodeNpz(bytes.buffer as never), "bytes"],
    ["a source that is no text", () => decodeNpz(bytes, { source: 5 as never }), "source"],
    ["options that are none", () => decodeNpz(bytes, 5 as never), "options"],
    ["options that are none, in writing", () => encodeNpz({ a: one }, 5 as never), "options"],
    ["entries that are none", () => encodeNpz(5 as never), "entries"],
    ["deflate that is no flag", () => encodeNpz({ a: one }, { deflate: 1 as never }), "deflate"],
    ["an entry that is none", () => encodeNpz({ a: 5 as never }), "entries.a"],
    ["an entry without data", () => encodeNpz({ a: { shape: [1] } as never }), "entries.a"],
    [
      "data of another type",
      () => encodeNpz({ a: { shape: [1], data: new Float32Array(1) as never } }),
      "entries.a",
    ],
    [
      "a shape that is none",
      () => encodeNpz({ a: { shape: 1, data: one.data } as never }),
      "entries.a.shape",
    ],
  ])("%s: refused by its name", (_, call, argument) => {
    expect(call).toThrow(
      expect.objectContaining({ name: "MclnnError", argument: expect.stringContaining(argument) }),
    );
  });

  it("an ArrayBuffer is told how it becomes bytes", () => {
    expect(() => decodeNpz(bytes.buffer as never)).toThrow(/new Uint8Array\(buffer\)/);
  });

  it("the checksum of 123456789 is cbf43926, by a table that was just made", async () => {
    vi.resetModules();
    const { crc32 } = await import("../src/npz/crc-32.ts");
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });
});
