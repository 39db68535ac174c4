import { describe, expect, it } from "vitest";
import {
  definePairPotential,
  lennardJones,
  MclnnError,
  morse,
  type PairPotential,
} from "../src/index.ts";
import { checkPairPotential } from "../src/potentials/index.ts";

type Curve = (r: number) => number;
const own = (energy: Curve, slope: Curve): PairPotential => ({ name: "own", energy, slope });
const RANGE = { from: 1, to: 2, points: 11 };
const checked = (
  energy: Curve,
  slope: Curve,
  range: Parameters<typeof checkPairPotential>[1] = RANGE,
) => checkPairPotential(own(energy, slope), range);
const cube: Curve = (r) => r ** 3;

describe("the range", () => {
  it.each<[string, object]>([
    ["a from of 0", { from: 0, to: 1 }],
    ["a from below 0", { from: -1, to: 1 }],
    ["a to below from", { from: 2, to: 1.9 }],
    ["no end", { from: 1, to: Number.POSITIVE_INFINITY }],
    ["a from of NaN", { from: Number.NaN, to: 1 }],
    ["a to of NaN", { from: 1, to: Number.NaN }],
    ["one point", { from: 1, to: 2, points: 1 }],
    ["half a point", { from: 1, to: 2, points: 10.5 }],
  ])("with %s is refused", (_, range) => {
    expect(() => checkPairPotential(morse(), range as typeof RANGE)).toThrow(
      expect.objectContaining({
        code: "bad-range",
        argument: Number.isFinite((range as typeof RANGE).to) ? "from" : "to",
      }),
    );
  });

  it("is tried at 200 points from one end to the other, or as many as are asked for", () => {
    const tried = (range: { from: number; to: number; points?: number }) => {
      const at: number[] = [];
      const { points, kinks } = checkPairPotential(
        own(cube, (r) => {
          at.push(r);
          return 3 * r * r;
        }),
        range,
      );
      expect(kinks).toEqual([]);
      expect(at.every(Number.isFinite)).toBe(true);
      expect(at.slice(0, points)).toEqual(
        Array.from(
          { length: points },
          (_, k) => range.from + ((range.to - range.from) * k) / (points - 1),
        ),
      );
      return points;
    };
    expect(tried({ from: 0.5, to: 3 })).toBe(200);
    expect(tried({ from: 0.5, to: 3, points: 2 })).toBe(2);
    expect(tried({ from: 1, to: 1, points: 3 })).toBe(3);
  });
});

it.each([
  [0.5, 3, 0.49, 3.06],
  [1, 2, 0.98, 2.04],
  // A fifth of the nearest is less than 2 % of the furthest.
  [0.05, 2, 0.049, 2.01],
])("from %d to %d nothing nearer than %d or further than %d is asked", (from, to, least, most) => {
  let [nearest, furthest] = [to, from];
  const energy = (r: number): number => {
    [nearest, furthest] = [Math.min(nearest, r), Math.max(furthest, r)];
    return 3 * r;
  };
  checked(energy, () => 3, { from, to, points: 20 });
  expect(nearest).toBeCloseTo(least, 14);
  expect(furthest).toBeCloseTo(most, 14);
});

describe("the worst error of a slope, within 1 %", () => {
  it.each<[string, Curve, Curve, number]>([
    ["none", cube, (r) => 3 * r * r, 0],
    ["a factor of 1 + 3e-6", cube, (r) => 3.000009 * r * r, 3e-6],
    ["a factor of 1 - 3e-6", cube, (r) => 2.999991 * r * r, 3e-6],
    ["a factor at one end", cube, (r) => 3 * r * r * (r > 1.95 ? 1 + 4e-6 : 1), 4e-6],
    // Of a thousandth of the largest, which is 4.
    ["1e-9 where dV/dr is 0", (r) => 4 * (r - 1.5) ** 2, (r) => 8 * (r - 1.5) + 1e-9, 2.5e-7],
    ["none a million up", (r) => 1e6 + cube(r), (r) => 3 * r * r, 0],
  ])("%s", (_, energy, slope, expected) => {
    const { worstSlopeError } = checked(energy, slope);
    expect(Math.abs(worstSlopeError - expected)).toBeLessThan(0.01 * expected + 1e-9);
  });
});

