import { describe, expect, it } from "vitest";
import {
  angularMomentum,
  createState,
  createSystem,
  linearSpring,
  type Potential,
  pairwise,
  pairwiseBySpecies,
  separations,
  stateAt,
} from "../src/index.ts";

const potential = (): Potential => pairwise(linearSpring());
const two = (more: object) => () =>
  createSystem({ masses: [1, 2], dimension: 2, potential: potential(), ...more });
const state = (more: object) => () =>
  createState({ positions: [0, 0, 1, 0], velocities: [0, 0, 0, 1], ...more }, { dimension: 2 });

describe("a system", () => {
  it("has charges and species where it is given them, and no such keys where it is not", () => {
    expect(Object.keys(two({})())).toEqual(["masses", "dimension", "potential"]);
    expect(two({ charges: [1, -1], species: [0, 2 ** 31 - 1] })()).toMatchObject({
      masses: Float64Array.of(1, 2),
      charges: Float64Array.of(1, -1),
      species: Int32Array.of(0, 2 ** 31 - 1),
    });
  });

  it.each<[string, object, string, string, string]>([
    ["no masses", { masses: undefined }, "bad-argument", "masses", "undefined"],
    ["masses of nothing", { masses: [] }, "bad-shape", "masses", "none"],
    ["a mass of 0", { masses: [1, 0] }, "bad-mass", "masses", "0 at index 1"],
    ["a mass without end", { masses: [1 / 0, 1] }, "bad-mass", "masses", "Infinity at index 0"],
    ["a charge too few", { charges: [1] }, "bad-shape", "charges", "1"],
    ["a charge of NaN", { charges: [Number.NaN, 1] }, "not-finite", "charges", "NaN at index 0"],
    ["a species too many", { species: [0, 0, 0] }, "bad-shape", "species", "3"],
    ["a species below 0", { species: [0, -1] }, "bad-species", "species", "-1"],
    ["half a species", { species: [0.5, 0] }, "bad-species", "species", "0.5"],
    ["a species of 2^31", { species: [0, 2 ** 31] }, "bad-species", "species", "2147483648"],
  ])("of %s is refused", (_, more, code, argument, got) => {
    expect(two(more)).toThrow(expect.objectContaining({ code, argument, got }));
  });
});

describe("a state", () => {
  it.each<[string, object, string, string, string]>([
    [
      "whose first position is NaN",
      { positions: [Number.NaN, 0, 1, 0] },
      "not-finite",
      "positions",
      "NaN at index 0",
    ],
    [
      "of one velocity without end",
      { velocities: [0, 0, 1 / 0, 0] },
      "not-finite",
      "velocities",
      "Infinity at index 2",
    ],
    ["of a velocity too few", { velocities: [0, 0] }, "bad-shape", "velocities", "1"],
    ["of numbers and a vector", { positions: [0, 0, [1, 0]] }, "bad-shape", "positions", "object"],
    ["of vectors and a number", { positions: [[0, 0], 1] }, "bad-shape", "positions", "number"],
    [
      "of a vector too long",
      {
        velocities: [
          [0, 0, 0],
          [0, 0],
        ],
      },
      "bad-shape",
      "velocities",
      "3",
    ],
  ])("%s is refused", (_, more, code, argument, got) => {
    expect(state(more)).toThrow(expect.objectContaining({ code, argument, got }));
  });
});

it("separations of three particles are those of their pairs, row by row", () => {
  const positions = Float64Array.of(1, 1, 1, 4, 5, 1, 1, 1, 13);
  const expected = [5, 12, 13];
  const found = separations(positions, { particles: 3, dimension: 3 });
  expect([...found]).toEqual(expected);
  const out = new Float64Array(3);
  expect(separations(positions, { particles: 3, dimension: 3 }, out)).toBe(out);
  expect([...out]).toEqual(expected);
});

it("angular momentum names which of its arrays does not fit", () => {
  const bodies = { masses: Float64Array.of(1, 1), dimension: 2 as const };
  const [fit, other] = [new Float64Array(4), new Float64Array(5)];
  for (const [argument, run] of [
    ["positions", () => angularMomentum(bodies, other, fit)],
    ["velocities", () => angularMomentum(bodies, fit, other)],
  ] as const)
    expect(run).toThrow(expect.objectContaining({ code: "bad-shape", argument, got: "5" }));
});

it("records of a trajectory are copied, the first and the last too, with their velocities", () => {
  const trajectory = {
    particles: 1,
    dimension: 2 as const,
    times: Float64Array.of(3, 4),
    positions: Float64Array.of(0, 1, 2, 3),
    velocities: Float64Array.of(4, 5, 6, 7),
  };
  expect([0, 1].map((record) => stateAt(trajectory, record))).toEqual([
    { time: 3, positions: Float64Array.of(0, 1), velocities: Float64Array.of(4, 5) },
    { time: 4, positions: Float64Array.of(2, 3), velocities: Float64Array.of(6, 7) },
  ]);
});

it("laws by species show the lower species first, however they were given", () => {
  const pair = linearSpring();
  const { pairs } = pairwiseBySpecies([
    { species: [0, 1], pair },
    { species: [2, 1], pair },
  ]);
  expect(pairs?.map(({ species }) => species)).toEqual([
    [0, 1],
    [1, 2],
  ]);
});
