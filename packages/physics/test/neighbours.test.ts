import {
  createSystem,
  hamiltonian,
  lennardJones,
  type PairPotential,
  pairwise,
  pairwiseBySpecies,
  type Space,
  yukawa,
} from "@mclnn/physics";
import { withCutoff } from "@mclnn/physics/potentials";
import { NeighbourList, openSpace, periodicSpace } from "@mclnn/physics/space";
import { describe, expect, it } from "vitest";

/** Numbers from 0 to 1 that are the same in every run. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

const right = periodicSpace({ rows: [7, 8, 9], origin: [-1, 2, 0.5] });
const tilted = periodicSpace({ rows: [7, 0, 0, 2, 8, 0, -1.5, 2.5, 9] });
const slab = periodicSpace({ rows: [7, 8, 9], periodic: [true, true, false] });

/** Particles anywhere, in any image of the cell. */
function anywhere({ rows, periodic }: Space, count: number, seed = 1): Float64Array {
  const random = uniform(seed);
  const out = new Float64Array(3 * count);
  for (let i = 0; i < count; i++)
    for (let row = 0; row < 3; row++) {
      const share = random() + (periodic[row] ? Math.floor(3 * random()) - 1 : 0);
      for (let c = 0; c < 3; c++)
        out[3 * i + c] += share * (rows === openSpace.rows ? 8 : 1) * rows[3 * row + c];
    }
  return out;
}

/** Ten lines that look at every pair and all its images. */
function naive(
  { rows, periodic }: Space,
  x: Float64Array,
  cutoff: number,
  each: (i: number, j: number, d: readonly number[], r: number) => void,
): void {
  const images = periodic.map((along) => (along ? [-4, -3, -2, -1, 0, 1, 2, 3, 4] : [0]));
  for (let i = 0; 3 * i < x.length; i++)
    for (let j = i + 1; 3 * j < x.length; j++)
      for (const a of images[0])
        for (const b of images[1])
          for (const c of images[2]) {
            const d = [0, 1, 2].map(
              (k) => x[3 * i + k] - x[3 * j + k] + a * rows[k] + b * rows[3 + k] + c * rows[6 + k],
            );
            const r = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
            if (r < cutoff) each(i, j, d, r);
          }
}

describe("neighbour lists", () => {
  it.each([
    ["a right-angled box", right],
    ["a tilted box", tilted],
    ["a slab", slab],
    ["open space", openSpace],
  ] as const)("hold each near pair of %s once, as a look at all images does", (_, space) => {
    const count = 40;
    const x = anywhere(space, count);
    const cutoff = Math.min(2.5, space.reach);
    const list = new NeighbourList(space, { particles: count, dimension: 3, cutoff });
    list.update(x);
    const found: string[] = [];
    for (let a = 0; a < count; a++)
      for (let p = list.starts[a]; p < list.starts[a + 1]; p++) {
        const b = list.seconds[p];
        const d = [0, 1, 2].map((c) => list.positions[3 * a + c] - list.positions[3 * b + c]);
        const r = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        if (r >= cutoff) continue;
        const [i, j] = [list.owners[a], list.owners[b]];
        const nearest = Float64Array.from(
          [0, 1, 2],
          (c) => x[3 * Math.min(i, j) + c] - x[3 * Math.max(i, j) + c],
        );
        space.nearest(nearest);
        expect(Math.sqrt(nearest.reduce((sum, e) => sum + e * e, 0))).toBeCloseTo(r, 12);
        found.push(`${Math.min(i, j)}-${Math.max(i, j)} ${r.toFixed(9)}`);
      }
    const all: string[] = [];
    naive(space, x, cutoff, (i, j, _d, r) => all.push(`${i}-${j} ${r.toFixed(9)}`));
    expect(all.length).toBeGreaterThan(10);
    expect(found.sort()).toEqual(all.sort());
  });

  it("are made anew when a particle has moved by half the skin, and not before", () => {
    const x = anywhere(right, 50);
    const list = new NeighbourList(right, { particles: 50, dimension: 3, cutoff: 2, skin: 0.4 });
    expect(list.update(x)).toBe(true);
    x[4] += 0.19;
    expect(list.update(x)).toBe(false);
    x[4] += 0.02;
    expect(list.update(x)).toBe(true);
  });
});

const lj = withCutoff(lennardJones({ epsilon: 1, sigma: 0.4 }), { cutoff: 2 });