describe("a slope that is not the derivative", () => {
  const COMPUTED = "Leave slope out to have it computed.";
  it.each<[string, Curve, Curve, string]>([
    [
      "the sign",
      cube,
      (r) => -3 * r * r,
      "It looks like the sign is reversed (the force instead of the slope). ",
    ],
    ["twice", cube, (r) => 6 * r * r, "It is twice dV/dr everywhere. "],
    ["half", cube, (r) => 1.5 * r * r, "It is half dV/dr everywhere. "],
    ["a third", cube, (r) => r * r, "It is 0.333333 times dV/dr everywhere. "],
    [
      "2.00005 times, as good as twice",
      cube,
      (r) => 6.00015 * r * r,
      "It is twice dV/dr everywhere. ",
    ],
    ["2.001 times", cube, (r) => 6.003 * r * r, "It is 2.001 times dV/dr everywhere. "],
    ["over r", cube, (r) => 3 * r, "It is dV/dr divided by r everywhere. "],
    ["twice over r", cube, (r) => 6 * r, "It is twice dV/dr divided by r everywhere. "],
    ["minus over r", cube, (r) => -3 * r, "It is minus dV/dr divided by r everywhere. "],
    ["times r", cube, (r) => 3 * r ** 3, "It is dV/dr times r everywhere. "],
    ["half times r", cube, (r) => 1.5 * r ** 3, "It is half dV/dr times r everywhere. "],
    ["-3 times r", cube, (r) => -9 * r ** 3, "It is -3 times dV/dr times r everywhere. "],
    ["times r^2", cube, (r) => 3 * r ** 4, ""],
    ["nearly right", cube, (r) => 3.00015 * r * r, ""],
    ["not quite twice, by more than 1e-4", cube, (r) => (6 + 0.002 * (r - 1)) * r * r, ""],
    [
      "twice, also where it is 0",
      (r) => (r - 1.5) ** 2,
      (r) => 4 * (r - 1.5),
      "It is twice dV/dr everywhere. ",
    ],
    ["0 for a constant", () => 1, () => 1e-3, ""],
    [
      "twice, however weak",
      (r) => 1e-6 * r ** 3,
      (r) => 6e-6 * r * r,
      "It is twice dV/dr everywhere. ",
    ],
    [
      "10000 times, more or less",
      cube,
      (r) => (3e4 + 0.03 * (r - 1)) * r * r,
      "It is 10000 times dV/dr everywhere. ",
    ],
  ])("is explained: %s", (_, energy, slope, mend) => {
    expect(() => checked(energy, slope)).toThrow(
      expect.objectContaining({
        ...{ code: "slope-not-derivative", argument: "slope", kind: "input" },
        mend: mend + COMPUTED,
      }),
    );
  });

  it.each([1, 1.4, 2])("at one place is shown there: %d", (at) => {
    const slope = (r: number): number => r + (Math.abs(r - at) < 0.01 ? 0.25 : 0);
    expect(() => checked((r) => (r * r) / 2, slope)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(
          `the slope of potential "own" is not the derivative of its energy at r = ${at}`,
        ),
        ...{ expected: `dV/dr = ${at}`, got: `${at + 0.25}`, mend: COMPUTED },
      }),
    );
  });

  it("is shown where it is first as wrong as anywhere", () => {
    expect(() =>
      checked(
        () => 0,
        () => 1e-3,
      ),
    ).toThrow(/at r = 1: expected dV\/dr = 0, got 0.001/);
  });

  it("is shown where it is worst", () => {
    const slope = (r: number): number => r * (r < 1.25 ? 1.001 : r < 1.65 ? 1.003 : 1.002);
    expect(() => checked((r) => (r * r) / 2, slope)).toThrow(
      expect.objectContaining({ got: expect.stringMatching(/^1\.[3-6]0/) }),
    );
  });
});

