import {
  createSystem,
  gravity,
  isMclnnError,
  linearSpring,
  pairwise,
  stateAt,
  type Trajectory,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import {
  alignEnergy,
  chaosFloor,
  conservation,
  determination,
  errorSeries,
  geometricMeanRelativeError,
  meanSquaredError,
  medianRange,
  observableSeries,
  positionErrors,
  slopeError,
  validTime,
} from "../src/index.ts";

const BINARY = createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(gravity()) });

/** Numbers all different, as many as the shape says. */
function run(particles: number, dimension: 2 | 3, records = 2): Trajectory {
  const size = records * particles * dimension;
  return {
    particles,
    dimension,
    times: Float64Array.from({ length: records }, (_, k) => k),
    positions: Float64Array.from({ length: size }, (_, k) => k + 1),
    velocities: Float64Array.from({ length: size }, (_, k) => 0.5 * k),
  };
}
const PAIR = run(2, 2);
const numbers = (...values: number[]): Float64Array => Float64Array.from(values);
const constant = (value: number) => ({ energy: () => value, slope: () => value });

describe("refusals, by code and argument", () => {
  const rows: [string, () => unknown, { code: string; argument: string }][] = [
    [
      "a whole run of one particle for a system of two",
      () => observableSeries(BINARY, run(1, 2)),
      { code: "bad-shape", argument: "trajectory" },
    ],
    [
      "a whole run in another dimension",
      () => observableSeries(BINARY, run(2, 3)),
      { code: "bad-shape", argument: "trajectory" },
    ],
    [
      "positions of one record too many",
      () => observableSeries(BINARY, { ...PAIR, positions: run(2, 2, 3).positions }),
      { code: "bad-shape", argument: "trajectory.positions" },
    ],
    [
      "velocities of one record too few",
      () => observableSeries(BINARY, { ...PAIR, velocities: numbers(1, 2, 3, 4) }),
      { code: "bad-shape", argument: "trajectory.velocities" },
    ],
    [
      "times that part at the last record only",
      () => errorSeries(BINARY, { ...PAIR, times: numbers(0, 1 + 2e-9) }, PAIR),
      { code: "different-times", argument: "trajectory" },
    ],
    [
      "times that are no numbers",
      () => errorSeries(BINARY, { ...PAIR, times: numbers(0, Number.NaN) }, PAIR),
      { code: "not-finite", argument: "trajectory.times" },
    ],
    [
      "positions of other particles",
      () => positionErrors(run(1, 2), PAIR),
      { code: "bad-shape", argument: "trajectory" },
    ],
    [
      "positions in another dimension",
      () => positionErrors(run(2, 3), PAIR),
      { code: "bad-shape", argument: "trajectory" },
    ],
    [
      "a floor of 0",
      () => geometricMeanRelativeError(numbers(1), numbers(1), { floor: 0 }),
      { code: "bad-option", argument: "floor" },
    ],
    [
      "a floor above 1",
      () => geometricMeanRelativeError(numbers(1), numbers(1), { floor: 1.1 }),
      { code: "bad-option", argument: "floor" },
    ],
    [
      "vectors of no component",
      () => geometricMeanRelativeError(numbers(1), numbers(1), { components: 0 }),
      { code: "bad-shape", argument: "components" },
    ],
    [
      "half a vector",
      () => geometricMeanRelativeError(numbers(1, 2, 3), numbers(1, 2, 3), { components: 2 }),
      { code: "bad-shape", argument: "components" },
    ],
    [
      "a bound below 0",
      () => validTime(numbers(0), numbers(0), -1),
      { code: "bad-option", argument: "bound" },
    ],
    [
      "errors without times",
      () => validTime(numbers(), numbers(0), 1),
      { code: "bad-shape", argument: "errors" },
    ],
    [
      "a series of no components",
      () => conservation(numbers(0, 1), numbers(), 0),
      { code: "bad-shape", argument: "components" },
    ],
    [
      "no times",
      () => conservation(numbers(), numbers()),
      { code: "bad-shape", argument: "series" },
    ],
    [
      "a series longer than its times",
      () => conservation(numbers(0, 1), numbers(0, 1, 2)),
      { code: "bad-shape", argument: "series" },
    ],
    [
      "times that go back",
      () => conservation(numbers(0, 2, 1), numbers(0, 1, 2)),
      { code: "different-times", argument: "times" },
    ],
    [
      "a series that diverged",
      () => conservation(numbers(0, 1), numbers(0, Number.POSITIVE_INFINITY)),
      { code: "not-finite", argument: "series" },
    ],
    [
      "alignment over nothing",
      () => alignEnergy(constant(1), constant(1), []),
      { code: "too-little-data", argument: "separations" },
    ],
    [
      "alignment of a law that is not finite",
      () => alignEnergy(constant(Number.NaN), constant(1), [1]),
      { code: "not-finite", argument: "learned" },
    ],
    [
      "alignment with a truth that is not finite",
      () => alignEnergy(constant(1), constant(Number.NaN), [1]),
      { code: "not-finite", argument: "truth" },
    ],
    [
      "alignment of energies whose difference overflows",
      () => alignEnergy(constant(-1e308), constant(1e308), [1]),
      { code: "not-finite", argument: "learned" },
    ],
    [
      "slopes whose difference overflows",
      () => slopeError(constant(-1e308), constant(1e308), { separations: [1] }),
      { code: "not-finite", argument: "learned" },
    ],
    [
      "slopes of a truth that is not finite",
      () => slopeError(constant(1), constant(Number.NaN), { separations: [1] }),
      { code: "not-finite", argument: "truth" },
    ],
    [
      "slopes over no separations",
      () => slopeError(constant(1), constant(1), { separations: [] }),
      { code: "too-little-data", argument: "separations" },
    ],
    [
      "slopes over no range",
      () => slopeError(constant(1), constant(1), { ranges: [] }),
      { code: "too-little-data", argument: "separations" },
    ],
    [
      "a range longer than a number",
      () => slopeError(constant(1), constant(1), { ranges: [[-1e308, 1e308]] }),
      { code: "bad-option", argument: "ranges" },
    ],
    [
      "vectors of -1 components",
      () => geometricMeanRelativeError(numbers(1), numbers(1), { components: -1 }),
      { code: "bad-shape", argument: "components" },
    ],
    [
      "an offset of 0",
      () => chaosFloor(BINARY, stateAt(PAIR, 0), PAIR, () => PAIR, 0),
      { code: "bad-option", argument: "offset" },
    ],
    [
      "an offset without end",
      () => chaosFloor(BINARY, stateAt(PAIR, 0), PAIR, () => PAIR, Number.POSITIVE_INFINITY),
      { code: "bad-option", argument: "offset" },
    ],
    [
      "variances whose sum overflows",
      () => determination([0, 0], [-7.7e153, 7.7e153]),
      { code: "not-finite", argument: "predicted" },
    ],
    [
      "squared errors of unequal lengths",
      () => meanSquaredError([1, 2], [1]),
      { code: "bad-shape", argument: "predicted" },
    ],
  ];
  for (const [what, act, expected] of rows)
    it(what, () => {
      let caught: unknown;
      try {
        act();
      } catch (error) {
        caught = error;
      }
      expect(isMclnnError(caught) && { code: caught.code, argument: caught.argument }).toEqual(
        expected,
      );
    });
});

