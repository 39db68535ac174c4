import { describe, expect, it } from "vitest";
import {
  definePairPotential,
  gaussianWell,
  gravity,
  isMclnnError,
  lennardJones,
  linearSpring,
  morse,
  type PairPotential,
  powerLaw,
  softCore,
  yukawa,
} from "../src/index.ts";
import {
  builtInPotential,
  builtInPotentials,
  checkPairPotential,
  scaled,
  shifted,
  smoothCutoff,
  sumOfPairs,
  tabulated,
} from "../src/potentials/index.ts";

/** Fourth-order central difference. */
const derivative = (f: (x: number) => number, x: number, h = 1e-3 * x): number =>
  (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);

export function caught(f: () => unknown): { code: string; text: string } {
  try {
    f();
  } catch (error) {
    if (isMclnnError(error)) return { code: error.code, text: error.message };
    throw error;
  }
  return { code: "accepted", text: "" };
}

const table = (() => {
  const separations = Float64Array.from({ length: 60 }, (_, k) => 0.5 + 0.05 * k);
  return { separations, energies: separations.map((r) => Math.sin(r)) };
})();

const POTENTIALS: readonly PairPotential[] = [
  ...builtInPotentials.map((b) => b.create()),
  powerLaw({ strength: -2, exponent: 2.5 }),
  morse({ depth: 3, width: 0.4, restLength: 1.3 }),
  yukawa({ strength: -1, range: 0.5 }),
  gaussianWell({ depth: 2, width: 0.3, centre: 1.2 }),
  lennardJones({ epsilon: 0.3, sigma: 0.9 }),
  tabulated(table),
  sumOfPairs(lennardJones(), linearSpring()),
  scaled(morse(), -1.5),
  shifted(yukawa(), 2),
  smoothCutoff(lennardJones(), { onset: 1.2, cutoff: 2.1 }),
  definePairPotential({ name: "own", energy: (r) => r * Math.exp(-r) }),
];

describe.each(POTENTIALS.map((p) => [p.name, p] as const))("%s", (name, potential) => {
  it("slope is dV/dr and curvature d2V/dr2, to 1e-7 of their scale", () => {
    for (let r = 0.82; r < 2.6; r += 0.0713) {
      const slope = potential.slope(r);
      const curvature = potential.curvature?.(r) as number;
      const scale = Math.abs(slope) + Math.abs(potential.energy(r) / r) + 1e-3;
      // Differences across the rows of a table and the ends of a switch see the corners of higher derivatives.
      const tolerance = /tabulated|cut off/.test(name) ? 1e-3 : 1e-7;
      expect(Math.abs(derivative(potential.energy, r) - slope)).toBeLessThan(tolerance * scale);
      expect(Math.abs(derivative(potential.slope, r) - curvature)).toBeLessThan(
        (tolerance > 1e-7 ? 200 : 10) * tolerance * (scale / r + Math.abs(curvature)),
      );
    }
  });
});

describe("closed forms", () => {
  it.each<[PairPotential, number, number]>([
    [linearSpring({ stiffness: 2, restLength: 1.5 }), 2, 0.25],
    [builtInPotential("quartic-spring"), 2, 0.5],
    [gravity({ G: 3 }), 2, -1.5],
    [builtInPotential("coulomb:k=2"), 4, 0.5],
    [lennardJones(), 2 ** (1 / 6), -1],
    [morse({ depth: 2 }), 1, -2],
    [yukawa(), 1, Math.exp(-1)],
    [builtInPotential("soft-core"), 0, -1],
    [powerLaw({ strength: 2, exponent: 3 }), 2, 16],
    [gaussianWell(), 1, -1],
  ])("%# has its textbook value", (potential, r, energy) => {
    expect(potential.energy(r)).toBeCloseTo(energy, 13);
  });

  it("couplings: gravity by masses, Coulomb by charges, the others by nothing", () => {
    const couplings = Object.fromEntries(
      builtInPotentials.map((b) => [b.name, b.create().coupling ?? "none"]),
    );
    expect(couplings.gravity).toBe("mass-product");
    expect(couplings.coulomb).toBe("charge-product");
    expect(couplings.morse).toBe("none");
  });
});

