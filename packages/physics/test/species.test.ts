import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accelerations,
  angularMomentum,
  coulomb,
  createSystem,
  definePairPotential,
  gravity,
  hamiltonian,
  isMclnnError,
  lennardJones,
  linearMomentum,
  linearSpring,
  morse,
  type PairPotential,
  pairwise,
  pairwiseBySpecies,
  potentialEnergy,
  type SpeciesPairPotential,
  softCore,
} from "../src/index.ts";

const SPECIES = [0, 7, 0, 3, 7, 3];
const bodies = {
  masses: [1, 2, 0.5, 3, 1, 1.5],
  charges: [1, -1, 2, 0.5, -2, 1],
  species: SPECIES,
};
const n = SPECIES.length;
const PAIRS: readonly [number, number][] = [
  [0, 0],
  [0, 3],
  [7, 0],
  [3, 3],
  [3, 7],
  [7, 7],
];
const lawsOf = (pairs: readonly PairPotential[]): SpeciesPairPotential[] =>
  PAIRS.map((species, k) => ({ species, pair: pairs[k % pairs.length] as PairPotential }));
const KINDS = [morse(), gravity(), coulomb(), linearSpring(), softCore(), lennardJones()];

/** Positions of well separated particles, any by their seed. */
function spread(dimension: number, seed: number): Float64Array {
  return Float64Array.from({ length: n * dimension }, (_, k) => {
    const i = Math.floor(k / dimension);
    const grid = [i % 3, Math.floor(i / 3), i % 2][k % dimension] as number;
    return 1.5 * grid + 0.3 * Math.sin(12.9898 * (k + 1) + 78.233 * seed);
  });
}

