import { describe, expect, it } from "vitest";
import {
  linearSpring,
  type Potential,
  pairwise,
  pairwiseBySpecies,
  sumOfPotentials,
} from "../src/index.ts";
import { harmonicTrap, uniformField } from "../src/potentials/index.ts";

const MASSES = [2, 0.5];
const POSITIONS = { 2: [0.3, -1.2, 2.1, 0.7], 3: [0.3, -1.2, 0.4, 2.1, 0.7, -0.9] };

describe.each([2, 3] as const)("fields in %i dimensions, by hand to 1e-14", (dimension) => {
  const centre = [0.1, -0.2, 0.3].slice(0, dimension);
  const g = [0.4, -9.81, 1.5].slice(0, dimension);

  it.each<[string, () => Potential, (x: number, k: number, mass: number) => [number, number]]>([
    ["a trap about the origin", () => harmonicTrap(), (x) => [x ** 2 / 2, -x]],
    [
      "a stiff trap about a centre",
      () => harmonicTrap({ stiffness: 3, centre }),
      (x, k) => [1.5 * (x - (centre[k] as number)) ** 2, -3 * (x - (centre[k] as number))],
    ],
    [
      "a uniform field",
      () => uniformField(g),
      (x, k, mass) => [-mass * (g[k] as number) * x, mass * (g[k] as number)],
    ],
  ])("%s: energy and force of each component", (_, make, ofComponent) => {
    const potential = make();
    const bodies = { masses: Float64Array.from(MASSES), dimension };
    const positions = Float64Array.from(POSITIONS[dimension]);
    const expected = Array.from(positions, (x, k) =>
      ofComponent(x, k % dimension, MASSES[Math.floor(k / dimension)] as number),
    );
    const sum = expected.reduce((total, [energy]) => total + energy, 0);
    expect(Math.abs(potential.energy(bodies, positions) - sum)).toBeLessThan(1e-14 * 20);
    // Longer than it need be, as scratch may be.
    const out = new Float64Array(positions.length + 1).fill(0.25);
    potential.addForces(bodies, positions, out);
    expected.forEach(([, force], k) => {
      expect(Math.abs((out[k] as number) - 0.25 - force)).toBeLessThan(1e-14 * 20);
    });
    expect(out.at(-1)).toBe(0.25);
  });
});

describe("a potential says what it is, what it depends on and what it conserves", () => {
  const spring = (): Potential => pairwise(linearSpring());
  it.each<[string, () => Potential, string, boolean, boolean]>([
    ["a pair law", spring, "linear-spring", true, true],
    [
      "laws by species",
      () => pairwiseBySpecies([{ species: [0, 1], pair: linearSpring() }]),
      "0-1: linear-spring",
      true,
      true,
    ],
    [
      "two pair laws",
      () => sumOfPotentials(spring(), spring()),
      "linear-spring + linear-spring",
      true,
      true,
    ],
    ["a field", () => uniformField([0, -1]), "uniform-field", false, false],
    ["a trap", () => harmonicTrap(), "harmonic-trap", false, true],
    [
      "a trap about the origin, said",
      () => harmonicTrap({ centre: [0, 0] }),
      "harmonic-trap",
      false,
      true,
    ],
    [
      "a trap beside the origin",
      () => harmonicTrap({ centre: [0, 1] }),
      "harmonic-trap",
      false,
      false,
    ],
    [
      "a trap and a pair law",
      () => sumOfPotentials(spring(), harmonicTrap()),
      "linear-spring + harmonic-trap",
      false,
      true,
    ],
  ])("%s", (_, make, name, linearMomentum, angularMomentum) => {
    const { name: called, dependsOn, conserves } = make();
    expect({ called, dependsOn, conserves }).toEqual({
      called: name,
      dependsOn: "positions",
      conserves: { linearMomentum, angularMomentum },
    });
  });
});

describe("a field refuses a vector that it cannot use, by its name", () => {
  const three = { masses: Float64Array.of(1), dimension: 3 as const };
  it.each<[string, () => unknown, string, string, string]>([
    ["no g", () => uniformField(undefined as never), "g", "bad-argument", "undefined"],
    ["a g of one", () => uniformField([1]), "g of uniform-field", "bad-shape", "1"],
    [
      "a g of two in three dimensions",
      () => uniformField([1, 2]).energy(three, new Float64Array(3)),
      "g of uniform-field",
      "bad-dimension",
      "2",
    ],
    [
      "a centre without end",
      () => harmonicTrap({ centre: [0, 1 / 0] }),
      "centre",
      "not-finite",
      "Infinity at index 1",
    ],
    [
      "a stiffness of NaN",
      () => harmonicTrap({ stiffness: Number.NaN }),
      "parameter stiffness of harmonic-trap",
      "bad-parameter",
      "NaN",
    ],
  ])("%s", (_, make, what, code, got) => {
    expect(make).toThrow(
      expect.objectContaining({
        code,
        got,
        message: expect.stringContaining(`${what} cannot be used`),
      }),
    );
  });
});
