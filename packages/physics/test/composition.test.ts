import { describe, expect, it } from "vitest";
import { coulomb, gravity, linearSpring, type PairPotential, quarticSpring } from "../src/index.ts";
import {
  builtInPotential,
  builtInPotentials,
  scaled,
  shifted,
  smoothCutoff,
  sumOfPairs,
} from "../src/potentials/index.ts";

/** V = r^3 by its energy and slope only, and by all three. */
const bare = (): PairPotential => ({
  name: "bare",
  energy: (r) => r ** 3,
  slope: (r) => 3 * r * r,
});
const whole = (): PairPotential => ({ ...bare(), name: "whole", curvature: (r) => 6 * r });
const code = (expected: string) => expect.objectContaining({ code: expected });

describe("compositions, V, V' and V'' at r = 1.3 by the definition to 1e-6", () => {
  const r = 1.3;
  const [v, s, c] = [r ** 3, 3 * r * r, 6 * r];
  it.each<[string, () => PairPotential, string, number, number, number, string | undefined]>([
    ["of nothing", () => sumOfPairs(), "nothing", 0, 0, 0, "none"],
    ["one", () => sumOfPairs(bare()), "bare", v, s, c, "none"],
    ["two", () => sumOfPairs(bare(), whole()), "bare + whole", 2 * v, 2 * s, 2 * c, "none"],
    [
      "of masses",
      () => sumOfPairs(gravity(), gravity()),
      "gravity + gravity",
      -2 / r,
      2 / r ** 2,
      -4 / r ** 3,
      "mass-product",
    ],
    ["scaled", () => scaled(whole(), -3), "-3 x whole", -3 * v, -3 * s, -3 * c, undefined],
    [
      "scaled, of charges",
      () => scaled(coulomb(), 2),
      "2 x coulomb",
      2 / r,
      -2 / r ** 2,
      4 / r ** 3,
      "charge-product",
    ],
    ["shifted", () => shifted(bare(), 0.5), "bare + 0.5", v + 0.5, s, c, undefined],
    [
      "cut off further out",
      () => smoothCutoff(whole(), { onset: 2, cutoff: 3 }),
      "whole cut off at 3",
      v,
      s,
      c,
      undefined,
    ],
    [
      "cut off further in",
      () => smoothCutoff(whole(), { onset: 0, cutoff: 1.3 }),
      "whole cut off at 1.3",
      0,
      0,
      0,
      undefined,
    ],
  ])("%s", (_, make, name, energy, slope, curvature, coupling) => {
    const pair = make();
    expect(pair.name).toBe(name);
    expect(pair.coupling).toBe(coupling);
    expect("coupling" in pair).toBe(coupling !== undefined);
    expect(pair.energy(r)).toBeCloseTo(energy, 12);
    expect(pair.slope(r)).toBeCloseTo(slope, 12);
    expect(pair.curvature?.(r)).toBeCloseTo(curvature, 6);
  });

  it("a switch between onset and cutoff has the slope and curvature of its energy, to 1e-5", () => {
    const pair = smoothCutoff(whole(), { onset: 0.9, cutoff: 3.4 });
    const h = 1e-4;
    for (const at of [1, 1.7, 2.4, 3.3]) {
      const slope = (pair.energy(at + h) - pair.energy(at - h)) / (2 * h);
      const curvature = (pair.slope(at + h) - pair.slope(at - h)) / (2 * h);
      expect(Math.abs(pair.slope(at) - slope)).toBeLessThan(1e-5);
      expect(Math.abs((pair.curvature?.(at) ?? 0) - curvature)).toBeLessThan(1e-5);
    }
    expect(pair.energy(2.15)).toBeCloseTo(0.5 * 2.15 ** 3, 12);
  });

  it("nothing is asked of a law beyond its cutoff", () => {
    const wall: PairPotential = {
      name: "wall",
      energy: () => Number.POSITIVE_INFINITY,
      slope: () => Number.NaN,
      curvature: () => Number.NaN,
    };
    const pair = smoothCutoff(wall, { onset: 1, cutoff: 2 });
    for (const r of [2, 3])
      expect([pair.energy(r), pair.slope(r), pair.curvature?.(r)]).toEqual([0, 0, 0]);
  });
});