describe("an energy that jumps", () => {
  const step =
    (at: number, by: number): Curve =>
    (r) =>
      1 + (r < at ? 0 : by);
  it.each([
    [1.03, 0.5],
    [1.5, -0.25],
    [1.97, 1e-6],
    [1.55, 1e-8],
  ])("at %d by %d is refused there", (at, by) => {
    expect(() => checked(step(at, by), () => 0)).toThrow(
      expect.objectContaining({
        ...{ code: "slope-not-derivative", expected: "an energy without jumps" },
        message: expect.stringContaining(`at r = ${at}:`),
        got: `a jump of ${Number(by.toPrecision(6))}`,
        mend: "Shift the energy so that both sides meet, or use smoothCutoff().",
      }),
    );
  });

  it.each([1.6, 1.85])("at %d beside a slope that is steep is found there", (at) => {
    // Half of the way from 1.5 to 2 is 1.75: once the jump lies below it, once above.
    const energy = (r: number): number => 10 * (r - 1) ** 2 + (r < at ? 0 : 0.01);
    expect(() => checked(energy, (r) => 20 * (r - 1), { from: 1, to: 2, points: 3 })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`at r = ${at}:`),
        got: "a jump of 0.01",
      }),
    );
  });

  it("far out is found there", () => {
    expect(() => checked(step(1003, 0.5), () => 0, { from: 900, to: 1100, points: 11 })).toThrow(
      /at r = 1003: expected an energy without jumps/,
    );
  });

  it("is not one whose slope is steep, and ends just above a separation tried", () => {
    const end = 1.5005;
    const energy = (r: number): number => (r < end ? 1e6 * (r - end) : 0);
    const { kinks } = checked(energy, (r) => (r < end ? 1e6 : 0));
    expect(kinks).toHaveLength(1);
  });

  it("by what rounding may do is none", () => {
    expect(checked(step(1.55, 5e-10), () => 0).kinks).toEqual([]);
  });
});

