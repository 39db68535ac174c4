import { describe, expect, it } from "vitest";
import {
  type BodyCoupling,
  harmonicTrap,
  linearDrag,
  magneticField,
  quadraticDrag,
  uniformField,
} from "../src/forces/index.ts";
import {
  accelerations,
  angularMomentum,
  type Bodies,
  createSystem,
  type Force,
  gravity,
  hamiltonian,
  linearMomentum,
  linearSpring,
  type Potential,
  pairwise,
  pairwiseBySpecies,
  partsOf,
  sumOfForces,
} from "../src/index.ts";

const MASSES = Float64Array.of(2, 0.5);
const CHARGES = Float64Array.of(-1.5, 3);
const POSITIONS = { 2: [0.3, -1.2, 2.1, 0.7], 3: [0.3, -1.2, 0.4, 2.1, 0.7, -0.9] };
const VELOCITIES = { 2: [-0.6, 0.9, 1.1, 0.25], 3: [-0.6, 0.9, 0.2, 1.1, 0.25, -1.3] };
const COUPLINGS: readonly BodyCoupling[] = ["none", "mass", "charge"];
const weightOf = (coupling: BodyCoupling, i: number): number =>
  ({ none: 1, mass: MASSES[i], charge: CHARGES[i] })[coupling] as number;

describe.each([2, 3] as const)("in %i dimensions, by hand to 1e-14", (dimension) => {
  const bodies: Bodies = { masses: MASSES, charges: CHARGES, dimension };
  const positions = Float64Array.from(POSITIONS[dimension]);
  const velocities = Float64Array.from(VELOCITIES[dimension]);
  const centre = [0.1, -0.2, 0.3].slice(0, dimension);
  const g = [0.4, -9.81, 1.5].slice(0, dimension);
  const field = dimension === 2 ? [0, 0, 0.7] : [0.3, -0.4, 0.7];
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, x, c) => sum + x * (b[c] as number), 0);
  const cross = (
    [a = 0, b = 0, c = 0]: readonly number[],
    [x = 0, y = 0, z = 0]: readonly number[],
  ) => [b * z - c * y, c * x - a * z, a * y - b * x].slice(0, dimension);
  const from = (q: readonly number[]): number[] => q.map((x, c) => x - (centre[c] as number));

  type Single = (
    q: readonly number[],
    v: readonly number[],
  ) => [force: readonly number[], energy: number | undefined];
  const rows: readonly [string, (coupling?: BodyCoupling) => Force, BodyCoupling, Single][] = [
    [
      "a uniform field",
      (coupling) => uniformField(g, coupling && { coupling }),
      "mass",
      (q) => [g, -dot(g, q)],
    ],
    [
      "a trap",
      (coupling) => harmonicTrap({ stiffness: 3, centre, ...(coupling && { coupling }) }),
      "none",
      (q) => [from(q).map((x) => -3 * x), 1.5 * dot(from(q), from(q))],
    ],
    [
      "linear drag",
      (coupling) => linearDrag({ coefficient: 0.8, ...(coupling && { coupling }) }),
      "none",
      (_, v) => [v.map((x) => -0.8 * x), undefined],
    ],
    [
      "quadratic drag",
      (coupling) => quadraticDrag({ coefficient: 0.8, ...(coupling && { coupling }) }),
      "none",
      (_, v) => [v.map((x) => -0.8 * Math.hypot(...v) * x), undefined],
    ],
    [
      "a magnetic field",
      (coupling) => magneticField(field, coupling && { coupling }),
      "charge",
      (_, v) => [cross(v, field), 0],
    ],
  ];
  const cases = rows.flatMap(([name, make, usual, single]) =>
    [undefined, ...COUPLINGS].map(
      (coupling) =>
        [name, coupling ?? `${usual}, unsaid`, make(coupling), coupling ?? usual, single] as const,
    ),
  );

  it.each(cases)("%s, weighed by %s: forces and energy", (_, __, force, coupling, single) => {
    const vectors = (values: Float64Array, i: number): number[] =>
      Array.from(values.slice(i * dimension, (i + 1) * dimension));
    // Longer than it need be, as scratch may be.
    const out = new Float64Array(positions.length + 1).fill(0.25);
    force.addForces(bodies, positions, out, velocities);
    let energy: number | undefined = 0;
    [0, 1].forEach((i) => {
      const [f, e] = single(vectors(positions, i), vectors(velocities, i));
      const w = weightOf(coupling, i);
      f.forEach((x, c) => {
        const found = (out[i * dimension + c] as number) - 0.25;
        expect(Math.abs(found - w * x)).toBeLessThan(1e-14 * 20);
      });
      energy = e === undefined || energy === undefined ? undefined : energy + w * e;
    });
    expect(out.at(-1)).toBe(0.25);
    if (energy === undefined) expect(force.energy).toBeUndefined();
    else
      expect(Math.abs((force.energy?.(bodies, positions) as number) - energy)).toBeLessThan(
        1e-14 * 50,
      );
  });

  it("a number is a magnetic field along the last axis", () => {
    const [a, b] = [0.7, [0, 0, 0.7]].map((each) => {
      const out = new Float64Array(positions.length);
      magneticField(each).addForces(bodies, positions, out, velocities);
      return out;
    });
    expect(a).toEqual(b);
  });
});