describe.each([2, 3] as const)("laws by species, in %i dimensions", (dimension) => {
  it("are summed over pairs as by hand, each with its own coupling, to 1e-14", () => {
    const laws = lawsOf(KINDS);
    const system = createSystem({ ...bodies, dimension, potential: pairwiseBySpecies(laws) });
    for (let seed = 0; seed < 10; seed++) {
      const q = spread(dimension, seed);
      let sum = 0;
      let size = 0;
      for (let j = 0; j < n; j++)
        for (let i = 0; i < j; i++) {
          const of = [SPECIES[i], SPECIES[j]].sort().join();
          const pair = laws.find(({ species }) => [...species].sort().join() === of)?.pair;
          const at = (k: number): number[] => [...q.subarray(k * dimension, (k + 1) * dimension)];
          const w = {
            none: [1, 1],
            "mass-product": bodies.masses,
            "charge-product": bodies.charges,
          };
          const [wi, wj] =
            pair?.coupling === undefined
              ? [1, 1]
              : [i, j].map((k) => w[pair.coupling ?? "none"][k] as number);
          const r = Math.hypot(...at(i).map((x, c) => x - (at(j)[c] as number)));
          const v = (wi as number) * (wj as number) * (pair?.energy(r) as number);
          sum += v;
          size += Math.abs(v);
        }
      expect(Math.abs(potentialEnergy(system, q) - sum)).toBeLessThan(1e-14 * size);
    }
  });

  it("give forces that are minus the gradient of the energy, to 1e-7", () => {
    const potential = pairwiseBySpecies(lawsOf(KINDS));
    const system = createSystem({ ...bodies, dimension, potential });
    const q = spread(dimension, 1);
    const f = new Float64Array(q.length).fill(0.25);
    potential.addForces(system, q, f);
    const h = 1e-3;
    q.forEach((x, k) => {
      const at = (s: number): number => potentialEnergy(system, q.with(k, x + s * h));
      const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
      expect(Math.abs((f[k] as number) - 0.25 + slope)).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
    });
  });

  it("give forces and torques that add up to nothing, to roundoff, on random configurations", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.shuffledSubarray(KINDS, { minLength: 2 }),
        (seed, kinds) => {
          const potential = pairwiseBySpecies(lawsOf(kinds));
          const system = createSystem({ ...bodies, dimension, potential });
          const q = spread(dimension, seed);
          const f = new Float64Array(q.length);
          potential.addForces(system, q, f);
          const scale = Math.max(...f.map(Math.abs));
          const ones = { masses: new Float64Array(n).fill(1), dimension };
          for (const p of linearMomentum(ones, f))
            expect(Math.abs(p)).toBeLessThan(1e-14 * scale * n);
          for (const l of angularMomentum(ones, q, f))
            expect(Math.abs(l)).toBeLessThan(1e-13 * scale * n);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keep both momenta below 1e-12 along 5,000 steps, and the energy to 1e-3", () => {
    const potential = pairwiseBySpecies(
      lawsOf([linearSpring(), linearSpring({ restLength: 1.5 }), linearSpring({ stiffness: 2 })]),
    );
    const system = createSystem({ ...bodies, dimension, potential });
    const q = spread(dimension, 2);
    const v = spread(dimension, 3).map((x) => 0.2 * x);
    const f = new Float64Array(q.length);
    const start = {
      energy: hamiltonian(system, { time: 0, positions: q, velocities: v }),
      p: linearMomentum(system, v),
      l: angularMomentum(system, q, v),
    };
    const dt = 0.002;
    const kick = (): void => {
      accelerations(system, q, f).forEach((a, k) => {
        v[k] = (v[k] as number) + 0.5 * dt * a;
      });
    };
    for (let step = 0; step < 5000; step++) {
      kick();
      v.forEach((x, k) => {
        q[k] = (q[k] as number) + dt * x;
      });
      kick();
      if (step % 100 !== 0) continue;
      const off = (now: Float64Array, then: Float64Array): number =>
        Math.max(...now.map((x, k) => Math.abs(x - (then[k] as number))));
      expect(off(linearMomentum(system, v), start.p)).toBeLessThan(1e-12);
      expect(off(angularMomentum(system, q, v), start.l)).toBeLessThan(1e-12);
    }
    const energy = hamiltonian(system, { time: 0, positions: q, velocities: v });
    expect(Math.abs(energy / start.energy - 1)).toBeLessThan(1e-3);
  });

  it.each(KINDS.map((pair) => [pair.name, pair] as const))(
    "equal pairwise() bit for bit where all of them are %s",
    (_, pair) => {
      const all = createSystem({ ...bodies, dimension, potential: pairwise(pair) });
      const potential = pairwiseBySpecies(lawsOf([pair]));
      const system = createSystem({ ...bodies, dimension, potential });
      for (let seed = 0; seed < 20; seed++) {
        const q = spread(dimension, seed);
        const out = new Float64Array(q.length);
        expect(potentialEnergy(system, q)).toBe(potentialEnergy(all, q));
        expect([...accelerations(system, q, out)]).toEqual([
          ...accelerations(all, q, new Float64Array(q.length)),
        ]);
      }
    },
  );
});

