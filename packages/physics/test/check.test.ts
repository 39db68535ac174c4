import { describe, expect, it } from "vitest";
import { lennardJones, MclnnError, morse, type PairPotential } from "../src/index.ts";
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
      expect.objectContaining({ code: "bad-range", argument: "from" }),
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

describe("the worst error of a slope, within 1 %", () => {
  it.each<[string, Curve, Curve, number]>([
    ["none", cube, (r) => 3 * r * r, 0],
    ["a factor of 1 + 3e-6", cube, (r) => 3.000009 * r * r, 3e-6],
    ["a factor of 1 - 3e-6", cube, (r) => 2.999991 * r * r, 3e-6],
    ["a factor at one end", cube, (r) => 3 * r * r * (r > 1.95 ? 1 + 4e-6 : 1), 4e-6],
    // A thousandth of the largest, which is 1.
    ["1e-9 where dV/dr is 0", (r) => (r - 1.5) ** 2, (r) => 2 * (r - 1.5) + 1e-9, 1e-6],
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
    ["one of a hundredth", lines([1.55, 0.01], [9, 1]), [[1.55, -1.01, -0.99]]],
    ["one too small to tell", lines([1.55, 1e-4], [9, 1]), []],
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