describe("forces of near pairs", () => {
  it.each([
    ["a right-angled box", right],
    ["a tilted box", tilted],
    ["a slab", slab],
    ["open space", openSpace],
  ] as const)(
    "and their energy in %s are those of a look at all images, within 1e-8",
    (_, space) => {
      const x = anywhere(space, 40, 3);
      const system = createSystem({
        masses: new Array(40).fill(1),
        dimension: 3,
        potential: pairwise(lj),
        space,
      });
      const forces = new Float64Array(120);
      let energy = 0;
      naive(space, x, 2, (i, j, d, r) => {
        energy += lj.energy(r);
        for (let c = 0; c < 3; c++) {
          forces[3 * i + c] -= (lj.slope(r) * d[c]) / r;
          forces[3 * j + c] += (lj.slope(r) * d[c]) / r;
        }
      });
      const own = new Float64Array(120);
      system.potential.addForces(system, x, own);
      const scale = Math.max(...forces.map(Math.abs));
      for (let k = 0; k < 120; k++) expect(Math.abs(own[k] - forces[k])).toBeLessThan(1e-8 * scale);
      const at = { time: 0, positions: x, velocities: new Float64Array(120) };
      expect(Math.abs(hamiltonian(system, at) - energy)).toBeLessThan(1e-8 * Math.abs(energy));
    },
  );

  it("go by species and charges as sums over all pairs do", () => {
    const cut = (pair: PairPotential) => withCutoff(pair, { cutoff: 3 });
    const laws = pairwiseBySpecies([
      { species: [0, 0], pair: cut(lennardJones({ epsilon: 1, sigma: 0.4 })) },
      { species: [0, 1], pair: cut(yukawa({ strength: 2, range: 1 })) },
      {
        species: [1, 1],
        pair: { ...cut(yukawa({ strength: 1, range: 2 })), coupling: "mass-product" },
      },
    ]);
    const x = anywhere(openSpace, 40, 5);
    const masses = Float64Array.from({ length: 40 }, (_, i) => 1 + (i % 3));
    const species = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    const [near, all] = [openSpace, undefined].map((space) => {
      const system = createSystem({ masses, dimension: 3, potential: laws, species, space });
      const out = new Float64Array(120);
      laws.addForces(system, x, out);
      return { out, energy: laws.energy(system, x) };
    });
    const scale = Math.max(...all.out.map(Math.abs));
    near.out.forEach((f, k) => {
      expect(Math.abs(f - all.out[k])).toBeLessThan(1e-8 * scale);
    });
    expect(near.energy).toBeCloseTo(all.energy, 7);
  });

  it("by impulses on a grid sum to 0 in every bit, in the box and across its walls", () => {
    const x = anywhere(tilted, 60, 9);
    const system = createSystem({
      masses: new Array(60).fill(1),
      dimension: 3,
      potential: pairwise(withCutoff(yukawa({ strength: 1, range: 1 }), { cutoff: 3 })),
      space: tilted,
    });
    const out = new Float64Array(180);
    system.potential.addImpulses?.(system, x, 0.01, 2 ** -40, out);
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let k = c; k < 180; k += 3) sum += out[k];
      expect(sum).toBe(0);
    }
    expect(Math.max(...out)).toBeGreaterThan(1e-4);
  });

  it("need a cutoff within half the box", () => {
    const x = anywhere(right, 10);
    const forces = (pair: PairPotential) => () => {
      const system = createSystem({
        masses: new Array(10).fill(1),
        dimension: 3,
        potential: pairwise(pair),
        space: right,
      });
      system.potential.addForces(system, x, new Float64Array(30));
    };
    const code = "bad-cutoff";
    expect(forces(lennardJones({ epsilon: 1, sigma: 1 }))).toThrow(
      expect.objectContaining({ code, got: "none" }),
    );
    expect(forces(withCutoff(yukawa({ strength: 1, range: 1 }), { cutoff: 3.6 }))).toThrow(
      expect.objectContaining({ code, got: "3.6" }),
    );
    expect(() => withCutoff(lj, { cutoff: 0 })).toThrow(expect.objectContaining({ code }));
    expect(() => periodicSpace({ rows: [1, 0, 0, 1, 0, 0, 0, 0, 1] })).toThrow(
      expect.objectContaining({ code: "bad-box" }),
    );
  });
});
