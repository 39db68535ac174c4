import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { harmonicTrap, uniformField } from "../src/forces/index.ts";
import {
  accelerations,
  angularMomentum,
  centreOfMass,
  coulomb,
  createState,
  createSystem,
  gravity,
  hamiltonian,
  isMclnnError,
  kineticEnergy,
  lagrangian,
  lennardJones,
  linearMomentum,
  linearSpring,
  morse,
  type ParticleSystem,
  type Potential,
  pairwise,
  potentialEnergy,
  quarticSpring,
  separations,
  softCore,
  stateAt,
  sumOfForces,
} from "../src/index.ts";
import { builtInPotential } from "../src/potentials/index.ts";

interface Case {
  masses: number[];
  positions: number[][];
  velocities: number[][];
  atStart: {
    lagrangian: number;
    hamiltonian: number;
    linearMomentum: number[];
    angularMomentum: number[];
  };
}
const cases: Record<string, Case> = JSON.parse(
  readFileSync(new URL("fixtures/starts.json", import.meta.url), "utf8"),
).cases;

const LAWS = {
  "linear-spring": linearSpring(),
  "quartic-spring": quarticSpring(),
  gravity: gravity(),
};

describe("the paper's starts", () => {
  it.each(Object.entries(cases))(
    "%s: L, H, P and angular momentum as the reference has them",
    (name, c) => {
      const law = LAWS[name.split("/")[0] as keyof typeof LAWS];
      const system = createSystem({ masses: c.masses, dimension: 3, potential: pairwise(law) });
      const state = createState(c, { dimension: 3 });
      expect(lagrangian(system, state)).toBeCloseTo(c.atStart.lagrangian, 12);
      expect(hamiltonian(system, state)).toBeCloseTo(c.atStart.hamiltonian, 12);
      linearMomentum(system, state.velocities).forEach((p, k) => {
        expect(p).toBeCloseTo(c.atStart.linearMomentum[k] as number, 12);
      });
      angularMomentum(system, state.positions, state.velocities).forEach((l, k) => {
        expect(l).toBeCloseTo(c.atStart.angularMomentum[k] as number, 12);
      });
    },
  );
});

/** Positions of n particles that are not too close, reproducible. */
function spread(n: number, dimension: 2 | 3, seed: number): Float64Array {
  let x = seed * 7919 + 1;
  const random = (): number => {
    x = (x * 48271) % 2147483647;
    return x / 2147483647;
  };
  const out = new Float64Array(n * dimension);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < dimension; c++)
      out[i * dimension + c] =
        1.4 *
          (c === 0
            ? Math.cos(2.4 * i) * Math.sqrt(i + 0.5)
            : c === 1
              ? Math.sin(2.4 * i) * Math.sqrt(i + 0.5)
              : 0) +
        0.2 * (random() - 0.5);
  return out;
}

const forces = (dimension: 2 | 3): readonly [string, Potential][] => [
  ["gravity", pairwise(gravity())],
  ["charges", pairwise(coulomb())],
  ["Lennard-Jones", pairwise(lennardJones())],
  ["trap", harmonicTrap({ stiffness: 0.7, centre: [0.1, -0.2, 0.3].slice(0, dimension) })],
  ["field", uniformField([0.3, -1, 0.2].slice(0, dimension))],
  [
    "all",
    sumOfForces(
      pairwise(morse()),
      harmonicTrap(),
      uniformField(Float64Array.of(1, 0, 0).subarray(0, dimension)),
    ),
  ],
];

