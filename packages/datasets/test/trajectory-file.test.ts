import { isMclnnError } from "@mclnn/physics";
import { unzipSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import {
  decodeNpz,
  decodeTrajectorySet,
  encodeNpz,
  encodeTrajectorySet,
  type NpzEntry,
  type TrajectorySet,
} from "../src/index.ts";

/** Two trajectories of three records of two particles in the plane. */
const SET: TrajectorySet = {
  trajectories: 2,
  records: 3,
  particles: 2,
  dimension: 2,
  masses: Float64Array.of(1, 2),
  times: Float64Array.of(0, 0.5, 1),
  positions: Float64Array.from({ length: 24 }, (_, k) => Math.sin(k) / 3),
  velocities: Float64Array.from({ length: 24 }, (_, k) => Math.cos(k) / 3),
  provenance: {},
};
const SHAPE = [2, 3, 2, 2];
const SEEN = [2, 3, 2];

/** A file with some arrays replaced or added. */
const file = (changes: Record<string, NpzEntry> = {}): Uint8Array =>
  encodeNpz({
    positions: { shape: SHAPE, data: SET.positions },
    times: { shape: [3], data: SET.times },
    masses: { shape: [2], data: SET.masses },
    ...changes,
  });
const floats = (shape: number[], ...data: number[]) => ({ shape, data: Float64Array.from(data) });
const bytes = (shape: number[], ...data: number[]) => ({ shape, data: Uint8Array.from(data) });
const json = (text: string): NpzEntry => {
  const data = new TextEncoder().encode(text);
  return { shape: [data.length], data };
};
const NAN = Number.NaN;

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (isMclnnError(error)) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("trajectories that are not written", () => {
  const missing = Uint8Array.from({ length: 12 }, (_, k) => (k === 1 || k === 0 ? 0 : 1));
  it.each<[string, Partial<TrajectorySet>, string, RegExp]>([
    [
      "NaN in the first number",
      { positions: SET.positions.with(0, NAN) },
      "set.positions",
      /NaN at trajectory 0, record 0, particle 0\./,
    ],
    [
      "NaN in velocities of a particle that was seen",
      { observed: missing, velocities: (SET.velocities as Float64Array).with(4, NAN) },
      "set.velocities",
      /NaN at trajectory 0, record 1, particle 0\./,
    ],
    [
      "an infinite time, whatever was seen",
      { observed: missing, times: SET.times.with(0, Number.POSITIVE_INFINITY) },
      "set.times",
      /Infinity at index 0\./,
    ],
    [
      "a charge that is no number, whatever was seen",
      { observed: missing, charges: Float64Array.of(1, NAN) },
      "set.charges",
      /NaN at index 1\./,
    ],
    [
      "provenance that JSON has no word for",
      { provenance: { dt: Number.POSITIVE_INFINITY } },
      "provenance.dt",
      /got Infinity\./,
    ],
  ])("%s", (_, change, argument, message) => {
    const error = refusal(() => encodeTrajectorySet({ ...SET, ...change }));
    expect(error).toMatchObject({ code: "not-finite", argument });
    expect(error.message).toMatch(message);
  });

  it("but what was not seen may be anything", () => {
    const set = {
      ...SET,
      observed: missing,
      positions: SET.positions.with(0, NAN).with(3, NAN),
      velocities: (SET.velocities as Float64Array).with(1, NAN),
    };
    const again = decodeTrajectorySet(encodeTrajectorySet(set));
    expect([...again.positions.subarray(0, 5)]).toEqual([NAN, NAN, NAN, NAN, SET.positions[4]]);
    expect([...(again.velocities as Float64Array).subarray(0, 4)]).toEqual([NAN, NAN, NAN, NAN]);
  });
});

describe("the array `lengths` is written where a trajectory ends early", () => {
  const ends = (...lengths: number[]): TrajectorySet => ({
    ...SET,
    observed: Uint8Array.from(lengths.flatMap((n) => [0, 0, 1, 1, 2, 2].map((k) => +(k < n)))),
  });
  it.each([
    [[3, 3], false],
    [[3, 2], true],
    [[1, 3], true],
    [[2, 2], true],
  ] as const)("%j: %s", (lengths, written) => {
    const arrays = decodeNpz(encodeTrajectorySet(ends(...lengths)));
    expect(arrays.has("observed")).toBe(true);
    expect(arrays.has("lengths")).toBe(written);
    if (written) expect([...(arrays.get("lengths")?.data ?? [])]).toEqual(lengths);
  });
});

describe("trajectories that are read", () => {
  it("have the optional parts that the file has, and no other", () => {
    const read = decodeTrajectorySet(file());
    for (const key of ["velocities", "charges", "species", "observed"])
      expect(read).not.toHaveProperty(key);
    expect(decodeTrajectorySet(file({ provenance: json('{"made":"here"}') })).provenance).toEqual({
      made: "here",
    });
  });

  it("end where `lengths` says, without `observed`", () => {
    const { observed } = decodeTrajectorySet(file({ lengths: floats([2], 3, 1) }));
    expect([...(observed ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it("may show a particle once only, at the very start, and a trajectory at its end only", () => {
    const first = decodeTrajectorySet(
      file({ observed: bytes(SEEN, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1) }),
    );
    expect(first.observed?.[0]).toBe(1);
    const last = decodeTrajectorySet(
      file({ observed: bytes(SEEN, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1) }),
    );
    expect(last.observed?.[4]).toBe(1);
  });

  it("are numbers of any type but truth values", () => {
    const narrow = decodeTrajectorySet(file({ masses: { shape: [2], data: Int32Array.of(3, 4) } }));
    expect(narrow.masses).toEqual(Float64Array.of(3, 4));
    const entries = unzipSync(file({ masses: bytes([2], 1, 1) }));
    const array = entries["masses.npy"] as Uint8Array;
    // |u1 becomes |b1 in the header.
    array[array.indexOf("u".charCodeAt(0), 12)] = "b".charCodeAt(0);
    const error = refusal(() => decodeTrajectorySet(zipSync(entries)));
    expect(error).toMatchObject({ code: "bad-npy", argument: "masses" });
    expect(error.message).toMatch(/truth values/);
  });

  it("keep to the limits given", () => {
    expect(refusal(() => decodeTrajectorySet(file(), { maxEntries: 2 })).code).toBe("bad-zip");
    expect(decodeTrajectorySet(file(), { maxEntries: 3 }).records).toBe(3);
  });
});

describe("trajectories that are refused", () => {
  const eight = new Uint8Array(new TextEncoder().encode('{"a": 1}')).buffer;
  it.each<[string, Record<string, NpzEntry>, string, RegExp]>([
    [
      "no trajectories",
      { positions: floats([0, 3, 2, 2]) },
      "bad-shape",
      /none of them 0, got \(0, 3, 2, 2\)/,
    ],
    ["no records", { positions: floats([2, 0, 2, 2]) }, "bad-shape", /none of them 0, got/],
    ["no particles", { positions: floats([2, 3, 0, 2]) }, "bad-shape", /none of them 0, got/],
    ["no dimensions", { positions: floats([2, 3, 2, 0]) }, "bad-shape", /none of them 0, got/],
    [
      "NaN in the first number",
      { positions: { shape: SHAPE, data: SET.positions.with(0, NAN) } },
      "not-finite",
      /NaN at trajectory 0, record 0, particle 0, component 0\./,
    ],
    [
      "NaN of a particle that was seen, where others were not",
      {
        positions: { shape: SHAPE, data: SET.positions.with(4, NAN) },
        observed: bytes(SEEN, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
      },
      "not-finite",
      /NaN at trajectory 0, record 1, particle 0, component 0\./,
    ],
    [
      "a mass that is NaN, where the first particle was not seen",
      { masses: floats([2], NAN, 1), observed: bytes(SEEN, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) },
      "not-finite",
      /NaN at index 0\./,
    ],
    ["a time twice", { times: floats([3], 0, 1, 1) }, "bad-times", /1 after 1 at record 2/],
    ["a mass of NaN", { masses: floats([2], 1, NAN) }, "not-finite", /NaN at index 1\./],
    ["a species below 0", { species: floats([2], 0, -1) }, "bad-species", /-1 for particle 1/],
    ["a length of 0", { lengths: floats([2], 3, 0) }, "bad-lengths", /0 for trajectory 1/],
    ["half a record", { lengths: floats([2], 1.5, 3) }, "bad-lengths", /1.5 for trajectory 0/],
    [
      "the second trajectory not seen",
      { observed: bytes(SEEN, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0) },
      "never-observed",
      /nothing in trajectory 1/,
    ],
    [
      "the last particle not seen",
      { observed: bytes(SEEN, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0) },
      "never-observed",
      /nothing of particle 1/,
    ],
    [
      "provenance in eight bytes that are a float64",
      { provenance: { shape: [1], data: new Float64Array(eight) } },
      "bad-provenance",
      /UTF-8 in uint8/,
    ],
    [
      "provenance that is no UTF-8",
      { provenance: bytes([9], 123, 34, 97, 34, 58, 34, 255, 34, 125) },
      "bad-provenance",
      /UTF-8/,
    ],
    ["provenance that is a number", { provenance: json("3") }, "bad-provenance", /JSON object/],
    ["provenance that is null", { provenance: json("null") }, "bad-provenance", /JSON object/],
    ["provenance that is a list", { provenance: json("[1]") }, "bad-provenance", /JSON object/],
    [
      "provenance with a number beyond all numbers",
      { provenance: json('{"a":{"b":[1,1e999]}}') },
      "bad-provenance",
      /finite numbers.*got Infinity/,
    ],
    [
      "provenance nested 102 deep",
      { provenance: json(`{"a":${"[".repeat(101)}${"]".repeat(101)}}`) },
      "bad-provenance",
      /deeper nesting/,
    ],
  ])("%s", (_, changes, code, message) => {
    const error = refusal(() => decodeTrajectorySet(file(changes)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

describe("provenance, and options", () => {
  const one: TrajectorySet = {
    ...{ trajectories: 1, records: 1, particles: 1, dimension: 2, provenance: {} },
    ...{ masses: Float64Array.of(1), times: Float64Array.of(0), positions: Float64Array.of(1, 2) },
  };
  const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });
  const readWith = (provenance: object): unknown =>
    decodeTrajectorySet(encodeTrajectorySet({ ...one, provenance: provenance as never }))
      .provenance;

  it("may hold null, and be nested 100 deep, but not 101", () => {
    expect(readWith({ a: null, b: [null] })).toEqual({ a: null, b: [null] });
    expect(readWith(nested(100))).toEqual(nested(100));
    expect(() => readWith(nested(101))).toThrow(
      expect.objectContaining({ code: "bad-provenance", got: "deeper nesting" }),
    );
  });

  it("is not written with an integer that JSON has no word for", () => {
    expect(() => readWith({ seed: 2n ** 70n })).toThrow(
      expect.objectContaining({ code: "not-finite", argument: "provenance.seed" }),
    );
  });

  it("options are an object, and missingAsNan is true or false", () => {
    expect(() => decodeTrajectorySet(encodeTrajectorySet(one), 5 as never)).toThrow(
      expect.objectContaining({ argument: "options" }),
    );
    expect(() =>
      decodeTrajectorySet(encodeTrajectorySet(one), { missingAsNan: "yes" as never }),
    ).toThrow(expect.objectContaining({ argument: expect.stringContaining("missingAsNan") }));
  });
});