describe("parameters", () => {
  it.each<[string, () => unknown, string, RegExp]>([
    ["NaN", () => linearSpring({ stiffness: Number.NaN }), "bad-parameter", /stiffness.*got NaN/],
    [
      "a text",
      () => lennardJones({ epsilon: "3" as never }),
      "bad-parameter",
      /finite number, got "3"/,
    ],
    ["a length of 0", () => morse({ width: 0 }), "bad-parameter", /width of morse.*above 0, got 0/],
    ["a negative length", () => lennardJones({ sigma: -1 }), "bad-parameter", /sigma/],
    ["a range of 0", () => yukawa({ range: 0 }), "bad-parameter", /range/],
    ["a core of 0", () => softCore({ core: 0 }), "bad-parameter", /core/],
    ["a width below 0", () => gaussianWell({ width: -1 }), "bad-parameter", /width/],
    [
      "a misspelt name",
      () => lennardJones({ eps: 3 } as never),
      "unknown-parameter",
      /no parameter "eps": expected epsilon, sigma/,
    ],
    [
      "a name of every object",
      () => gravity({ constructor: 1 } as never),
      "unknown-parameter",
      /constructor/,
    ],
    ["a factor that is none", () => scaled(morse(), Number.NaN), "bad-parameter", /factor/],
    ["a shift that is none", () => shifted(morse(), Number.NaN), "bad-parameter", /energy/],
  ])("refuses %s", (_, make, code, text) => {
    const error = caught(make);
    expect(error.code).toBe(code);
    expect(error.text).toMatch(text);
  });

  it("takes the default where a parameter is undefined, and negative values where they mean something", () => {
    expect(morse({ depth: undefined as never }).parameters).toEqual(morse().parameters);
    expect(gravity({ G: -1 }).energy(1)).toBe(1);
  });
});

describe("composition", () => {
  it("a smooth cutoff leaves the inside alone, ends at 0, and both derivatives are continuous", () => {
    const lj = lennardJones();
    const cut = smoothCutoff(lj, { onset: 1.5, cutoff: 2.5 });
    expect(cut.energy(1.4)).toBe(lj.energy(1.4));
    expect([cut.energy(2.5), cut.slope(2.6), cut.curvature?.(3)]).toEqual([0, 0, 0]);
    for (const r of [1.5, 2.5])
      for (const f of [cut.energy, cut.slope, cut.curvature as (r: number) => number])
        expect(Math.abs(f(r + 1e-9) - f(r - 1e-9))).toBeLessThan(1e-6);
  });

  it("refuses what cannot be composed", () => {
    expect(caught(() => sumOfPairs(gravity(), linearSpring())).code).toBe("mixed-couplings");
    expect(caught(() => smoothCutoff(lennardJones(), { onset: 2, cutoff: 1 })).code).toBe(
      "bad-cutoff",
    );
  });
});

describe("tabulated", () => {
  it("goes through its rows, follows a smooth function, and continues in straight lines", () => {
    const p = tabulated(table);
    table.separations.forEach((r, k) => {
      expect(p.energy(r)).toBeCloseTo(table.energies[k] as number, 14);
    });
    expect(p.energy(1.537)).toBeCloseTo(Math.sin(1.537), 6);
    expect(p.slope(1.537)).toBeCloseTo(Math.cos(1.537), 4);
    const end = 3.45;
    expect(p.slope(end + 2)).toBeCloseTo(p.slope(end - 1e-9), 7);
    expect(p.energy(end + 2)).toBeCloseTo(p.energy(end) + 2 * p.slope(end), 12);
    expect(p.curvature?.(0.2)).toBe(0);
  });

  it.each([
    [[1, 1.5, 2.2], (r: number) => r * r, (r: number) => 2 * r],
    [[1, 1.5, 2.2, 2.3], (r: number) => r ** 3 - r, (r: number) => 3 * r * r - 1],
    [[1, 1.1, 1.5, 2.2, 2.3, 4], (r: number) => r ** 3 - r, (r: number) => 3 * r * r - 1],
  ])(
    "is exact to 1e-12 for the cubic (of three rows, the parabola) through %j, ends included",
    (separations, v, dv) => {
      const p = tabulated({ separations, energies: separations.map(v) });
      for (const r of [1, 1.05, 1.4, 2.1, 2.2, separations.at(-1) as number]) {
        expect(Math.abs(p.energy(r) - v(r))).toBeLessThan(1e-12);
        expect(Math.abs(p.slope(r) - dv(r))).toBeLessThan(1e-12);
      }
    },
  );

  it.each([
    [{ separations: [1, 2], energies: [1, 2] }, /3 or more/],
    [{ separations: [1, 2, 3], energies: [1, 2] }, /3 and 2/],
    [{ separations: [1, 3, 2], energies: [1, 2, 3] }, /2 after 3 in row 2/],
    [{ separations: [1, 2, 3], energies: [1, Number.NaN, 3] }, /NaN\) in row 1/],
  ])("refuses table %#", (bad, text) => {
    const error = caught(() => tabulated(bad));
    expect(error.code).toBe("bad-table");
    expect(error.text).toMatch(text);
  });
});

