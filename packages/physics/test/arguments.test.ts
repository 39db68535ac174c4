import { describe, expect, it } from "vitest";
import {
  checkArgument,
  checkBodies,
  checkForce,
  checkLength,
  checkPair,
  checkRanges,
  checkState,
  checkSystem,
  checkTrajectory,
  described,
  dictionaryOf,
  listOf,
  optional,
  type Requirement,
  room,
} from "../src/arguments/index.ts";
import {
  createSystem,
  isMclnnError,
  linearSpring,
  type MclnnError,
  pairwise,
} from "../src/index.ts";

const sparse = [1, 2, 3];
delete sparse[1];
const floats = (...numbers: number[]): Float64Array => Float64Array.of(...numbers);

function refusal(work: () => unknown): MclnnError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (isMclnnError(error)) return error;
    throw error;
  }
}

describe("what came, in words", () => {
  it.each<[unknown, string]>([
    [undefined, "undefined"],
    [null, "null"],
    [Number.NaN, "NaN"],
    [-0.5, "-0.5"],
    [true, "true"],
    ["3", '"3"'],
    ["", '""'],
    [10n, "10n"],
    [Symbol("s"), "Symbol(s)"],
    [() => 1, "a function"],
    [Promise.resolve(1), "a promise, not awaited"],
    [[1, 2], "Array of 2"],
    [new Float32Array(3), "Float32Array of 3"],
    [{}, "Object without content"],
    [{ start: 1, points: 2 }, "Object with start, points"],
    [Object.create(null), "Object without content"],
    [new Map([["a", 1]]), "Map without content"],
    [new Date(0), "Date without content"],
    [
      Object.fromEntries(Array.from("abcdefghij", (key) => [key, 1])),
      "Object with a, b, c, d, e, f, g, h",
    ],
  ])("%o", (value, words) => {
    expect(described(value)).toBe(words);
  });
});

describe("kinds of values", () => {
  const numbers = [0, 1, -1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY];
  const others = ["1", null, undefined, true, [], {}, () => 1, 1n, Symbol("s")];
  it.each<[Requirement, readonly unknown[], string]>([
    ["number", [0, 1, -1, 0.5, 2 ** 53], "bad-option"],
    ["finite", [0, 1, -1, 0.5, 2 ** 53], "not-finite"],
    ["positive", [1, 0.5, 2 ** 53], "bad-option"],
    ["whole", [0, 1, -1], "bad-option"],
    ["index", [0, 1], "bad-option"],
    ["count", [1], "bad-option"],
    ["flag", [true], "bad-option"],
    ["dimension", [], "bad-dimension"],
    ["text", ["1"], "bad-argument"],
    ["function", [others[6]], "bad-argument"],
    ["list", [others[4]], "bad-argument"],
    ["numbers", [others[4]], "bad-argument"],
    ["masses", [others[4]], "bad-argument"],
    ["float64", [], "bad-argument"],
    ["floats", [], "bad-argument"],
    ["bytes", [], "bad-argument"],
    [{}, [others[4], others[5], others[6]], "bad-argument"],
    [["1", true], ["1", true], "bad-option"],
    ["count?", [1, undefined], "bad-option"],
    ["text?", ["1", undefined], "bad-argument"],
    [optional({}), [others[4], others[5], others[6], undefined], "bad-argument"],
  ])("%o lets pass what it is, and refuses all else with its code", (kind, good, code) => {
    for (const value of [...numbers, ...others]) {
      const error = refusal(() => checkArgument("x", value, kind));
      expect([value, error?.code]).toEqual([value, good.includes(value) ? undefined : code]);
      if (error !== null)
        expect(error).toMatchObject({ argument: "x", got: described(value), kind: "input" });
    }
  });

  it.each<[Requirement, unknown]>([
    ["dimension", 2],
    ["dimension", 3],
    ["list", "abc".split("")],
    ["list", new Uint8Array(2)],
    ["numbers", [1, -2]],
    ["numbers", { length: 1, 0: 5 }],
    ["masses", floats(1, 1e-300)],
    ["float64", floats(Number.NaN)],
    ["floats", floats(1)],
    ["bytes", new Uint8Array(1)],
    ["bytes", Buffer.from("a")],
  ])("%o lets pass %o", (kind, value) => {
    expect(refusal(() => checkArgument("x", value, kind))).toBeNull();
  });

  it.each<[Requirement, unknown, string, string, string]>([
    ["numbers", [1, Number.NaN], "not-finite", "finite numbers", "NaN at index 1"],
    ["numbers", sparse, "not-finite", "finite numbers", "undefined at index 1"],
    ["numbers", ["1"], "not-finite", "finite numbers", '"1" at index 0'],
    ["floats", floats(1, 1 / 0), "not-finite", "finite numbers", "Infinity at index 1"],
    ["masses", [1, 0], "bad-mass", "finite numbers above 0", "0 at index 1"],
    ["masses", sparse, "bad-mass", "finite numbers above 0", "undefined at index 1"],
    ["list", { length: -1 }, "bad-argument", "an array", "Object of -1"],
    ["list", "abc", "bad-argument", "an array", '"abc"'],
    ["float64", new Float32Array(1), "bad-argument", "a Float64Array", "Float32Array of 1"],
    ["bytes", floats(1), "bad-argument", "a Uint8Array", "Float64Array of 1"],
    [["a", "b", undefined], "c", "bad-option", "a, b", '"c"'],
    [{ a: "number", b: "text" }, null, "bad-argument", "an object with a, b", "null"],
    [{}, "x", "bad-argument", "an object", '"x"'],
    [{}, Promise.resolve({}), "bad-argument", "an object", "a promise, not awaited"],
  ])("%o refuses %o: %s", (kind, value, code, expected, got) => {
    const error = refusal(() => checkArgument("x", value, kind));
    expect(error).toMatchObject({ code, expected, got, argument: "x" });
  });

  it("names the place inside an object, and options by their own names", () => {
    const inside = { part: { dt: "positive" } } as const;
    const wrong = { part: { dt: 0 } };
    expect(refusal(() => checkArgument("run", wrong, inside))?.argument).toBe("run.part.dt");
    expect(refusal(() => checkArgument("options", wrong, inside))?.argument).toBe("part.dt");
    const list = listOf({ a: "count" });
    expect(refusal(() => checkArgument("x", [{ a: 1 }, { a: 0 }], list))?.argument).toBe("x[1].a");
    expect(refusal(() => checkArgument("x", 3, list))?.code).toBe("bad-argument");
    const by = dictionaryOf("text");
    expect(refusal(() => checkArgument("x", { k: "v", l: 1 }, by))?.argument).toBe("x.l");
    expect(refusal(() => checkArgument("x", null, by))?.argument).toBe("x");
  });

  it("gives the code and the mend that are asked for", () => {
    const hints = { code: "bad-cutoff", mend: "Cut further out." };
    const error = refusal(() => checkArgument("cutoff", Number.NaN, "number", hints));
    expect(error).toMatchObject(hints);
    expect(error?.message).toBe(
      "cutoff cannot be used: expected a finite number, got NaN. Cut further out.",
    );
  });
});