describe.each([2, 3] as const)("in %i dimensions", (dimension) => {
  const n = 5;
  const bodies = {
    masses: [1, 2, 0.5, 3, 1],
    charges: [1, -1, 2, 0.5, -2],
    dimension,
  };

  it.each(forces(dimension))(
    "%s: force is minus the gradient of the energy, to 1e-7",
    (_, potential) => {
      const system = createSystem({ ...bodies, potential });
      for (let seed = 1; seed <= 5; seed++) {
        const q = spread(n, dimension, seed);
        const f = new Float64Array(q.length).fill(0.25);
        potential.addForces(system, q, f);
        const h = 1e-3;
        q.forEach((x, k) => {
          const at = (s: number): number => potentialEnergy(system, q.with(k, x + s * h));
          const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
          // addForces adds to what is there.
          expect(Math.abs((f[k] as number) - 0.25 + slope)).toBeLessThan(
            1e-7 * (1 + Math.abs(slope)),
          );
        });
      }
    },
  );

  it("accelerations are forces over masses", () => {
    const system = createSystem({ ...bodies, potential: pairwise(gravity()) });
    const q = spread(n, dimension, 3);
    const f = new Float64Array(q.length);
    system.potential.addForces(system, q, f);
    accelerations(system, q, new Float64Array(q.length).fill(9)).forEach((a, k) => {
      expect(a).toBe((f[k] as number) / (system.masses[Math.floor(k / dimension)] as number));
    });
  });

  const PAIRS = [linearSpring(), gravity(), coulomb(), lennardJones(), morse(), softCore()];

  it("forces add up to nothing, and so do torques, to roundoff, on random configurations", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(...PAIRS), (seed, pair) => {
        const system = createSystem({ ...bodies, potential: pairwise(pair) });
        const q = spread(n, dimension, seed);
        const f = new Float64Array(q.length);
        system.potential.addForces(system, q, f);
        const scale = Math.max(...f.map(Math.abs));
        const ones = { masses: new Float64Array(n).fill(1), dimension };
        for (const p of linearMomentum(ones, f))
          expect(Math.abs(p)).toBeLessThan(1e-14 * scale * n);
        for (const l of angularMomentum(ones, q, f))
          expect(Math.abs(l)).toBeLessThan(1e-13 * scale * n);
      }),
      { numRuns: 200 },
    );
  });

  it("L does not change under translation, rotation and reflection of positions and velocities, nor relabelling of equal particles", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.boolean(),
        (seed, angle, shift, mirror) => {
          const system = createSystem({
            masses: [1, 1, 1, 1, 1],
            dimension,
            potential: pairwise(quarticSpring()),
          });
          const state = {
            time: 0,
            positions: spread(n, dimension, seed),
            velocities: spread(n, dimension, seed + 1),
          };
          const turn = (v: Float64Array, by: number): Float64Array => {
            const out = v.slice();
            for (let o = 0; o < v.length; o += dimension) {
              const [x, y] = [v[o] as number, v[o + 1] as number];
              out[o] = (mirror ? -1 : 1) * (Math.cos(angle) * x - Math.sin(angle) * y) + by;
              out[o + 1] = Math.sin(angle) * x + Math.cos(angle) * y - by;
            }
            return out;
          };
          const before = lagrangian(system, state);
          const moved = {
            time: 0,
            positions: turn(state.positions, shift),
            velocities: turn(state.velocities, 0),
          };
          expect(Math.abs(lagrangian(system, moved) - before)).toBeLessThan(
            1e-11 * (1 + Math.abs(before)),
          );
          const swap = (v: Float64Array): Float64Array =>
            Float64Array.of(
              ...v.subarray(dimension, 2 * dimension),
              ...v.subarray(0, dimension),
              ...v.subarray(2 * dimension),
            );
          const relabelled = {
            time: 0,
            positions: swap(state.positions),
            velocities: swap(state.velocities),
          };
          expect(Math.abs(lagrangian(system, relabelled) - before)).toBeLessThan(
            1e-12 * (1 + Math.abs(before)),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("observables", () => {
  const system: ParticleSystem = createSystem({
    masses: [1, 3],
    dimension: 2,
    potential: pairwise(linearSpring()),
  });
  const state = createState(
    {
      positions: [
        [0, 0],
        [2, 1],
      ],
      velocities: [
        [1, 0],
        [0, -1],
      ],
    },
    { dimension: 2 },
  );

  it("have their textbook values", () => {
    expect(kineticEnergy(system, state.velocities)).toBe(2);
    expect(potentialEnergy(system, state.positions)).toBeCloseTo(0.5 * (Math.sqrt(5) - 1) ** 2, 14);
    expect([...linearMomentum(system, state.velocities)]).toEqual([1, -3]);
    expect([...centreOfMass(system, state.positions)]).toEqual([1.5, 0.75]);
    expect([...angularMomentum(system, state.positions, state.velocities)]).toEqual([-6]);
    expect([...separations(state.positions, { particles: 2, dimension: 2 })]).toEqual([
      Math.sqrt(5),
    ]);
  });

  it("angular momentum in three dimensions is m q x v", () => {
    const one = { masses: Float64Array.of(2), dimension: 3 as const };
    expect([...angularMomentum(one, Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 7))]).toEqual([
      2 * (14 - 15),
      2 * (12 - 7),
      2 * (5 - 8),
    ]);
  });

  it("stateAt copies a record", () => {
    const positions = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const s = stateAt({ particles: 2, dimension: 2, times: Float64Array.of(0, 0.5), positions }, 1);
    expect(s).toEqual({
      time: 0.5,
      positions: Float64Array.of(4, 5, 6, 7),
      velocities: new Float64Array(4),
    });
    s.positions[0] = 9;
    expect(positions[4]).toBe(4);
  });
});

describe("bad input", () => {
  const potential = pairwise(linearSpring());
  const two = createSystem({ masses: [1, 1], dimension: 2, potential });
  const zeros = (length: number): Float64Array => new Float64Array(length);
  const good = {
    positions: [
      [0, 0],
      [1, 0],
    ],
    velocities: [
      [0, 0],
      [0, 0],
    ],
  };
  it.each<[string, () => unknown, string, RegExp]>([
    [
      "no masses",
      () => createSystem({ masses: [], dimension: 2, potential }),
      "bad-shape",
      /one or more masses/,
    ],
    [
      "a negative mass",
      () => createSystem({ masses: [1, -1], dimension: 2, potential }),
      "bad-mass",
      /finite numbers above 0, got -1 at index 1/,
    ],
    [
      "one dimension",
      () => createSystem({ masses: [1], dimension: 1 as 2, potential }),
      "bad-dimension",
      /2 or 3, got 1/,
    ],
    [
      "too few charges",
      () => createSystem({ masses: [1, 1], charges: [1], dimension: 2, potential }),
      "bad-shape",
      /charges.*expected 2 numbers/,
    ],
    [
      "species that are none",
      () => createSystem({ masses: [1], species: [0.5], dimension: 2, potential }),
      "bad-species",
      /got 0.5/,
    ],
    [
      "mixed dimensions",
      () =>
        createState(
          {
            ...good,
            positions: [
              [0, 0],
              [1, 0, 0],
            ],
          },
          { dimension: 2 },
        ),
      "bad-shape",
      /particle 1.*2 components, got 3/,
    ],
    [
      "unequal lengths",
      () => createState({ ...good, velocities: [[0, 0]] }, { dimension: 2 }),
      "bad-shape",
      /2 velocities, got 1/,
    ],
    [
      "a flat array that does not divide",
      () => createState({ positions: [1, 2, 3], velocities: [1, 2, 3] }, { dimension: 2 }),
      "bad-shape",
      /multiple of 2/,
    ],
    [
      "NaN",
      () =>
        createState(
          {
            ...good,
            positions: [
              [0, 0],
              [Number.NaN, 0],
            ],
          },
          { dimension: 2 },
        ),
      "not-finite",
      /positions\[1\].*NaN at index 0/,
    ],
    [
      "a time that is none",
      () => createState({ ...good, time: Number.POSITIVE_INFINITY }, { dimension: 2 }),
      "not-finite",
      /time/,
    ],
    [
      "vectors of which some are numbers",
      () => createState({ ...good, positions: [[0, 0], 1, 2] as never }, { dimension: 2 }),
      "bad-shape",
      /particle 1.*2 components, got number/,
    ],
    [
      "null for a number",
      () =>
        createState(
          {
            ...good,
            positions: [
              [0, 0],
              [null, 1],
            ] as never,
          },
          { dimension: 2 },
        ),
      "not-finite",
      /positions\[1\].*null at index 0/,
    ],
    [
      "null for a vector",
      () => createState({ ...good, positions: [[0, 0], null] as never }, { dimension: 2 }),
      "bad-shape",
      /particle 1/,
    ],
    [
      "no positions",
      () => createState({ velocities: good.velocities } as never, { dimension: 2 }),
      "bad-argument",
      /positions.*an array, got undefined/,
    ],
    [
      "a pair potential where a potential belongs",
      () => createSystem({ masses: [1], dimension: 2, potential: gravity() as never }),
      "bad-potential",
      /becomes one by pairwise/,
    ],
    [
      "no potential",
      () => createSystem({ masses: [1], dimension: 2 } as never),
      "bad-potential",
      /got undefined/,
    ],
    [
      "a pair potential without slope",
      () => pairwise({ name: "x", energy: (r: number) => r } as never),
      "bad-potential",
      /definePairPotential\(\) makes one of an energy/,
    ],
    [
      "a coupling that there is not",
      () => pairwise({ ...gravity(), coupling: "masses" as never }),
      "bad-potential",
      /none, mass-product, charge-product, got "masses"/,
    ],
    ["a field of one component", () => uniformField([1]), "bad-shape", /2 or 3 components, got 1/],
    ["a field of NaN", () => uniformField([0, Number.NaN]), "not-finite", /NaN at index 1/],
    [
      "a field of another dimension",
      () => uniformField([0, -1]).energy({ masses: Float64Array.of(1), dimension: 3 }, zeros(3)),
      "bad-dimension",
      /3 components, got 2/,
    ],
    [
      "a trap of another dimension",
      () =>
        harmonicTrap({ centre: [0, 0, 1] }).addForces(
          { masses: Float64Array.of(1), dimension: 2 },
          zeros(2),
          zeros(2),
        ),
      "bad-dimension",
      /centre.*2 components, got 3/,
    ],
    [
      "a trap of no stiffness",
      () => harmonicTrap({ stiffness: Number.NaN }),
      "bad-parameter",
      /stiffness/,
    ],
    ...(
      [
        ["kinetic energy", () => kineticEnergy(two, zeros(3)), "velocities"],
        ["potential energy", () => potentialEnergy(two, zeros(3)), "positions"],
        ["linear momentum", () => linearMomentum(two, zeros(6)), "velocities"],
        ["centre of mass", () => centreOfMass(two, zeros(5)), "positions"],
        ["angular momentum", () => angularMomentum(two, zeros(4), zeros(2)), "velocities"],
        ["accelerations", () => accelerations(two, zeros(6), zeros(4)), "positions"],
        ["an array to write to", () => accelerations(two, zeros(4), zeros(6)), "out"],
        ["separations", () => separations(zeros(3), { particles: 2, dimension: 2 }), "positions"],
      ] as const
    ).map(([what, f, text]): [string, () => unknown, string, RegExp] => [
      `arrays of other particles: ${what}`,
      f,
      "bad-shape",
      new RegExp(`${text}.*expected 4 numbers \\(2 particles x 2\\)`),
    ]),
    ...[-1, 2, 0.5].map((record): [string, () => unknown, string, RegExp] => [
      `record ${record} of two`,
      () =>
        stateAt(
          { particles: 1, dimension: 2, times: Float64Array.of(0, 1), positions: zeros(4) },
          record,
        ),
      "bad-index",
      /a whole number from 0 to 1/,
    ]),
    [
      "charges left out",
      () =>
        pairwise(coulomb()).energy(
          createSystem({ masses: [1, 1], dimension: 2, potential }),
          Float64Array.of(0, 0, 1, 0),
        ),
      "missing-charges",
      /a charge for every particle/,
    ],
  ])("%s", (_, f, code, text) => {
    let error: unknown;
    try {
      f();
    } catch (e) {
      error = e;
    }
    expect(isMclnnError(error) && [error.code, error.kind]).toEqual([code, "input"]);
    expect(String(error)).toMatch(text);
  });

  it("zero separation: a typed error that names the particles for a singular potential, nothing for a soft one", () => {
    const q = Float64Array.of(0, 0, 1, 1, 0, 0);
    const at = (name: string): unknown => {
      const system = createSystem({
        masses: [1, 1, 1],
        dimension: 2,
        potential: pairwise(builtInPotential(name)),
      });
      try {
        return accelerations(system, q, new Float64Array(6));
      } catch (error) {
        return isMclnnError(error) ? [error.code, error.message] : error;
      }
    };
    expect(at("gravity")).toEqual([
      "zero-separation",
      expect.stringMatching(/between particles 0 and 2/),
    ]);
    expect(at("linear-spring")).toEqual([
      "zero-separation",
      expect.stringMatching(/two particles at one point/),
    ]);
    expect(at("soft-core")).toBeInstanceOf(Float64Array);
  });

  it("zero separation: no energy either, where it would be infinite or NaN", () => {
    const q = new Float64Array(4);
    const at = (name: string): number =>
      potentialEnergy(
        createSystem({
          masses: [1, 1],
          dimension: 2,
          potential: pairwise(builtInPotential(name)),
        }),
        q,
      );
    for (const name of ["gravity", "lennard-jones"])
      expect(() => at(name)).toThrow(/particles 0 and 1.*two particles at one point/);
    expect(at("linear-spring")).toBe(0.5);
    expect(at("soft-core")).toBe(-1);
  });

  it("a force that is no number is a failure that names pair and separation", () => {
    const system = createSystem({
      masses: [1, 1],
      dimension: 2,
      potential: pairwise({
        name: "broken",
        energy: () => 0,
        slope: (r) => (r > 2 ? Number.NaN : 0),
      }),
    });
    expect(() => accelerations(system, Float64Array.of(0, 0, 3, 0), new Float64Array(4))).toThrow(
      /broken between particles 0 and 1.*slope NaN at separation 3/,
    );
  });
});
