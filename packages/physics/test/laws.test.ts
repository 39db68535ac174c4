import { describe, expect, it } from "vitest";
import {
  coulomb,
  definePairPotential,
  gaussianWell,
  gravity,
  lennardJones,
  linearSpring,
  morse,
  type PairPotential,
  powerLaw,
  quarticSpring,
  softCore,
  yukawa,
} from "../src/index.ts";
import { scaled, shifted, tabulated } from "../src/potentials/index.ts";
import { slopeDerivative } from "../src/potentials/numerical-derivative.ts";

type Law = (parameters?: Readonly<Record<string, number>>) => PairPotential;
type Textbook = (r: number) => readonly [v: number, slope: number, curvature: number];

/** Each law with no parameter at its default, and V, V' and V'' as a textbook has them. */
const laws: readonly [string, Law, Readonly<Record<string, number>>, Textbook][] = [
  [
    "linear-spring",
    linearSpring,
    { stiffness: 3, restLength: 1.25 },
    (r) => [1.5 * (r - 1.25) ** 2, 3 * (r - 1.25), 3],
  ],
  [
    "quartic-spring",
    quarticSpring,
    { stiffness: 3, restLength: 0.75 },
    (r) => [1.5 * (r - 0.75) ** 4, 6 * (r - 0.75) ** 3, 18 * (r - 0.75) ** 2],
  ],
  ["gravity", gravity, { G: 3 }, (r) => [-3 / r, 3 / r ** 2, -6 / r ** 3]],
  ["coulomb", coulomb, { k: 3 }, (r) => [3 / r, -3 / r ** 2, 6 / r ** 3]],
  [
    "lennard-jones",
    lennardJones,
    { epsilon: 0.5, sigma: 1.5 },
    (r) => [
      2 * (1.5 ** 12 / r ** 12 - 1.5 ** 6 / r ** 6),
      2 * (-12 * (1.5 ** 12 / r ** 13) + 6 * (1.5 ** 6 / r ** 7)),
      2 * (156 * (1.5 ** 12 / r ** 14) - 42 * (1.5 ** 6 / r ** 8)),
    ],
  ],
  [
    "morse",
    morse,
    { depth: 3, width: 0.5, restLength: 1.5 },
    (r) => {
      const e = Math.exp(-2 * (r - 1.5));
      return [3 * (e * e - 2 * e), 12 * (e - e * e), 24 * (2 * e * e - e)];
    },
  ],
  [
    "yukawa",
    yukawa,
    { strength: 3, range: 0.5 },
    (r) => {
      const v = (3 * Math.exp(-2 * r)) / r;
      return [v, -v * (2 + 1 / r), v * (4 + 4 / r + 2 / r ** 2)];
    },
  ],
  [
    "soft-core",
    softCore,
    { strength: 3, core: 0.5 },
    (r) => {
      const s = r ** 2 + 0.25;
      return [-3 / s ** 0.5, (3 * r) / s ** 1.5, 3 / s ** 1.5 - (9 * r ** 2) / s ** 2.5];
    },
  ],
  [
    "power-law",
    powerLaw,
    { strength: 3, exponent: 2.5 },
    (r) => [3 * r ** 2.5, 7.5 * r ** 1.5, 11.25 * r ** 0.5],
  ],
  [
    "gaussian-well",
    gaussianWell,
    { depth: 3, width: 0.5, centre: 1.25 },
    (r) => {
      const x = 2 * (r - 1.25);
      const v = -3 * Math.exp(-(x ** 2) / 2);
      return [v, -2 * x * v, 4 * (x ** 2 - 1) * v];
    },
  ],
];