describe("a potential by species", () => {
  const near = linearSpring();
  const far = linearSpring({ restLength: 2 });
  const q = Float64Array.of(0, 0, 1, 0, 0, 1);

  it("shows its laws, lower species first, and names them", () => {
    const { pair, pairs, name, conserves } = pairwiseBySpecies([
      { species: [1, 0], pair: far },
      { species: [0, 0], pair: near },
    ]);
    expect(pair).toBeUndefined();
    expect(pairs).toEqual([
      { species: [0, 1], pair: far },
      { species: [0, 0], pair: near },
    ]);
    expect(pairs?.[0]?.pair).toBe(far);
    expect(name).toBe("0-1: linear-spring | 0-0: linear-spring");
    expect(conserves).toEqual({ energy: true, linearMomentum: true, angularMomentum: true });
  });

  it("serves systems of different sizes and species in turn", () => {
    const potential = pairwiseBySpecies([
      { species: [0, 0], pair: near },
      { species: [0, 1], pair: far },
    ]);
    const one = createSystem({ masses: [1, 1], species: [0, 1], dimension: 2, potential });
    const two = createSystem({ masses: [1, 1, 1], species: [0, 0, 0], dimension: 2, potential });
    const lone = createSystem({ masses: [1], species: [9], dimension: 2, potential });
    for (let k = 0; k < 2; k++) {
      expect(potentialEnergy(one, q.subarray(0, 4))).toBe(0.5);
      expect(potentialEnergy(two, q)).toBeCloseTo(0.5 * (Math.SQRT2 - 1) ** 2, 14);
      // No pair, no law needed.
      expect(potentialEnergy(lone, q.subarray(0, 2))).toBe(0);
    }
  });

  const make =
    (laws: unknown, extra: object = {}): (() => unknown) =>
    () => {
      const potential = pairwiseBySpecies(laws as SpeciesPairPotential[]);
      const system = { ...createSystem({ masses: [1, 1, 1], dimension: 2, potential }), ...extra };
      accelerations(system, q, new Float64Array(6));
    };
  const spring = (a: unknown, b: unknown): object => ({ species: [a, b], pair: near });
  const energyOf =
    (extra: object): (() => unknown) =>
    () =>
      pairwiseBySpecies([{ species: [0, 0], pair: near }]).energy(
        { masses: Float64Array.of(1, 1, 1), dimension: 2, ...extra },
        q,
      );

  it.each<[string, () => unknown, string, RegExp]>([
    ["no laws", make([]), "bad-potential", /a law for each pair of species, got Array of 0/],
    ["laws that are none", make(undefined), "bad-potential", /a law for each pair/],
    [
      "two laws",
      make([spring(0, 1), spring(0, 1)]),
      "bad-potential",
      /species 0 and 1 have two laws/,
    ],
    [
      "two laws, one the other way round",
      make([spring(0, 1), spring(0, 0), spring(1, 0)]),
      "bad-potential",
      /one law for a pair of species, in either order, got 0-1, 0-0, 1-0.*sumOfPairs/,
    ],
    [
      "half a species",
      make([spring(0, 0.5)]),
      "bad-species",
      /whole numbers from 0.*got \[0, 0.5\]/,
    ],
    ["species below 0", make([spring(-1, 0)]), "bad-species", /got \[-1, 0\]/],
    ["one species", make([{ species: [0], pair: near }]), "bad-species", /got \[0\]/],
    ["no species in a law", make([{ pair: near }]), "bad-species", /got undefined/],
    ["no pair potential in a law", make([{ species: [0, 0] }]), "bad-potential", /energy|function/],
    [
      "a law without slope",
      make([spring(0, 0), { species: [0, 1], pair: { name: "half", energy: () => 0 } }]),
      "bad-potential",
      /laws\[1\].pair.slope cannot be used.*definePairPotential/,
    ],
    [
      "bodies without species",
      make([spring(0, 0)]),
      "missing-species",
      /a species for every particle, got none/,
    ],
    ["bodies without species, energy", energyOf({}), "missing-species", /createSystem/],
    [
      "species of other particles",
      make([spring(0, 0)], { species: Int32Array.of(0, 0) }),
      "bad-shape",
      /3 numbers.*, got 2/,
    ],
    [
      "a pair without a law",
      make([spring(0, 0), spring(1, 1)], { species: Int32Array.of(0, 0, 1) }),
      "missing-law",
      /between species 0 and 1: expected a law for 0-1, of particles 0 and 2, got laws for 0-0, 1-1/,
    ],
    [
      "a species without any law, energy",
      energyOf({ species: Int32Array.of(5, 0, 0) }),
      "missing-law",
      /between species 0 and 5.*particles 0 and 1, got laws for 0-0/,
    ],
    [
      "no charges for a law that couples by them",
      make([{ species: [0, 0], pair: coulomb() }], { species: new Int32Array(3) }),
      "missing-charges",
      /coulomb needs charges/,
    ],
    [
      "coincident particles: the law that cannot have them is named",
      () =>
        pairwiseBySpecies([
          { species: [0, 0], pair: definePairPotential({ name: "bump", energy: (r) => r * r }) },
          { species: [0, 1], pair: gravity() },
        ]).energy(
          { masses: Float64Array.of(1, 1), species: Int32Array.of(0, 1), dimension: 2 },
          new Float64Array(4),
        ),
      "zero-separation",
      /gravity cannot be evaluated between particles 0 and 1/,
    ],
  ])("refuses %s", (_, f, code, text) => {
    let error: unknown;
    try {
      f();
    } catch (e) {
      error = e;
    }
    expect(isMclnnError(error) ? [error.code, error.kind] : error).toEqual([code, "input"]);
    expect(String(error)).toMatch(text);
  });
});