describe("compositions that are refused", () => {
  it.each<[string, () => unknown, string]>([
    ["masses and none", () => sumOfPairs(gravity(), linearSpring()), "mixed-couplings"],
    ["none and charges", () => sumOfPairs(linearSpring(), coulomb()), "mixed-couplings"],
    ["an infinite factor", () => scaled(whole(), Number.POSITIVE_INFINITY), "bad-parameter"],
    ["an energy of NaN", () => shifted(whole(), Number.NaN), "bad-parameter"],
    ["an onset below 0", () => smoothCutoff(whole(), { onset: -1, cutoff: 1 }), "bad-cutoff"],
    ["a cutoff at the onset", () => smoothCutoff(whole(), { onset: 1, cutoff: 1 }), "bad-cutoff"],
    [
      "a cutoff without end",
      () => smoothCutoff(whole(), { onset: 1, cutoff: Number.POSITIVE_INFINITY }),
      "bad-cutoff",
    ],
  ])("%s", (_, make, expected) => {
    expect(make).toThrow(code(expected));
  });

  it("but an onset of 0 is none", () => {
    expect(smoothCutoff(whole(), { onset: 0, cutoff: 1 }).energy(0.5)).toBeCloseTo(0.0625, 12);
  });
});

describe("built-in laws by name", () => {
  it("there are ten, each with its formula", () => {
    expect(builtInPotentials.map(({ name }) => name)).toEqual([
      ...["linear-spring", "quartic-spring", "gravity", "coulomb", "lennard-jones", "morse"],
      ...["yukawa", "soft-core", "power-law", "gaussian-well"],
    ]);
    for (const { formula, summary, create, name } of builtInPotentials) {
      expect(formula).not.toBe("");
      expect(summary).not.toBe("");
      expect(create().name).toBe(name);
    }
  });

  it.each<[string, number]>([
    ["quartic-spring", 0.5],
    [" quartic-spring ", 0.5],
    ["quartic-spring:", 0.5],
    ["quartic-spring: stiffness = 3 , restLength=1", 1.5],
    ["quartic-spring:stiffness=3,,", 1.5],
    ["quartic-spring:stiffness=3, ,", 1.5],
  ])("%j at r = 2 is %d", (specification, expected) => {
    expect(builtInPotential(specification).energy(2)).toBeCloseTo(expected, 12);
    expect(quarticSpring().energy(2)).toBeCloseTo(0.5, 12);
  });

  it.each<[string, string]>([
    ["", "unknown-potential"],
    [":stiffness=1", "unknown-potential"],
    ["spring", "unknown-potential"],
    ["quartic-spring:k=1", "unknown-parameter"],
    ["quartic-spring:toString=1", "unknown-parameter"],
    ["quartic-spring:stiffness=1=2", "unknown-parameter"],
    ["quartic-spring:stiffness", "bad-parameter"],
    ["quartic-spring:stiffness=", "bad-parameter"],
    ["quartic-spring:stiffness=x", "bad-parameter"],
    ["quartic-spring:stiffness=Infinity", "bad-parameter"],
    ["quartic-spring:stiffness=1,stiffness=1", "bad-parameter"],
  ])("%j is refused: %s", (specification, expected) => {
    expect(() => builtInPotential(specification)).toThrow(
      expect.objectContaining({ code: expected, argument: "potential" }),
    );
  });

  it("what stands before the colon is the name that is not known", () => {
    expect(() => builtInPotential(":stiffness=1")).toThrow(
      expect.objectContaining({ code: "unknown-potential", got: '""' }),
    );
  });
});