const spring = (): Potential => pairwise(linearSpring());
type Row = readonly [
  what: string,
  make: () => Force,
  name: string,
  reads: "positions" | "velocities",
  keeps: string,
];
const FACTS: readonly Row[] = [
  ["a pair law", spring, "linear-spring", "positions", "E P L"],
  [
    "laws by species",
    () =>
      pairwiseBySpecies([
        { species: [0, 0], pair: gravity() },
        { species: [0, 1], pair: linearSpring() },
      ]),
    "0-0: gravity | 0-1: linear-spring",
    "positions",
    "E P L",
  ],
  ["a field", () => uniformField([0, -1]), "uniform-field", "positions", "E"],
  ["a trap", () => harmonicTrap(), "harmonic-trap", "positions", "E L"],
  [
    "a trap about the origin, said",
    () => harmonicTrap({ centre: [0, 0] }),
    "harmonic-trap",
    "positions",
    "E L",
  ],
  [
    "a trap beside the origin",
    () => harmonicTrap({ centre: [0, 1] }),
    "harmonic-trap",
    "positions",
    "E",
  ],
  ["linear drag", () => linearDrag(), "linear-drag", "velocities", ""],
  ["quadratic drag", () => quadraticDrag(), "quadratic-drag", "velocities", ""],
  ["a magnetic field", () => magneticField(2), "magnetic-field", "velocities", "E"],
  ["nothing", () => sumOfForces(), "nothing", "positions", "E P L"],
  [
    "two pair laws",
    () => sumOfForces(spring(), spring()),
    "linear-spring + linear-spring",
    "positions",
    "E P L",
  ],
  [
    "a pair law and a trap",
    () => sumOfForces(spring(), harmonicTrap()),
    "linear-spring + harmonic-trap",
    "positions",
    "E L",
  ],
  [
    "a magnetic field and a trap",
    () => sumOfForces(magneticField(1), harmonicTrap()),
    "magnetic-field + harmonic-trap",
    "velocities",
    "E",
  ],
  [
    "a pair law and drag",
    () => sumOfForces(spring(), linearDrag()),
    "linear-spring + linear-drag",
    "velocities",
    "",
  ],
];

describe("a force says what it is, what it reads and what it conserves", () => {
  it.each(FACTS)("%s", (_, make, name, reads, keeps) => {
    const force = make();
    expect({ ...force, conserves: { ...force.conserves } }).toMatchObject({
      name,
      reads: reads === "positions" ? "positions" : "positions-and-velocities",
      conserves: {
        energy: keeps.includes("E"),
        linearMomentum: keeps.includes("P"),
        angularMomentum: keeps.includes("L"),
      },
    });
  });

  it.each(FACTS)("%s: totals change as it says, to 1e-9 of any change", (_, make) => {
    const force = make();
    const system = createSystem({
      masses: [2, 0.5, 1],
      charges: [1, -2, 0.5],
      species: [0, 0, 1],
      dimension: 2,
      potential: sumOfForces(force),
    });
    // No law of a species with itself is asked for where there is but one of it.
    const q = Float64Array.of(0.3, -1.2, 2.1, 0.7, -0.4, 1.6);
    const v = Float64Array.of(-0.6, 0.9, 1.1, 0.25, 0.35, -0.8);
    const a = accelerations(system, q, new Float64Array(6), v);
    const [dP, dL] = [linearMomentum(system, a), angularMomentum(system, q, a)];
    const nothing = (vector: Float64Array): boolean => vector.every((x) => Math.abs(x) < 1e-12);
    expect(nothing(dP), "linear momentum").toBe(force.conserves.linearMomentum);
    expect(nothing(dL), "angular momentum").toBe(force.conserves.angularMomentum);
    if (force.energy === undefined) {
      expect(force.conserves.energy).toBe(false);
      return;
    }
    const energy = (t: number): number =>
      hamiltonian(system, {
        time: t,
        positions: q.map((x, k) => x + t * (v[k] as number)),
        velocities: v.map((x, k) => x + t * (a[k] as number)),
      });
    const h = 1e-3;
    const rate = (8 * (energy(h) - energy(-h)) - (energy(2 * h) - energy(-2 * h))) / (12 * h);
    expect(Math.abs(rate) < 1e-9, `${rate}`).toBe(force.conserves.energy);
  });
});