describe("kinks: one between two separations tried, place to 1e-9 for straight lines", () => {
  /** |r - a| + |r - b| + ..., each times its weight. */
  const lines = (...corners: readonly (readonly [number, number])[]): [Curve, Curve] => [
    (r) => corners.reduce((sum, [at, w]) => sum + w * Math.abs(r - at), 0),
    (r) => corners.reduce((sum, [at, w]) => sum + w * (r < at ? -1 : 1), 0),
  ];
  it.each<[string, [Curve, Curve], [r: number, below: number, above: number][]]>([
    ["one", lines([1.55, 1]), [[1.55, -1, 1]]],
    ["one between the first two", lines([1.07, 1]), [[1.07, -1, 1]]],
    ["one between the last two", lines([1.93, 1]), [[1.93, -1, 1]]],
    ["one at a separation tried", lines([1.5, 2]), [[1.5, -2, 2]]],
    [
      "three",
      lines([1.15, 1], [1.45, 0.5], [1.75, 2]),
      [
        [1.15, -3.5, -1.5],
        [1.45, -1.5, -0.5],
        [1.75, -0.5, 3.5],
      ],
    ],
    ["one that is weak", lines([1.55, 1e-6]), [[1.55, -1e-6, 1e-6]]],
    ["one of a hundredth", lines([1.55, 0.01], [9, 1]), [[1.55, -1.01, -0.99]]],
    ["one too small to tell", lines([1.55, 1e-4], [9, 1]), []],
    ["one of a little less than a thousandth", lines([1.55, 4.9975e-4], [9, 1 - 4.9975e-4]), []],
    ["a bend", [(r) => r ** 40, (r) => 40 * r ** 39], []],
    ["a straight line", [(r) => 3 * r, () => 3], []],
  ])("%s", (_, [energy, slope], expected) => {
    const { kinks } = checked(energy, slope);
    expect(kinks).toHaveLength(expected.length);
    kinks.forEach(({ r, slopes: [below, above] }, k) => {
      const [at, left, right] = expected[k] as [number, number, number];
      expect(Math.abs(r - at)).toBeLessThan(1e-9);
      expect(Math.abs(below - left)).toBeLessThan(1e-9);
      expect(Math.abs(above - right)).toBeLessThan(1e-9);
    });
  });

  it("far out, once", () => {
    const [energy, slope] = lines([1003, 1]);
    const { kinks } = checked(energy, slope, { from: 900, to: 1100, points: 11 });
    expect(kinks).toHaveLength(1);
    expect(Math.abs((kinks[0]?.r as number) - 1003)).toBeLessThan(1e-6);
  });

  it.each([1.3, 1.55])(
    "at %d, where the slope is computed and seen from both sides, once",
    (at) => {
      const potential = definePairPotential({ name: "own", energy: lines([at, 1])[0] });
      const { kinks } = checkPairPotential(potential, RANGE);
      expect(kinks).toHaveLength(1);
      expect(Math.abs((kinks[0]?.r as number) - at)).toBeLessThan(1e-6);
    },
  );

  it("at a separation tried, with the slope below it", () => {
    const { kinks, worstSlopeError } = checked(
      (r) => Math.abs(r - 1.5) + r * r,
      (r) => (r <= 1.5 ? -1 : 1) + 2 * r,
    );
    expect(worstSlopeError).toBeLessThan(1e-5);
    expect(kinks).toHaveLength(1);
  });

  it("two as close as 1e-8 round a separation tried, however small", () => {
    const [energy, slope] = lines([0.01 - 1e-8, 1], [0.01 + 1e-8, 2]);
    const range = { from: 0.005, to: 0.015, points: 11 };
    expect(checked(energy, slope, range).worstSlopeError).toBeLessThan(1e-5);
  });

  it("a force that ends where it is strongest, to 1e-6 of the place", () => {
    const { energy, slope } = lennardJones();
    const { kinks } = checked(
      (r) => (r < 1.3 ? energy(r) - energy(1.3) : 0),
      (r) => (r < 1.3 ? slope(r) : 0),
    );
    expect(kinks).toHaveLength(1);
    expect(Math.abs((kinks[0]?.r as number) - 1.3)).toBeLessThan(1e-6);
    expect(Math.abs((kinks[0]?.slopes[0] as number) / slope(1.3) - 1)).toBeLessThan(1e-3);
    expect(Math.abs(kinks[0]?.slopes[1] as number)).toBeLessThan(1e-9);
  });
});

describe("what gives no number", () => {
  it.each<[string, () => unknown, string, string]>([
    ["a text", () => "1", "string 1", "Return a number."],
    ["nothing", () => undefined, "undefined undefined", "Return a number."],
    ["a truth", () => true, "boolean true", "Return a number."],
    ["null", () => null, "object", "Return a number."],
    ["a function", () => () => 1, "function", "Return a number."],
    ["a promise", async () => 1, "a promise", "A potential cannot be asynchronous."],
  ])("is refused, with what came instead: %s", (_, f, got, mend) => {
    for (const what of ["energy", "slope"] as const)
      expect(() =>
        checkPairPotential(
          {
            ...own(
              () => 0,
              () => 0,
            ),
            [what]: f,
          } as PairPotential,
          RANGE,
        ),
      ).toThrow(
        expect.objectContaining({
          ...{ code: "potential-not-number", argument: what, kind: "input", got, mend },
          message: expect.stringContaining(`${what} of potential "own" is no number at r = 1:`),
        }),
      );
  });

  it.each<[string, unknown, string]>([
    ["an error", new RangeError("out of my depth"), "an exception: out of my depth"],
    ["a text", "no", "an exception: no"],
  ])("but throws %s is refused with the cause", (_, thrown, got) => {
    const slope = (r: number): number => {
      if (r > 1.35) throw thrown;
      return 0;
    };
    expect(() => checked(() => 0, slope)).toThrow(
      expect.objectContaining({
        ...{ code: "potential-throws", argument: "slope", kind: "input", got, cause: thrown },
        message: expect.stringContaining('potential "own" fails at r = 1.4:'),
      }),
    );
  });

  it("but throws an error of ours lets it pass", () => {
    const ours = new MclnnError("no", { code: "own-code", expected: "a", got: "b" });
    const energy = (): number => {
      throw ours;
    };
    expect(() => checked(energy, () => 0)).toThrow(ours);
  });
});