describe("the things of mechanics", () => {
  const system = createSystem({
    masses: [1, 2],
    dimension: 2,
    potential: pairwise(linearSpring()),
  });
  const state = { time: 0, positions: floats(0, 0, 1, 0), velocities: new Float64Array(4) };
  const run = { particles: 2, dimension: 2, times: floats(0, 1), positions: new Float64Array(8) };
  const checked =
    (changes: object): (() => void) =>
    () =>
      checkTrajectory("run", { ...run, ...changes } as never);

  it("lets pass what they are", () => {
    checkSystem(system);
    checkState("state", state, system);
    checkState("state", { ...state, positions: [0, 0, 1, 0] as never }, system);
    checkTrajectory("run", run as never);
    checkTrajectory(
      "run",
      { ...run, positions: floats(...Array(8).fill(Number.NaN)) } as never,
      "float64",
    );
    checkRanges("ranges", [[1, 2]]);
    expect(room("records", 3)).toEqual(new Float64Array(3));
  });

  it.each<[string, () => unknown, string, string]>([
    ["no bodies", () => checkBodies("b", undefined as never), "bad-argument", "b"],
    [
      "a hole in the masses",
      () => checkBodies("b", { masses: sparse, dimension: 2 } as never),
      "bad-mass",
      "b.masses",
    ],
    [
      "dimension 0",
      () => checkBodies("b", { ...system, dimension: 0 as never }),
      "bad-dimension",
      "b.dimension",
    ],
    [
      "a charge too many",
      () => checkBodies("b", { ...system, charges: floats(1, 1, 1) }),
      "bad-shape",
      "b.charges",
    ],
    [
      "a species too few",
      () => checkBodies("b", { ...system, species: Int32Array.of(0) }),
      "bad-shape",
      "b.species",
    ],
    [
      "no potential",
      () => checkSystem({ ...system, potential: undefined as never }),
      "bad-potential",
      "system.potential",
    ],
    [
      "forces missing",
      () => checkForce("p", { ...system.potential, addForces: 1 as never }),
      "bad-potential",
      "p.addForces",
    ],
    [
      "a pair without slope",
      () => checkPair("pair", { name: "x", energy: () => 1 } as never),
      "bad-potential",
      "pair.slope",
    ],
    [
      "a potential of all particles for a pair",
      () => pairwise(system.potential as never),
      "bad-potential",
      "pair",
    ],
    [
      "a coupling that is none",
      () => checkPair("pair", { ...linearSpring(), coupling: "x" as never }),
      "bad-potential",
      "pair.coupling",
    ],
    [
      "no time",
      () => checkState("s", { ...state, time: undefined as never }, system),
      "not-finite",
      "s.time",
    ],
    [
      "positions of others",
      () => checkState("s", { ...state, positions: floats(1, 2) }, system),
      "bad-shape",
      "s.positions",
    ],
    [
      "velocities of others",
      () => checkState("s", { ...state, velocities: floats(1, 2) }, system),
      "bad-shape",
      "s.velocities",
    ],
    ["positions of no record", checked({ times: floats(0) }), "bad-shape", "run.positions"],
    [
      "velocities of one record",
      checked({ velocities: floats(1, 1, 1, 1) }),
      "bad-shape",
      "run.velocities",
    ],
    ["times that are none", checked({ times: floats(0, Number.NaN) }), "not-finite", "run.times"],
    [
      "positions that are none",
      checked({ positions: floats(...Array(8).fill(Number.NaN)) }),
      "not-finite",
      "run.positions",
    ],
    ["half a particle", checked({ particles: 0.5 }), "bad-option", "run.particles"],
    ["half a range", () => checkRanges("ranges", [[1] as never]), "bad-shape", "ranges"],
    ["a range of nothing", () => checkRanges("ranges", [null as never]), "bad-argument", "ranges"],
    ["too much room", () => room("records", 2 ** 53), "out-of-memory", "records"],
  ])("refuses %s", (_, work, code, argument) => {
    expect(refusal(work)).toMatchObject({ code, argument });
  });

  it("says what a length should be made of", () => {
    const error = refusal(() => checkLength("x", [1], [2, "records"], [3]));
    expect(error?.message).toBe("x cannot be used: expected 6 numbers (2 records x 3), got 1.");
    expect(refusal(() => checkLength("x", [1, 2], [2]))).toBeNull();
  });
});
