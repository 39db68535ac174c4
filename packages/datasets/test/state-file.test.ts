import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { parseState } from "../src/index.ts";

const good = {
  masses: [1, 2],
  positions: [
    [0, 0],
    [1, 0],
  ],
  velocities: [
    [0, 0],
    [0, 0.5],
  ],
};

describe("parseState", () => {
  it("reads two and three dimensions, charges and time", () => {
    const { masses, state, dimension, charges } = parseState(
      JSON.stringify({ ...good, charges: [1, -1], time: 2 }),
    );
    expect([...masses]).toEqual([1, 2]);
    expect(dimension).toBe(2);
    expect(state).toEqual({
      time: 2,
      positions: Float64Array.of(0, 0, 1, 0),
      velocities: Float64Array.of(0, 0, 0, 0.5),
    });
    expect(charges).toEqual(Float64Array.of(1, -1));
    expect(
      parseState('{"masses":[1],"positions":[[1,2,3]],"velocities":[[0,0,0]]}').dimension,
    ).toBe(3);
  });

  it("reads species, and leaves them out where there are none", () => {
    expect(parseState(JSON.stringify({ ...good, species: [1, 0] })).species).toEqual(
      Int32Array.of(1, 0),
    );
    expect(parseState(JSON.stringify(good))).not.toHaveProperty("species");
  });

  it("leaves charges out where there are none, and calls itself `state` where it has no name", () => {
    expect(parseState(JSON.stringify(good))).not.toHaveProperty("charges");
    expect(() => parseState("{")).toThrow(/contents of state cannot be used: expected JSON, got/);
  });

  it.each<[unknown, RegExp]>([
    [[1, "a"], /got a list with a string at index 1\./],
    [[1, null], /got a list with null at index 1\./],
    [[[1], 1], /got a list with a list at index 0\./],
    [[1, { a: 1 }], /got a list with a object at index 1\./],
    [{ 0: 1 }, /got an object\./],
    ["x".repeat(100), /got x{60}\./],
    [null, /got null\./],
    [false, /got false\./],
  ])("says what came instead of a list of numbers: %j", (charges, message) => {
    expect(() => parseState(JSON.stringify({ ...good, charges }))).toThrow(message);
  });

  it.each<[string, string, string, RegExp]>([
    ["null", "null", "bad-json", /expected an object, got null/],
    ["a number", "3", "bad-json", /expected an object, got 3/],
    ["a word", '"x"', "bad-json", /expected an object, got x/],
    [
      "positions that are no list",
      JSON.stringify({ ...good, positions: 3 }),
      "bad-shape",
      /positions of start.json .*a list of vectors, got number/,
    ],
    [
      "charges in words",
      JSON.stringify({ ...good, charges: ["a", 1] }),
      "bad-shape",
      /charges of start.json/,
    ],
    [
      "species in words",
      JSON.stringify({ ...good, species: ["a", 1] }),
      "bad-shape",
      /species of start.json/,
    ],
    ...(
      [
        [
          "too few species",
          [0],
          "bad-shape",
          /start.json: species.*2 numbers .2 particles., got 1/,
        ],
        ["half a species", [0, 0.5], "bad-species", /start.json: .*particle 1.*from 0.*got 0.5/],
        ["a species below 0", [-1, 0], "bad-species", /particle 0.*got -1/],
        ["a species too large", [0, 2 ** 32], "bad-species", /particle 1.*got 4294967296/],
        ["species by name", ["A", "B"], "bad-shape", /species of start.json.*a list of numbers/],
        ["one species for all", 1, "bad-shape", /species of start.json.*a list of numbers, got 1/],
        ["null for species", null, "bad-shape", /species of start.json.*got null/],
      ] as const
    ).map(([what, species, code, text]): [string, string, string, RegExp] => [
      what,
      JSON.stringify({ ...good, species }),
      code,
      text,
    ]),
    ["no JSON", "{", "bad-json", /contents of start.json/],
    ["a list", "[]", "bad-json", /an object, got a list/],
    [
      "no velocities",
      JSON.stringify({ masses: [1], positions: [[0, 0]] }),
      "missing-key",
      /velocities of start.json/,
    ],
    ["a mistyped key", JSON.stringify({ ...good, velocity: [] }), "unknown-key", /velocity/],
    [
      "unequal lengths",
      JSON.stringify({ ...good, masses: [1, 2, 3] }),
      "bad-shape",
      /3 vectors, one a mass, got 2/,
    ],
    [
      "mixed dimensions",
      JSON.stringify({
        ...good,
        positions: [
          [0, 0],
          [1, 0, 0],
        ],
      }),
      "bad-shape",
      /2 components/,
    ],
    [
      "text",
      JSON.stringify({ ...good, masses: ["1", 2] }),
      "bad-shape",
      /masses of start.json.*a list of numbers/,
    ],
    [
      "null for NaN",
      JSON.stringify({
        ...good,
        velocities: [
          [0, Number.NaN],
          [0, 0],
        ],
      }),
      "bad-shape",
      /velocities\[0\]/,
    ],
    [
      "one dimension",
      JSON.stringify({ masses: [1], positions: [[0]], velocities: [[0]] }),
      "bad-shape",
      /2 or 3 components/,
    ],
    [
      "a mass of 0",
      JSON.stringify({ ...good, masses: [1, 0] }),
      "bad-mass",
      /start.json: masses cannot be used: expected .*above 0, got 0 at index 1/,
    ],
    [
      "an overflow",
      '{"masses":[1],"positions":[[1e999,0]],"velocities":[[0,0]]}',
      "not-finite",
      /start.json: positions\[0\] cannot be used: .*got Infinity at index 0/,
    ],
    [
      "no particles",
      '{"masses":[],"positions":[],"velocities":[]}',
      "bad-shape",
      /masses of start.json.*one or more particles/,
    ],
    [
      "charges of other particles",
      JSON.stringify({ ...good, charges: [1] }),
      "bad-shape",
      /start.json: charges cannot be used: expected 2 numbers .2 particles., got 1/,
    ],
    ["a time in words", JSON.stringify({ ...good, time: "now" }), "bad-shape", /time of start/],
    [
      "particles at one point",
      JSON.stringify({
        ...good,
        positions: [
          [1, 0],
          [1, 0],
        ],
      }),
      "coincident-particles",
      /particles 0 and 1 at one point/,
    ],
  ])("refuses %s", (_, text, code, message) => {
    let caught: unknown;
    try {
      parseState(text, { source: "start.json" });
    } catch (error) {
      caught = error;
    }
    expect(isMclnnError(caught) && [caught.kind, caught.code]).toEqual(["input", code]);
    expect(String(caught)).toMatch(message);
  });
});

describe("what is not even asked about a state file", () => {
  it.each<[string, () => unknown, object]>([
    ["a text that is none", () => parseState(5 as never), { code: "bad-json", argument: "text" }],
    ["options that are none", () => parseState("{}", 5 as never), { argument: "options" }],
    [
      "a source that is no text",
      () => parseState("{}", { source: 5 as never }),
      { argument: expect.stringContaining("source") },
    ],
  ])("%s is refused by its name", (_, call, error) => {
    expect(call).toThrow(expect.objectContaining(error));
  });
});
