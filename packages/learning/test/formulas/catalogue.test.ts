import { createRandom } from "@mclnn/datasets";
import { parseFormula } from "@mclnn/physics/potentials";
import { describe, expect, it } from "vitest";
import type { Block } from "../../src/formulas/block.ts";
import { blocks, power } from "../../src/formulas/blocks.ts";
import { checkBlocks } from "../../src/formulas/check-blocks.ts";
import { slopeAt, writeFormula } from "../../src/formulas/describe.ts";
import { latexOf } from "../../src/formulas/latex.ts";
import { holds } from "../../src/formulas/rivals.ts";
import type { Part } from "../../src/formulas/sum.ts";

const RANGE = { from: 0.8, to: 2.5, middle: Math.sqrt(2) };

const part = (
  name: string,
  constants: readonly number[],
  fixed: readonly boolean[] = [],
): Part => ({
  block: [power, ...blocks].find((block) => block.name === name) as Block,
  constants,
  fixed: constants.map((_, k) => fixed[k] ?? false),
  cost: 0,
});
const powers = (...p: readonly number[]): Part[] => p.map((each) => part("power", [each], [true]));

describe("blocks", () => {
  it.each([power, ...blocks].map((block) => ({ name: block.name, block })))(
    "$name: slopes are those of its energies",
    ({ block }) => {
      expect(() => checkBlocks([block], RANGE)).not.toThrow();
    },
  );

  it("a slope that is not the energy's is named with its place and factor", () => {
    const wrong: Block = {
      name: "half",
      constants: [{ name: "c", kind: "length" }],
      energies: ["exp(-r/c)"],
      slopes: [(r, [c]) => (-0.5 * Math.exp(-r / c)) / c],
    };
    expect(() => checkBlocks([wrong], RANGE)).toThrow(
      /block half cannot be used.*slope of exp\(-r\/c\).*0\.5.* times that/,
    );
    const nan: Block = { ...wrong, slopes: [() => Number.NaN] };
    expect(() => checkBlocks([nan], RANGE)).toThrow(/block half .*a number at r = .*NaN/);
  });
});

describe("formulas as they are written", () => {
  const rows: readonly (readonly [string, readonly Part[], readonly number[]])[] = [
    ["Lennard-Jones", powers(-13, -7), [-48, 24]],
    ["Mie 9-6", powers(-10, -7), [-60, 30]],
    ["Mie", [part("power", [-10.3]), part("power", [-6.2])], [-60, 30]],
    ["harmonic spring", [part("spring1", [1.1])], [2.3]],
    ["quartic spring", [part("spring3", [1.1])], [2.3]],
    ["double well", [part("doubleWell", [1.5])], [-8, 32]],
    ["spring with a quartic term", [part("doubleWell", [1.5])], [8, 32]],
    ["inverse distance (gravity, Coulomb)", powers(-2), [1.3]],
    ["logarithm", powers(-1), [1.3]],
    ["Cornell", powers(0, -2), [0.9, 0.6]],
    ["Yukawa", [part("yukawa", [0.7])], [3]],
    ["exponential", [part("exponential", [0.7])], [3]],
    ["Gaussian", [part("gaussian", [0.7])], [3]],
    ["Plummer (softened inverse distance)", [part("plummer", [0.7])], [-3]],
    ["FENE", [part("fene", [3.1])], [-5]],
    ["two springs", [part("twoSprings", [1.2])], [20, 4]],
    ["Hertz", [part("hertz", [1.6, 2.5], [false, true])], [40]],
    ["Morse", [part("morse", [0.4])], [-20, 130]],
    ["Buckingham", [...powers(-7), part("exponential", [0.2])], [60, 2e4]],
    ["power law", [part("power", [-2.37])], [1.4]],
    ["polynomial", [part("polynomial3", [])], [1, 2, -0.3, 0.4]],
    ["sum", [part("stretched", [1, 0.8, 1.7]), ...powers(-1, 0, 1)], [1, 2, 3, -4]],
    ["sum", [part("oscillating", [3, 2]), part("ringing", [4, 0.9])], [1, 2, 3, -4]],
    ["sum", [part("gaussianAt", [1, 0.3]), part("gaussianAt", [2, 0.4])], [1, 2]],
    ["sum", [part("softened", [0.5, 1.3]), ...powers(-1.5)], [1, -2]],
  ];
  it.each(rows)("%s: its text parses to the slope of the sum", (name, sum, linear) => {
    const coefficients = Float64Array.from(linear);
    const n = linear.length + sum.flatMap(({ fixed }) => fixed).filter((is) => !is).length;
    const covariance = new Float64Array(n * n);
    for (let i = 0; i < n; i++) covariance[i * (n + 1)] = 1e-6;
    const written = writeFormula({ sum, coefficients }, covariance, RANGE.middle);
    expect(written.name).toBe(name);
    const slope = slopeAt({ sum, coefficients }, RANGE.middle);
    const parsed = parseFormula(written.energy);
    for (let k = 0; k <= 20; k++) {
      const r = RANGE.from + (k / 20) * (RANGE.to - RANGE.from);
      expect(Math.abs(parsed.slope(r) - slope(r))).toBeLessThan(1e-11 * (1 + Math.abs(slope(r))));
    }
    for (const { value, sd } of written.constants) {
      expect(Number.isFinite(value)).toBe(true);
      expect(sd).toBeGreaterThan(0);
    }
  });

  it("standard deviations follow those of the sum: of drawn coefficients, within a tenth", () => {
    const random = createRandom(3);
    const sum = powers(-13, -7);
    const sd = [0.5, 0.1];
    const covariance = Float64Array.of(0.25, 0.03, 0.03, 0.01);
    const { constants } = writeFormula(
      { sum, coefficients: Float64Array.of(-48, 24) },
      covariance,
      RANGE.middle,
    );
    const draws = Array.from({ length: 4000 }, () => {
      const [a, b] = [random.normal(), random.normal()];
      const coefficients = Float64Array.of(-48 + sd[0] * a, 24 + sd[1] * (0.6 * a + 0.8 * b));
      return writeFormula({ sum, coefficients }, null, RANGE.middle).constants;
    });
    constants.forEach(({ value, sd: told }, k) => {
      const squares = draws.reduce((total, draw) => {
        const d = draw[k].value - value;
        return total + d * d;
      }, 0);
      const drawn = Math.sqrt(squares / draws.length);
      expect(Math.abs(told / drawn - 1)).toBeLessThan(0.1);
    });
  });
});

