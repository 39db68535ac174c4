import { encodeNpz, encodeTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { describeFile as factsOfFile } from "../src/inspect/describe-file.ts";
import { membersOf, textsOf } from "../src/terminal/fact.ts";
import { refusal } from "./refusal.ts";

/** What a file holds, for people and for programs. */
const describeFile = async (bytes: Uint8Array, path: string) => {
  const { kind, facts } = await factsOfFile(bytes, path);
  return { kind, facts: textsOf(facts), json: membersOf(facts) };
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const jsonBytes = (value: unknown): Uint8Array => bytesOf(JSON.stringify(value));

const SET: TrajectorySet = {
  ...{ trajectories: 2, records: 3, particles: 2, dimension: 2 },
  masses: Float64Array.of(1, 2.5),
  times: Float64Array.of(0, 0.5, 1),
  // The first body stays, the second goes from (1, 0) away by 1 a record, in the second trajectory to the other side.
  positions: Float64Array.from([0, 1, 2, 0, -1, -2].flatMap((x) => [0, 0, x < 0 ? x : x + 1, 0])),
  provenance: { made: "by hand" },
};

describe("what a file of trajectories holds", () => {
  it("in words and for programs", async () => {
    const described = await describeFile(encodeTrajectorySet(SET), "x.npz");
    expect(described.kind).toBe("trajectories");
    expect(described.facts).toEqual([
      ["format", "NPZ"],
      ["trajectories", "2"],
      ["records", "3 each, record 0 is the start"],
      ["particles", "2 in 2 dimensions"],
      ["masses", "1, 2.5"],
      ["separations", "1 to 3"],
      ["times", "0 to 1, 0.5 apart"],
      ["velocities", "none (positions only)"],
      ["digits", "positions are written with 1"],
      ["provenance", '{"made":"by hand"}'],
      ["train", "learns a pair law from positions alone, and their noise with it"],
    ]);
    expect(described.json).toEqual({
      ...{ format: "NPZ", trajectories: 2, records: 3, particles: 2, dimension: 2, species: 1 },
      ...{ box: null, periodic: [false, false, false], wrapped: null, units: null },
      masses: SET.masses,
      times: { first: 0, last: 1, spacing: 0.5 },
      ...{ timeUnit: "time", velocities: "absent", digits: 1, noise: null },
      missing: 0,
      shortest: 3,
      separations: [1, 3],
      provenance: SET.provenance,
      remarks: [],
      train: "learns a pair law from positions alone, and their noise with it",
    });
  });

  it("and what records show by themselves: velocities of another unit", async () => {
    const records = 40;
    const times = Float64Array.from({ length: records }, (_, k) => 0.1 * k);
    const circle = (f: (t: number) => readonly [number, number]): Float64Array =>
      Float64Array.from([...times].flatMap((t) => [...f(t), ...f(t).map((x) => -x)]));
    const set = {
      ...{ ...SET, trajectories: 1, records, times },
      positions: circle((t) => [Math.cos(t), Math.sin(t)]),
      velocities: circle((t) => [-1000 * Math.sin(t), 1000 * Math.cos(t)]),
    };
    const { facts, json } = await describeFile(encodeTrajectorySet(set), "x.npz");
    const said = /^velocities are 1000 times what the positions' differences/;
    expect(facts).toContainEqual(["remark", expect.stringMatching(said)]);
    expect(json).toMatchObject({ remarks: [expect.stringMatching(said)] });
  });

  it("of which some was not seen, of unequal length; with velocities", async () => {
    const observed = Uint8Array.of(1, 1, 0, 1, 1, 1, /**/ 1, 1, 1, 0, 0, 0);
    const positions = SET.positions.map((x, k) => (observed[k >> 1] === 1 ? x : Number.NaN));
    const set = { ...SET, observed, positions, velocities: positions };
    const { facts, json } = await describeFile(encodeTrajectorySet(set), "x.npz");
    expect(facts).toContainEqual([
      "missing",
      "4 of 12 observations; trajectories of 2 to 3 records",
    ]);
    expect(Object.fromEntries(facts)).toMatchObject({ velocities: "given", separations: "1 to 3" });
    expect(json).toMatchObject({
      missing: 4,
      shortest: 2,
      velocities: "given",
      separations: [1, 3],
    });
    const all = { ...set, observed: observed.map((x, k) => (k > 8 ? 1 : x)) };
    const full = {
      ...all,
      positions: SET.positions.map((x, k) => (all.observed[k >> 1] === 1 ? x : Number.NaN)),
    };
    const again = await describeFile(
      encodeTrajectorySet({ ...full, velocities: full.positions }),
      "x.npz",
    );
    expect(again.facts).toContainEqual(["missing", "1 of 12 observations"]);
  });

  it("of bodies that are always as far from each other, and begin later", async () => {
    const set = {
      ...SET,
      times: SET.times.map((t) => t + 3),
      positions: SET.positions.map((_, k) => Number(k % 4 === 2)),
    };
    const { facts } = await describeFile(encodeTrajectorySet(set), "x.npz");
    expect(Object.fromEntries(facts)).toMatchObject({
      times: "3 to 4, 0.5 apart",
      separations: "1 to 1",
    });
  });

  it("of one record and one body: no spacing, no separations", async () => {
    const set: TrajectorySet = {
      ...{ trajectories: 1, records: 1, particles: 1, dimension: 2 },
      ...{ masses: Float64Array.of(1), times: Float64Array.of(3), provenance: {} },
      positions: Float64Array.of(1, 2),
    };
    const { facts, json } = await describeFile(encodeTrajectorySet(set), "x.npz");
    expect(Object.fromEntries(facts)).toMatchObject({ times: "3 to 3", separations: "none" });
    expect(json).toMatchObject({ times: { first: 3, last: 3, spacing: null }, separations: null });
  });

  it("that are no trajectories are arrays", async () => {
    const bytes = encodeNpz(
      new Map([
        ["r", { shape: [2, 1], data: Float64Array.of(1, 2) }],
        ["n", { shape: [], data: Int32Array.of(1) }],
      ]),
    );
    const arrays = [
      { name: "r", dtype: "<f8", shape: [2, 1] },
      { name: "n", dtype: "<i4", shape: [] },
    ];
    expect(await describeFile(bytes, "x.npz")).toEqual({
      kind: "arrays",
      facts: [
        ["r", "<f8 [2 x 1]"],
        ["n", "<i4 []"],
      ],
      json: { arrays },
    });
  });
});

describe("what a JSON file holds", () => {
  it.each<[string, unknown, unknown]>([
    [
      "a state",
      {
        masses: [1, 2],
        positions: [
          [0, 1],
          [2, 3],
        ],
        velocities: [
          [0, 0],
          [0.12345, 0],
        ],
        time: 4,
      },
      {
        kind: "state",
        facts: [
          ["bodies", "2 in 2 dimensions"],
          ["masses", "1, 2"],
          ["positions", "0, 1, 2, 3"],
          ["velocities", "0, 0, 0.1235, 0"],
        ],
        json: {
          ...{ particles: 2, dimension: 2, time: 4 },
          masses: Float64Array.of(1, 2),
          positions: Float64Array.of(0, 1, 2, 3),
          velocities: Float64Array.of(0, 0, 0.12345, 0),
        },
      },
    ],
    [
      "results",
      { version: 1, seed: 7, systems: { gravity: { models: { mclnn: {}, lnn: {} } }, own: {} } },
      {
        kind: "results",
        facts: [
          ["version", "1"],
          ["seed", "7"],
          ["gravity", "mclnn, lnn"],
          ["own", ""],
        ],
        json: { version: 1, seed: 7, systems: { gravity: ["mclnn", "lnn"], own: [] } },
      },
    ],
    [
      "results as a stranger may write them",
      { version: { toString: 1 }, systems: { a: null, b: [1], c: { models: "x" } } },
      {
        kind: "results",
        facts: [
          ["version", '{"toString":1}'],
          ["seed", "none"],
          ...["a", "b", "c"].map((name) => [name, ""]),
        ],
        json: { version: { toString: 1 }, seed: undefined, systems: { a: [], b: [], c: [] } },
      },
    ],
    [
      "results with words for numbers, and a list for systems",
      { version: "two", seed: "x", systems: [1] },
      {
        kind: "results",
        facts: [
          ["version", "two"],
          ["seed", "x"],
        ],
        json: { version: "two", seed: "x", systems: {} },
      },
    ],
    [
      "a law",
      { r: [0.5, 1, 2000.25], slope: [1, 2, 3], energy: [1, 2, 3], name: "x" },
      {
        kind: "law",
        facts: [
          ["points", "3"],
          ["separations", "0.5 to 2000"],
          ["columns", "r, slope, energy"],
        ],
        json: { points: 3, separations: [0.5, 2000.25] },
      },
    ],
  ])("%s", async (_, value, expected) => {
    expect(await describeFile(jsonBytes(value), "x.json")).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ["an object of other things", { a: 1, b: 2 }, "keys a, b"],
    [
      "more keys than are said",
      Object.fromEntries([..."abcdefghij"].map((k) => [k, 0])),
      "keys a, b, c, d, e, f, g, h",
    ],
    ["nothing in it", {}, "keys none"],
    ["a list", [1, 2], "keys none"],
    ["a number", 5, "keys none"],
    ["null", null, "keys none"],
    ["systems alone", { systems: {} }, "keys systems"],
    ["a version alone", { version: 1 }, "keys version"],
    ["a law without points", { r: [], slope: [] }, "keys r, slope"],
    ["a law of words", { r: ["1"], slope: [1] }, "keys r, slope"],
    ["a law with words for slopes", { r: [1], slope: ["1"] }, "keys r, slope"],
    ["a law with words among its slopes", { r: [1, 2], slope: [1, "2"] }, "keys r, slope"],
    ["a law with a slope too few", { r: [1, 2], slope: [1] }, "keys r, slope"],
    ["a law without slopes", { r: [1, 2] }, "keys r"],
    ["a law that is no columns", { r: 1, slope: 1 }, "keys r, slope"],
  ])("is unknown: %s", async (_, value, got) => {
    expect(await refusal(describeFile(jsonBytes(value), "x.json"))).toMatchObject({
      code: "unknown-file",
      argument: "path",
      got,
      message: expect.stringContaining("x.json is JSON of an unknown kind"),
    });
  });

  it.each([["masses"], ["positions"]])(
    "is a state with %s alone, and refused as one",
    async (key) => {
      expect(await refusal(describeFile(jsonBytes({ [key]: [1] }), "x.json"))).toMatchObject({
        code: "missing-key",
        message: expect.stringContaining("x.json"),
      });
    },
  );
});

describe("what is none of these", () => {
  it.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(0), "an empty file"],
    ["JSON that is no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "3 bytes of something else"],
    ["a zip's first letter", bytesOf("PP"), "2 bytes of something else"],
    ["a zip's second letter", bytesOf("KK"), "2 bytes of something else"],
    [
      "a large number before a brace",
      Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0x7b),
      "9 bytes of something else",
    ],
    ["no brace", new Uint8Array(9), "9 bytes of something else"],
  ])("%s", async (_, bytes, got) => {
    expect(await refusal(describeFile(bytes, "x.y"))).toMatchObject({
      ...{ code: "unknown-file", argument: "path", got },
      message: expect.stringContaining("x.y holds nothing known"),
    });
  });

  it.each<[string, Uint8Array, string]>([
    ["an archive", bytesOf("PKK"), "bad-zip"],
    ["a model", Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0x7b), "bad-safetensors"],
    [
      "trajectories",
      encodeNpz(new Map([["positions", { shape: [1], data: Float64Array.of(1) }]])),
      "ambiguous-axes",
    ],
  ])("what begins as %s is refused as one", async (_, bytes, code) => {
    expect(await refusal(describeFile(bytes, "x.y"))).toMatchObject({
      code,
      message: expect.stringContaining("x.y"),
    });
  });
});
