import { describe, expect, it } from "vitest";
import {
  createSystem,
  gravity,
  linearSpring,
  type PairPotential,
  type Potential,
  pairwise,
  pairwiseBySpecies,
} from "../src/index.ts";

const GRID = 2 ** -10;
const MASSES = [1, 2, 0.5];
const SPECIES = [0, 1, 0];

function systemOf(dimension: 2 | 3, potential: Potential) {
  return createSystem({ masses: MASSES, dimension, potential, species: SPECIES });
}
const positions = (dimension: number): Float64Array =>
  Float64Array.from({ length: 3 * dimension }, (_, k) => Math.sin(7 * k + 1) + (k % 4));

/** Each pair's impulse, rounded once to the grid, given to one particle as it is taken from the other. */
function naive(dimension: number, slope: (r: number) => number, time: number, weighed = false) {
  const q = positions(dimension);
  const out = new Array<number>(q.length).fill(0);
  for (let i = 0; i < 3; i++)
    for (let j = i + 1; j < 3; j++) {
      const d = Array.from(
        { length: dimension },
        (_, c) => (q[i * dimension + c] as number) - (q[j * dimension + c] as number),
      );
      const r = Math.hypot(...d);
      const weight = weighed ? (MASSES[i] as number) * (MASSES[j] as number) : 1;
      d.forEach((x, c) => {
        const impulse = Math.round(((slope(r) / r) * weight * x * time) / GRID) * GRID;
        out[i * dimension + c] = (out[i * dimension + c] as number) - impulse;
        out[j * dimension + c] = (out[j * dimension + c] as number) + impulse;
      });
    }
  return out;
}

const laws: readonly [string, Potential, PairPotential, boolean][] = [
  ["a spring", pairwise(linearSpring()), linearSpring(), false],
  ["gravity, which weighs by masses", pairwise(gravity()), gravity(), true],
  [
    "a spring between all species",
    pairwiseBySpecies([
      { species: [0, 0], pair: linearSpring() },
      { species: [1, 0], pair: linearSpring() },
    ]),
    linearSpring(),
    false,
  ],
];

describe.each([2, 3] as const)("impulses on a grid in %i dimensions", (dimension) => {
  it.each(laws)(
    "of %s equal rounding each pair's by itself, in every bit",
    (_, potential, pair, weighed) => {
      for (const time of [0.25, 3]) {
        const out = new Float64Array(3 * dimension);
        potential.addImpulses?.(
          systemOf(dimension, potential),
          positions(dimension),
          time,
          GRID,
          out,
        );
        expect([...out]).toEqual(
          naive(dimension, (r) => pair.slope(r), time, weighed).map((x) => x + 0),
        );
        expect(out.some((x) => x !== 0)).toBe(true);
      }
    },
  );

  it("are added to what is there, and without a grid forces are", () => {
    const potential = pairwise(linearSpring());
    const system = systemOf(dimension, potential);
    const q = positions(dimension);
    const [once, twice, forces] = [0, 0, 0].map(() => new Float64Array(3 * dimension)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    potential.addImpulses?.(system, q, 1, GRID, once);
    for (const _ of [1, 2]) potential.addImpulses?.(system, q, 1, GRID, twice);
    potential.addForces(system, q, forces);
    once.forEach((x, k) => {
      expect(twice[k]).toBe(2 * x);
      expect(Math.abs((forces[k] as number) - x)).toBeLessThanOrEqual(GRID);
    });
    expect(forces).not.toEqual(once);
  });

  it("are refused where a component leaves 2^51 grids / N, on whatever axis, and taken up to there", () => {
    const most = (2 ** 51 * GRID) / 2;
    const constant = (slope: number): Potential =>
      pairwise({ name: "constant", energy: (r) => slope * r, slope: () => slope });
    for (let axis = 0; axis < dimension; axis++)
      for (const sign of [1, -1]) {
        const q = new Float64Array(2 * dimension);
        q[axis] = 1;
        const impulse = (slope: number): Float64Array => {
          const potential = constant(sign * slope);
          const out = new Float64Array(2 * dimension);
          const system = createSystem({ masses: [1, 1], dimension, potential });
          potential.addImpulses?.(system, q, 1, GRID, out);
          return out;
        };
        expect(impulse(most)[axis]).toBe(-sign * most);
        expect(() => impulse(most + GRID)).toThrow(
          expect.objectContaining({ code: "grid-range", argument: "grid", kind: "failure" }),
        );
      }
  });
});

describe("laws by species", () => {
  const potential = pairwiseBySpecies([{ species: [0, 0], pair: linearSpring() }]);
  it.each([
    ["first", [7, 0]],
    ["second", [0, 7]],
    ["both", [7, 7]],
  ])("say that there is none where the %s of a pair is of a kind unknown", (_, species) => {
    const system = {
      masses: Float64Array.of(1, 1),
      dimension: 2 as const,
      species: Int32Array.from(species),
    };
    const q = Float64Array.of(0, 0, 1, 0);
    const missing = expect.objectContaining({ code: "missing-law", argument: "laws" });
    expect(() => potential.energy(system, q)).toThrow(missing);
    expect(() => potential.addForces(system, q, new Float64Array(4))).toThrow(missing);
    expect(() => potential.addImpulses?.(system, q, 1, GRID, new Float64Array(4))).toThrow(missing);
  });
});