describe("numbers that are not finite", () => {
  const thrown = (): number => {
    throw new Error("nothing there");
  };
  it.each<[string, Curve, number, string]>([
    ["everywhere", () => Number.NaN, 1, "NaN"],
    [
      "up to a place",
      (r) => (r < 1.5 ? Number.NEGATIVE_INFINITY : 1),
      1,
      "-Infinity, and numbers again from about r = 1.5 on",
    ],
    ["from a place on", (r) => (r < 1.23 ? 1 : Number.NaN), 1.3, "NaN, from r = 1.23 on"],
    [
      "between two places",
      (r) => (r < 1.23 || r >= 1.6501 ? 1 : 1 / 0),
      1.3,
      "Infinity, from r = 1.23 on, and numbers again from about r = 1.6507 on",
    ],
    [
      "but at the ends",
      (r) => (r < 1.23 || r >= 2 ? 1 : 1 / 0),
      1.3,
      "Infinity, from r = 1.23 on, and numbers again from about r = 2 on",
    ],
    [
      "from a place on, then an exception",
      (r) => (r < 1.23 ? 1 : r < 1.35 ? Number.NaN : thrown()),
      1.3,
      "NaN, from r = 1.23 on",
    ],
    [
      "from a place on, behind a gap between two separations tried and numbers that are none below the range",
      (r) => (r < 0.95 || (r > 1.12 && r < 1.18) || r >= 1.21 ? Number.NaN : 1),
      1.3,
      "NaN, from r = 1.21 on",
    ],
    ["behind an exception", (r) => (r < 1.23 ? 1 : r < 1.28 ? thrown() : Number.NaN), 1.3, "NaN"],
  ])("%s", (_, f, at, got) => {
    for (const what of ["energy", "slope"] as const)
      expect(() =>
        checkPairPotential(
          {
            ...own(
              () => 1,
              () => 0,
            ),
            [what]: f,
          },
          RANGE,
        ),
      ).toThrow(
        expect.objectContaining({
          ...{ code: "potential-not-finite", argument: what, kind: "input", got },
          message: expect.stringContaining(
            `${what} of potential "own" is not finite at r = ${at}:`,
          ),
        }),
      );
  });
});

it("an energy that is not finite between two separations tried is refused, with where it ends", () => {
  // 2 % beside 1.3.
  const energy = (r: number): number => (r > 1.324 && r < 1.33 ? Number.NaN : 1);
  expect(() => checked(energy, () => 0)).toThrow(
    expect.objectContaining({
      ...{ code: "potential-not-finite", argument: "energy" },
      message: expect.stringContaining("is not finite at r = 1.326:"),
      got: "NaN, and numbers again from about r = 1.33004 on",
    }),
  );
});

it("where numbers far out end is found", () => {
  const energy = (r: number): number => (r < 100_300 ? 1 : Number.NaN);
  expect(() => checked(energy, () => 0, { from: 9e4, to: 1.1e5, points: 11 })).toThrow(
    expect.objectContaining({ got: "NaN, from r = 100300 on" }),
  );
});
