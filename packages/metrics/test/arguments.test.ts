import { createSystem, isMclnnError, linearSpring, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import {
  alignEnergy,
  chaosFloor,
  conservation,
  determination,
  errorSeries,
  geometricMeanRelativeError,
  lengths,
  meanSquaredError,
  medianRange,
  observableSeries,
  positionErrors,
  shareOutside,
  slopeError,
  summarise,
  totalOffset,
  validTime,
} from "../src/index.ts";
import { eulerLagrangeViolations, symmetryViolations } from "../src/symmetry.ts";

const system = createSystem({ masses: [1, 2], dimension: 2, potential: pairwise(linearSpring()) });
const state = { time: 0, positions: Float64Array.of(0, 0, 1, 0), velocities: new Float64Array(4) };
const run = {
  particles: 2,
  dimension: 2 as const,
  times: Float64Array.of(0),
  positions: state.positions,
  velocities: state.velocities,
};
const numbers = Float64Array.of(1, 2);
const change = { shift: [1, 1], rotation: [1, 0, 0, 1], permutation: [1, 0] };

/** What is called, right arguments, and what an error says when each is null in turn. */
const ROWS: readonly (readonly [string, unknown, readonly unknown[], readonly string[]])[] = [
  [
    "alignEnergy",
    alignEnergy,
    [linearSpring(), linearSpring(), numbers],
    ["bad-argument learned", "bad-argument truth", "bad-argument separations"],
  ],
  [
    "chaosFloor",
    chaosFloor,
    [system, state, run, () => run, 1e-4],
    [
      "bad-argument system",
      "bad-argument start",
      "bad-argument truth",
      "bad-argument roll",
      "bad-option offset",
    ],
  ],
  [
    "conservation",
    conservation,
    [numbers, numbers, 1],
    ["bad-argument times", "bad-argument series", "bad-shape components"],
  ],
  [
    "determination",
    determination,
    [numbers, numbers],
    ["bad-argument predicted", "bad-argument measured"],
  ],
  [
    "errorSeries",
    errorSeries,
    [system, run, run],
    ["bad-argument system", "bad-argument trajectory", "bad-argument truth"],
  ],
  [
    "geometricMeanRelativeError",
    geometricMeanRelativeError,
    [numbers, numbers, {}],
    ["bad-argument values", "bad-argument truth", "bad-argument options"],
  ],
  ["lengths", lengths, [numbers, 1], ["bad-argument vectors", "bad-option components"]],
  [
    "meanSquaredError",
    meanSquaredError,
    [numbers, numbers],
    ["bad-argument predicted", "bad-argument measured"],
  ],
  ["medianRange", medianRange, [numbers], ["bad-argument values"]],
  [
    "observableSeries",
    observableSeries,
    [system, run],
    ["bad-argument system", "bad-argument trajectory"],
  ],
  ["positionErrors", positionErrors, [run, run], ["bad-argument trajectory", "bad-argument truth"]],
  [
    "shareOutside",
    shareOutside,
    [numbers, [[1, 2]]],
    ["bad-argument separations", "bad-argument ranges"],
  ],
  [
    "slopeError",
    slopeError,
    [linearSpring(), linearSpring(), { separations: numbers }],
    ["bad-argument learned", "bad-argument truth", "bad-argument over"],
  ],
  ["summarise", summarise, [numbers], ["bad-argument errors"]],
  ["totalOffset", totalOffset, [1, 2], ["bad-option offset", "bad-option particles"]],
  [
    "validTime",
    validTime,
    [numbers, numbers, 1],
    ["bad-argument times", "bad-argument errors", "bad-option bound"],
  ],
  [
    "eulerLagrangeViolations",
    eulerLagrangeViolations,
    [system, state],
    ["bad-argument system", "bad-argument state"],
  ],
  [
    "symmetryViolations",
    symmetryViolations,
    [system, state, change],
    ["bad-argument system", "bad-argument state", "bad-argument change"],
  ],
];

function saying(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isMclnnError(error)) return `${error.code} ${error.argument}`;
    throw error;
  }
  return "nothing";
}

describe("null for an argument is refused by its name", () => {
  it.each(ROWS)("%s", (_, called, args, expected) => {
    const f = called as (...given: readonly unknown[]) => unknown;
    expect(saying(() => f(...args))).toBe("nothing");
    expect(args.map((__, k) => saying(() => f(...args.with(k, null))))).toEqual(expected);
  });
});

describe("a part of an argument is refused by its place", () => {
  it.each<[string, () => unknown, string]>([
    [
      "half a separation",
      () => alignEnergy(linearSpring(), linearSpring(), ["1" as never]),
      "not-finite separations",
    ],
    [
      "energies of none",
      () => alignEnergy({} as never, linearSpring(), [1]),
      "bad-argument learned.energy",
    ],
    [
      "a true law without energy",
      () => alignEnergy(linearSpring(), {} as never, [1]),
      "bad-argument truth.energy",
    ],
    [
      "slopes of none",
      () => slopeError({} as never, linearSpring(), { separations: [1] }),
      "bad-argument learned.slope",
    ],
    [
      "a true law without slope",
      () => slopeError(linearSpring(), {} as never, { separations: [1] }),
      "bad-argument truth.slope",
    ],
    [
      "separations that are none",
      () => slopeError(linearSpring(), linearSpring(), { separations: [Number.NaN] }),
      "not-finite over.separations",
    ],
    [
      "ranges that are no array",
      () => slopeError(linearSpring(), linearSpring(), { ranges: 3 as never }),
      "bad-argument over.ranges",
    ],
    [
      "a range of one end",
      () => slopeError(linearSpring(), linearSpring(), { ranges: [[1] as never] }),
      "bad-shape ranges",
    ],
    [
      "a shift that is none",
      () => symmetryViolations(system, state, { ...change, shift: null as never }),
      "bad-argument change.shift",
    ],
    [
      "a rotation of NaN",
      () => symmetryViolations(system, state, { ...change, rotation: [1, 0, 0, Number.NaN] }),
      "not-finite change.rotation",
    ],
    [
      "a permutation of texts",
      () => symmetryViolations(system, state, { ...change, permutation: ["1", "0"] as never }),
      "not-finite change.permutation",
    ],
    [
      "a floor as a text",
      () => geometricMeanRelativeError(numbers, numbers, { floor: "1" as never }),
      "bad-option floor",
    ],
    ["half a vector", () => lengths(numbers, 3), "bad-shape vectors"],
    ["a vector of NaN", () => lengths(Float64Array.of(Number.NaN), 1), "not-finite vectors"],
    [
      "a time of NaN",
      () => validTime(Float64Array.of(Number.NaN), Float64Array.of(1), 1),
      "not-finite times",
    ],
    [
      "one time, of NaN",
      () => conservation(Float64Array.of(Number.NaN), Float64Array.of(1)),
      "not-finite times",
    ],
    [
      "a start of other particles",
      () => chaosFloor(system, { ...state, positions: numbers }, run, () => run),
      "bad-shape start.positions",
    ],
    ["a text among values", () => medianRange(["1" as never, 2]), "not-finite values"],
  ])("%s", (_, work, expected) => {
    expect(saying(work)).toBe(expected);
  });

  it("counts particles from none on, and a floor may be 1", () => {
    expect(totalOffset(2, 0)).toBeCloseTo(0, 300);
    expect(geometricMeanRelativeError(numbers, numbers, { floor: 1 })).toBe(1);
  });
});