describe("V, V' and V'' of a law with parameters of its own are the textbook's, to 1e-13", () => {
  it.each(laws)("%s", (name, create, parameters, textbook) => {
    const law = create(parameters);
    expect(law).toMatchObject({ name, parameters });
    for (const r of [0.7, 1.3, 2.2, 4]) {
      const [v, slope, curvature] = textbook(r);
      const size = Math.abs(v) + Math.abs(slope) + Math.abs(curvature);
      expect(Math.abs(law.energy(r) - v)).toBeLessThan(1e-13 * size);
      expect(Math.abs(law.slope(r) - slope)).toBeLessThan(1e-13 * size);
      expect(Math.abs((law.curvature?.(r) ?? Number.NaN) - curvature)).toBeLessThan(1e-13 * size);
    }
  });
});

describe("a law refuses a parameter that it has not, by its name", () => {
  it.each<[string, () => unknown]>(laws.map(([name, create]) => [name, () => create({ x: 1 })]))(
    "%s",
    (name, make) => {
      expect(make).toThrow(
        expect.objectContaining({
          code: "unknown-parameter",
          argument: "x",
          message: expect.stringContaining(`${name} has no parameter "x"`),
        }),
      );
    },
  );

  it.each<[string, () => unknown]>([
    ["factor", () => scaled(morse(), Number.NaN)],
    ["energy", () => shifted(morse(), Number.NaN)],
  ])("%s", (argument, make) => {
    expect(make).toThrow(
      expect.objectContaining({
        code: "bad-parameter",
        argument,
        expected: "a finite number",
        got: "NaN",
      }),
    );
  });
});

describe("a law of one's own", () => {
  const energy = (r: number): number => r * r;

  it("has no parameters and no coupling where it is given none", () => {
    const law = definePairPotential({ name: "own", energy });
    expect(Object.keys(law)).toEqual(["name", "energy", "slope", "curvature"]);
  });

  it.each<[string, object, string, string]>([
    ["a name that is a number", { name: 3, energy }, "name", "3"],
    ["no name", { energy }, "name", "undefined"],
    ["no energy", { name: "own" }, "energy", "undefined"],
    ["a curvature that is a text", { name: "own", energy, curvature: "2" }, "curvature", '"2"'],
  ])("is refused with %s", (_, definition, argument, got) => {
    expect(() => definePairPotential(definition as never)).toThrow(
      expect.objectContaining({ code: "bad-potential", argument, got }),
    );
  });
});

describe("derivatives by extrapolation", () => {
  it.each<[string, (x: number) => number, number, number]>([
    ["sin at 0", Math.sin, 0, 1],
    ["log at 0.01", Math.log, 0.01, 100],
    ["exp at 3", Math.exp, 3, Math.exp(3)],
    ["1/x at 1e6", (x) => 1 / x, 1e6, -1e-12],
    ["1/x at -2", (x) => 1 / x, -2, -0.25],
  ])("%s: to 1e-10 of itself, by 20 evaluations", (_, f, x, expected) => {
    let evaluations = 0;
    const counted = (at: number): number => {
      evaluations++;
      return f(at);
    };
    expect(Math.abs(slopeDerivative(counted, x) / expected - 1)).toBeLessThan(1e-10);
    expect(evaluations).toBe(20);
  });

  it("of a function known to ten digits: to 5e-8, from steps of 30 %", () => {
    for (let x = 1; x < 2; x += 0.0137) {
      const measured = (at: number): number => Math.round(1e10 * Math.sin(3 * at)) / 1e10;
      const slope = 3 * Math.cos(3 * x);
      expect(Math.abs(slopeDerivative(measured, x, 0.3 * x) / slope - 1)).toBeLessThan(5e-8);
    }
  });
});

describe("a table", () => {
  it("is called tabulated where it is given no name", () => {
    const rows = { separations: [1, 2, 3], energies: [0, 1, 0] };
    expect(tabulated(rows).name).toBe("tabulated");
    expect(tabulated({ ...rows, name: "measured" }).name).toBe("measured");
  });

  it("with one separation twice is refused", () => {
    expect(() => tabulated({ separations: [1, 2, 2], energies: [0, 1, 0] })).toThrow(
      expect.objectContaining({ code: "bad-table", got: "2 after 2 in row 2" }),
    );
  });
});