describe("a sum of forces", () => {
  it("is made of its parts, none of them a sum; a copy of it is a force of its own", () => {
    const [a, b, c] = [spring(), harmonicTrap(), linearDrag()];
    const sum = sumOfForces(a, sumOfForces(b, c));
    expect(partsOf(sum)).toEqual([a, b, c]);
    expect(partsOf(a)).toEqual([a]);
    const copy = { ...sum };
    expect(partsOf(copy)).toEqual([copy]);
  });

  it("has an energy when all of its parts have one, and else refuses to be asked for it", () => {
    const of = (potential: Force) => ({ masses: MASSES, dimension: 2 as const, potential });
    const state = {
      time: 0,
      positions: Float64Array.from(POSITIONS[2]),
      velocities: Float64Array.from(VELOCITIES[2]),
    };
    const magnetic = magneticField(3);
    expect(hamiltonian(of(sumOfForces(spring(), magnetic)), state)).toBe(
      hamiltonian(of(spring()), state),
    );
    expect(() => hamiltonian(of(sumOfForces(spring(), linearDrag())), state)).toThrow(
      expect.objectContaining({ code: "no-energy", kind: "input" }),
    );
  });

  it("of one of a user's own that states nothing conserves nothing", () => {
    const own = { name: "own", reads: "positions", addForces() {} } as never;
    expect(sumOfForces(own).conserves).toEqual({
      energy: false,
      linearMomentum: false,
      angularMomentum: false,
    });
  });
});

describe("a force refuses what it cannot use, by its name", () => {
  const three = { masses: Float64Array.of(1), dimension: 3 as const };
  const flat = { masses: Float64Array.of(1), dimension: 2 as const };
  const zeros = new Float64Array(3);
  it.each<[string, () => unknown, string, string, string]>([
    ["no g", () => uniformField(undefined as never), "g", "bad-argument", "undefined"],
    ["a g of one", () => uniformField([1]), "g of uniform-field", "bad-shape", "1"],
    [
      "a g of two in three dimensions",
      () => uniformField([1, 2]).energy(three, zeros),
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
    [
      "a coefficient of NaN",
      () => linearDrag({ coefficient: Number.NaN }),
      "parameter coefficient of linear-drag",
      "bad-parameter",
      "NaN",
    ],
    [
      "a coefficient that is none",
      () => quadraticDrag({ coefficient: "1" as never }),
      "parameter coefficient of quadratic-drag",
      "bad-parameter",
      '"1"',
    ],
    [
      "an unknown coupling",
      () => linearDrag({ coupling: "weight" as never }),
      "coupling",
      "bad-option",
      '"weight"',
    ],
    ["a field of two", () => magneticField([0, 1]), "field", "bad-shape", "2"],
    ["a field of NaN", () => magneticField(Number.NaN), "field", "not-finite", "NaN at index 2"],
    [
      "a field in the plane",
      () => magneticField([0, 1, 0], { coupling: "none" }).addForces(flat, zeros, zeros, zeros),
      "the field of magnetic-field",
      "bad-dimension",
      "[0, 1, 0]",
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

  it.each<[string, Force, string]>([
    ["charges", magneticField(1), "missing-charges"],
    ["charges of a trap", harmonicTrap({ coupling: "charge" }), "missing-charges"],
  ])("%s that there are none of", (_, force, code) => {
    expect(() => force.addForces(flat, zeros, zeros, zeros)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each([linearDrag(), quadraticDrag(), magneticField(1, { coupling: "none" })])(
    "velocities that there are none of, $name",
    (force) => {
      expect(() => force.addForces(flat, zeros, zeros)).toThrow(
        expect.objectContaining({ code: "missing-velocities" }),
      );
      expect(() =>
        accelerations({ ...flat, potential: force }, new Float64Array(2), new Float64Array(2)),
      ).toThrow(expect.objectContaining({ code: "bad-argument", argument: "velocities" }));
    },
  );
});