describe("builtInPotential", () => {
  it("lists name, formula, what it is, parameters with defaults", () => {
    expect(builtInPotentials.length).toBe(10);
    for (const { name, formula, summary, parameters, create } of builtInPotentials) {
      for (const key of Object.keys(parameters))
        expect(formula, `${name}: ${key}`).toMatch(new RegExp(`\\b${key}\\b`));
      expect(summary).toMatch(/\w+ \w+/);
      expect(create().parameters).toEqual(parameters);
    }
  });

  it("reads names and parameters", () => {
    expect(builtInPotential("lennard-jones:epsilon=0.5, sigma=2").parameters).toEqual({
      epsilon: 0.5,
      sigma: 2,
    });
    expect(builtInPotential("morse").parameters).toEqual({ depth: 1, width: 1, restLength: 1 });
  });

  it.each([
    ["lennardjones", "unknown-potential", /one of linear-spring, quartic-spring/],
    ["morse:depth", "bad-parameter", /a finite number, got nothing/],
    ["morse:depth=x", "bad-parameter", /got x/],
    ["morse:deep=1", "unknown-parameter", /depth, width, restLength/],
    ["morse:constructor=1", "unknown-parameter", /constructor/],
    ["morse:__proto__=1", "unknown-parameter", /__proto__/],
    ["morse:depth=1,depth=2", "bad-parameter", /each parameter once, got depth again/],
    ["morse:width=0", "bad-parameter", /above 0, got 0/],
  ])("refuses %s", (text, code, message) => {
    const error = caught(() => builtInPotential(text));
    expect(error.code).toBe(code);
    expect(error.text).toMatch(message);
  });
});

describe("definePairPotential", () => {
  const energy = (r: number): number => 1 / r ** 12 - 2 / r ** 6;
  const slope = (r: number): number => -12 / r ** 13 + 12 / r ** 7;

  it("three heights: V alone has its slope to 1e-9, V and slope their curvature to 1e-8", () => {
    const alone = definePairPotential({ name: "a", energy });
    const both = definePairPotential({ name: "b", energy, slope });
    const all = definePairPotential({
      name: "c",
      energy,
      slope,
      curvature: () => 7,
      parameters: { a: 1 },
      coupling: "mass-product",
    });
    for (let r = 0.9; r < 3; r += 0.17) {
      expect(Math.abs(alone.slope(r) - slope(r))).toBeLessThan(
        1e-9 * (Math.abs(slope(r)) + Math.abs(energy(r)) + 1),
      );
      expect(both.slope(r)).toBe(slope(r));
      const curvature = 156 / r ** 14 - 84 / r ** 8;
      expect(Math.abs((both.curvature?.(r) as number) - curvature)).toBeLessThan(
        1e-8 * (Math.abs(curvature) + 1),
      );
    }
    expect(all.curvature?.(1)).toBe(7);
    expect([all.parameters, all.coupling]).toEqual([{ a: 1 }, "mass-product"]);
  });

  it("keeps `this` of a class", () => {
    class Own {
      name = "own";
      k = 3;
      energy(r: number): number {
        return this.k * r;
      }
    }
    expect(definePairPotential(new Own()).energy(2)).toBe(6);
  });

  it.each([
    [{ name: "", energy }, "name"],
    [{ name: "x" }, "energy"],
    [{ name: "x", energy, slope: 3 }, "slope"],
  ])("refuses definition %#", (bad, argument) => {
    const error = caught(() => definePairPotential(bad as never));
    expect(error.code).toBe("bad-potential");
    expect(error.text).toContain(`potential's ${argument}`);
  });
});