describe("what is just allowed", () => {
  it("times of both runs that differ by 1e-9 of themselves", () => {
    const late = { ...PAIR, times: numbers(0, 1e6) };
    expect(errorSeries(BINARY, late, { ...PAIR, times: numbers(0, 1e6 + 0.9e-3) }).times).toEqual(
      late.times,
    );
  });

  it("times that differ by 1e-9 near 0", () => {
    const late = { ...PAIR, times: numbers(1e-9, 1) };
    expect(errorSeries(BINARY, late, PAIR).times).toEqual(late.times);
  });

  it("a longer run: the records that both have are compared", () => {
    for (const [a, b] of [
      [run(2, 2, 3), PAIR],
      [PAIR, run(2, 2, 3)],
    ] as const)
      expect(positionErrors(a, b)).toEqual(numbers(0, 0));
    expect(geometricMeanRelativeError(numbers(1, 5), numbers(1), { floor: 0.5 })).toBe(0.5);
    expect(geometricMeanRelativeError(numbers(1), numbers(1, 5), { floor: 0.5 })).toBe(0.5);
  });

  it("two zeros, which are equal; the largest number, whose double is none", () => {
    expect(geometricMeanRelativeError(numbers(0), numbers(0), { floor: 0.25 })).toBe(0.25);
    expect(medianRange([Number.MAX_VALUE]).median).toBe(Number.MAX_VALUE);
  });

  it("a floor of 1, a bound of 0, a range of one point", () => {
    expect(geometricMeanRelativeError(numbers(1), numbers(2), { floor: 1 })).toBe(1);
    expect(validTime(numbers(0, 1), numbers(0, 1e-300), 0)).toBe(1);
    expect(slopeError(constant(1), linearSpring(), { ranges: [[1.5, 1.5]] })).toEqual({
      mean: 0.5,
      max: 0.5,
      relativeMean: 1,
      range: [[1.5, 1.5]],
    });
  });
});

it("ranges are looked at from end to end: the mean of r over [1, 2] is 1.5 to 1e-12, its maximum 2", () => {
  const straight = { slope: (r: number) => r };
  const { mean, max } = slopeError(straight, constant(0), { ranges: [[1, 2]] });
  expect(mean).toBeCloseTo(1.5, 12);
  expect(max).toBe(2);
});