describe("extensions are no rivals", () => {
  it.each([
    ["yukawa", "power[-2]", true],
    ["power[-2]", "yukawa", false],
    ["power[-13]+power[-7]+power[-2]", "power[-13]+power[-7]", true],
    ["polynomial3", "doubleWell", true],
    ["exponential+power[-7]", "power[-13]+power[-7]", false],
  ])("%s holds %s: %s", (large, small, is) => {
    expect(holds(large.split("+"), small.split("+"), blocks)).toBe(is);
  });
});

describe("LaTeX", () => {
  it.each([
    ["k*(r-r0)^2/2", "\\frac{k \\, \\left(r - r_{0}\\right)^{2}}{2}"],
    ["-k/r+b*r", "-\\frac{k}{r} + b \\, r"],
    [
      "4*eps*((sigma/r)^12-(sigma/r)^6)",
      "4 \\, \\varepsilon \\, \\left(\\left(\\frac{\\sigma}{r}\\right)^{12} - \\left(\\frac{\\sigma}{r}\\right)^{6}\\right)",
    ],
    ["a1*exp(-r/lambda)/r", "\\frac{a_{1} \\, \\exp\\left(-\\frac{r}{\\lambda}\\right)}{r}"],
    [
      "2*3.5e-4*log(1-(r/R)^2)",
      "2 \\cdot 3.5 \\cdot 10^{-4} \\, \\ln\\left(1 - \\left(\\frac{r}{R}\\right)^{2}\\right)",
    ],
    ["abs(r)-(a-b)/sqrt(r^2+c^2)", "\\left|r\\right| - \\frac{a - b}{\\sqrt{r^{2} + c^{2}}}"],
    ["r^(p+1)/(p+1)", "\\frac{r^{p + 1}}{p + 1}"],
    ["x-(y-z)", "x - \\left(y - z\\right)"],
  ])("of %s", (text, tex) => {
    expect(latexOf(text)).toBe(tex);
  });

  it("of every block has its braces closed, and no bare power of two characters", () => {
    for (const { energies } of [power, ...blocks])
      for (const energy of energies) {
        const tex = latexOf(energy);
        let depth = 0;
        for (const c of tex) depth += c === "{" ? 1 : c === "}" ? -1 : 0;
        expect(depth, tex).toBe(0);
        expect(tex.match(/\\left/g)?.length, tex).toBe(tex.match(/\\right/g)?.length);
      }
  });
});

it.each([
  [powers(-13, -7), [-48, 24], { eps: [0, 1], sigma: [1, 0] }],
  [[part("spring1", [1.1])], [2.3], { k: [-2, 1], r0: [1, 0] }],
  [powers(-2), [1.3], { k: [1, 1] }],
  [powers(-1), [1.3], { k: [0, 1] }],
  [[part("yukawa", [0.7])], [3], { A: [1, 1], lambda: [1, 0] }],
  [[part("power", [-2.37])], [3], { k: null, p: [0, 0] }],
  [[part("oscillating", [3, 2], [false, true])], [1, 2], { a1: [2, 1], a2: [2, 1], k: [-1, 0] }],
])("constants of %o %o are measured in powers of length and energy", (sum, linear, expected) => {
  const at = { sum, coefficients: Float64Array.from(linear) };
  const { constants } = writeFormula(at, null, RANGE.middle);
  expect(
    Object.fromEntries(
      constants.map(({ name, dimension }) => [
        name,
        dimension && [dimension.length + 0, dimension.energy + 0],
      ]),
    ),
  ).toEqual(expected);
});