describe("checkPairPotential", () => {
  const range = { from: 0.8, to: 2 };
  const energy = (r: number): number => 0.5 * (r - 1) ** 4;

  it("passes what is right, at every built-in", () => {
    for (const b of builtInPotentials)
      expect(checkPairPotential(b.create(), range).worstSlopeError).toBeLessThan(1e-8);
  });

  it.each<[string, Partial<PairPotential>, string, RegExp]>([
    [
      "a reversed sign",
      { energy: (r) => r * r, slope: (r) => -2 * r },
      "slope-not-derivative",
      /looks like the sign is reversed/,
    ],
    [
      "a factor",
      { energy: (r) => r * r, slope: (r) => 4 * r },
      "slope-not-derivative",
      /is twice dV\/dr everywhere/,
    ],
    [
      "half the slope",
      { energy: (r) => r * r, slope: (r) => r },
      "slope-not-derivative",
      /is half dV\/dr everywhere/,
    ],
    [
      "a factor of no name",
      { energy: (r) => r * r, slope: (r) => 6 * r },
      "slope-not-derivative",
      /is 3 times dV\/dr everywhere/,
    ],
    [
      "V'/r, as force loops have it",
      { energy: (r) => r ** 3, slope: (r) => 3 * r },
      "slope-not-derivative",
      /is dV\/dr divided by r everywhere/,
    ],
    [
      "r V'",
      { energy: (r) => r ** 3, slope: (r) => -3 * r ** 3 },
      "slope-not-derivative",
      /is minus dV\/dr times r everywhere/,
    ],
    [
      "an energy that jumps at its cutoff",
      {
        energy: (r) => (r < 1.5 ? 1 / r : 0),
        slope: (r) => (r < 1.5 ? -1 / r ** 2 : 0),
      },
      "slope-not-derivative",
      /at r = 1\.5: expected an energy without jumps, got a jump of -0\.666667/,
    ],
    [
      "where numbers begin",
      { energy: (r) => Math.sqrt(r - 1.2), slope: () => 0 },
      "potential-not-finite",
      /at r = 0\.8: .* got NaN, and numbers again from about r = 1\.20/,
    ],
    [
      "where numbers end, and begin again",
      { energy: (r) => (r > 1.25 && r < 1.6 ? 0 / 0 : 0), slope: () => 0 },
      "potential-not-finite",
      /got NaN, from r = 1\.25 on, and numbers again from about r = 1\.60/,
    ],
    [
      "a wrong slope",
      { energy, slope: (r) => 2 * (r - 1) ** 2 },
      "slope-not-derivative",
      /Leave slope out/,
    ],
    [
      "NaN",
      { energy: (r) => Math.sqrt(1.5 - r), slope: () => 0 },
      "potential-not-finite",
      /not finite at r = 1\.50/,
    ],
    [
      "infinity",
      { energy, slope: (r) => (r > 1.9 ? Number.POSITIVE_INFINITY : 2 * (r - 1) ** 3) },
      "potential-not-finite",
      /slope of potential/,
    ],
    [
      "an exception",
      {
        energy: () => {
          throw new Error("no such thing");
        },
        slope: () => 0,
      },
      "potential-throws",
      /no such thing/,
    ],
    [
      "a text",
      { energy: () => "1" as unknown as number, slope: () => 0 },
      "potential-not-number",
      /string 1/,
    ],
    [
      "a promise",
      { energy: async () => 1 as never, slope: () => 0 } as never,
      "potential-not-number",
      /cannot be asynchronous/,
    ],
  ])("finds %s", (_, functions, code, text) => {
    const error = caught(() =>
      checkPairPotential({ name: "own", ...functions } as PairPotential, range),
    );
    expect(error.code).toBe(code);
    expect(error.text).toMatch(text);
  });

  const cut = (r0: number, energy: (r: number) => number, slope: (r: number) => number) => ({
    name: `cut at ${r0}`,
    energy: (r: number) => (r < r0 ? energy(r) - energy(r0) : 0),
    slope: (r: number) => (r < r0 ? slope(r) : 0),
  });
  const { energy: lj, slope: ljSlope } = lennardJones();

  it.each<[string, PairPotential]>([
    ["Lennard-Jones, shifted and cut off: a force that jumps", cut(2.5, lj, ljSlope)],
    ["Lennard-Jones cut off at its minimum (WCA)", cut(2 ** (1 / 6), lj, ljSlope)],
    [
      "harmonic spheres, with their contact on a point of the grid",
      cut(
        1,
        (r) => (1 - r) ** 2 / 2,
        (r) => r - 1,
      ),
    ],
    [
      "Hertzian spheres",
      cut(
        1.1,
        (r) => Math.max(0, 1.1 - r) ** 2.5,
        (r) => -2.5 * Math.max(0, 1.1 - r) ** 1.5,
      ),
    ],
    ["a coarse table", tabulated({ separations: [0.5, 1, 1.2, 2, 3], energies: [5, 1, 0, -1, 0] })],
    [
      "a wall of straight lines",
      { name: "v", energy: (r) => Math.abs(r - 1), slope: (r) => Math.sign(r - 1) },
    ],
    ["a large constant", shifted(morse(), 1e6)],
    ["a smooth cutoff", smoothCutoff(lennardJones(), { onset: 2, cutoff: 2.5 })],
  ])("accepts %s", (_, potential) => {
    for (const points of [101, 200])
      expect(
        checkPairPotential(potential, { from: 0.5, to: 3, points }).worstSlopeError,
      ).toBeLessThan(1e-5);
  });

  it.each<[string, PairPotential, [number, number, number][]]>([
    ["a smooth potential, however steep", lennardJones(), []],
    ["a spring of one's own, slope computed", definePairPotential({ name: "own", energy }), []],
    ["a table", tabulated(table), []],
    ["Lennard-Jones, shifted and cut off", cut(2.5, lj, ljSlope), [[2.5, ljSlope(2.5), 0]]],
    [
      "a wall of straight lines",
      { name: "v", energy: (r) => Math.abs(r - 1), slope: (r) => Math.sign(r - 1) },
      [[1, -1, 1]],
    ],
    [
      "the same, slope computed, and another wall",
      definePairPotential({
        name: "v",
        energy: (r) => Math.abs(r - 1) + 0.5 * Math.abs(r - 1.7),
      }),
      [
        [1, -1.5, 0.5],
        [1.7, 0.5, 1.5],
      ],
    ],
    [
      "Hertzian spheres, whose force is only not smooth",
      cut(
        1.1,
        (r) => Math.max(0, 1.1 - r) ** 2.5,
        (r) => -2.5 * Math.max(0, 1.1 - r) ** 1.5,
      ),
      [],
    ],
  ])("kinks of %s: place to 1e-6, V' on both sides to 1e-3", (_, potential, expected) => {
    const { kinks } = checkPairPotential(potential, { from: 0.8, to: 3, points: 187 });
    expect(kinks).toHaveLength(expected.length);
    kinks.forEach(({ r, slopes: [below, above] }, k) => {
      const [at, left, right] = expected[k] as [number, number, number];
      expect(Math.abs(r - at)).toBeLessThan(1e-6);
      expect(Math.abs(below - left)).toBeLessThan(1e-3);
      expect(Math.abs(above - right)).toBeLessThan(1e-3);
    });
  });

  it("refuses a thenable, an object without a prototype, and a number of points that is none", () => {
    const returning = (value: unknown): PairPotential => ({
      name: "own",
      energy: () => value as number,
      slope: () => 0,
    });
    // biome-ignore lint/suspicious/noThenProperty: what is tested
    expect(caught(() => checkPairPotential(returning({ then() {} }), range)).text).toMatch(
      /got a promise/,
    );
    expect(caught(() => checkPairPotential(returning(Object.create(null)), range)).text).toMatch(
      /got object/,
    );
    expect(caught(() => checkPairPotential(morse(), { ...range, points: 2.5 })).code).toBe(
      "bad-range",
    );
  });

  it("refuses a range that is none", () => {
    expect(caught(() => checkPairPotential(morse(), { from: 0, to: 1 })).code).toBe("bad-range");
  });
});
