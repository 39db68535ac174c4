import {
  accelerations,
  createState,
  createSystem,
  gravity,
  isMclnnError,
  kineticEnergy,
  type ParticleSystem,
  type Potential,
  pairwise,
  potentialEnergy,
  quarticSpring,
  type State,
} from "@mclnn/physics";
import { harmonicTrap, uniformField } from "@mclnn/physics/forces";
import { describe, expect, it } from "vitest";
import { determination, meanSquaredError, medianRange, shareOutside } from "../src/index.ts";
import {
  eulerLagrangeViolations,
  type SymmetryViolations,
  symmetryViolations,
} from "../src/symmetry.ts";

const ROWS: Readonly<Record<2 | 3, { start: State; shift: number[]; rotation: number[] }>> = {
  2: {
    start: createState(
      {
        positions: [
          [0.3, 0.1],
          [1.4, -0.2],
          [0.2, 1.3],
        ],
        velocities: [
          [0.1, -0.3],
          [0.4, 0.2],
          [-0.6, 0.5],
        ],
      },
      { dimension: 2 },
    ),
    shift: [3, -2],
    rotation: [0.6, -0.8, 0.8, 0.6],
  },
  3: {
    start: createState(
      {
        positions: [
          [0.3, 0.1, -0.2],
          [1.4, -0.2, 0.3],
          [0.2, 1.3, 0.6],
        ],
        velocities: [
          [0.1, -0.3, 0.2],
          [0.4, 0.2, 0.1],
          [-0.6, 0.5, -0.4],
        ],
      },
      { dimension: 3 },
    ),
    shift: [3, -2, 1],
    // 3-4-5 about z, then about x.
    rotation: [0.6, -0.8, 0, 0.48, 0.36, -0.8, 0.64, 0.48, 0.6],
  },
};
const MASSES = [1, 2, 0.5];
const PERMUTATION = [2, 0, 1];

/** A law that only the first particle feels, along the first axis. */
function onFirst(
  name: string,
  energy: (x: number) => number,
  force: (x: number) => number,
): Potential {
  return {
    name,
    reads: "positions",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    energy: (_, positions) => energy(positions[0] as number),
    addForces(_, positions, out) {
      out[0] = (out[0] as number) + force(positions[0] as number);
    },
  };
}

function systemOf(potential: Potential, dimension: 2 | 3): ParticleSystem {
  return createSystem({ masses: MASSES, dimension, potential });
}

describe("symmetries", () => {
  for (const dimension of [2, 3] as const) {
    const { start, shift, rotation } = ROWS[dimension];
    const change = { shift, rotation, permutation: PERMUTATION };
    const { positions: q, velocities: v } = start;
    const g = [0, -2, 1].slice(0, dimension);
    /** sum over the particles of m g . x */
    const weight = (x: (i: number, c: number) => number): number =>
      MASSES.reduce((sum, m, i) => sum + m * g.reduce((dot, gc, c) => dot + gc * x(i, c), 0), 0);
    const at = (i: number, c: number): number => q[i * dimension + c] as number;
    const turned = (i: number, row: number, mirror = 1): number =>
      Array.from({ length: dimension }, (_, c) => c).reduce(
        (sum, c) =>
          sum + (rotation[row * dimension + c] as number) * (c === 0 ? mirror : 1) * at(i, c),
        0,
      );

    for (const [name, pair] of [
      ["quartic spring", quarticSpring()],
      ["gravity", gravity()],
    ] as const)
      it(`hold for ${name} in ${dimension} dimensions to 20 roundoffs, in six ways`, () => {
        const found = symmetryViolations(systemOf(pairwise(pair), dimension), start, change);
        expect(Object.keys(found)).toEqual([
          "translation",
          "rotation",
          "reflection",
          "permutation",
          "totalForce",
          "totalTorque",
        ]);
        for (const [what, { roundoffs }] of Object.entries(found))
          expect(roundoffs, what).toBeLessThan(20);
      });

    it(`are broken by a uniform field in ${dimension} dimensions by as much as its energy says`, () => {
      const found = symmetryViolations(systemOf(uniformField(g), dimension), start, change);
      // V = -sum m g . q, so L changes by sum m g . (q' - q), and the force is g times the mass.
      const expected = {
        translation: weight((_, c) => shift[c] as number),
        rotation: weight((i, c) => turned(i, c) - at(i, c)),
        reflection: weight((i, c) => turned(i, c, -1) - at(i, c)),
        totalForce: 3.5 * Math.sqrt(g.reduce((sum, x) => sum + x * x, 0)),
      };
      for (const [what, value] of Object.entries(expected)) {
        const { absolute, roundoffs } = found[what as keyof typeof expected];
        expect(absolute, what).toBeCloseTo(Math.abs(value), 12);
        expect(roundoffs, what).toBeGreaterThan(1e12);
      }
      // Masses travel with their particles.
      expect(found.permutation.roundoffs).toBeLessThan(20);
    });

    it(`do not depend on where a trap stands: torque about the origin 0, total force not, in ${dimension} dimensions`, () => {
      const trap = harmonicTrap({ stiffness: 2 });
      const found = symmetryViolations(systemOf(trap, dimension), start, change);
      expect(found.totalTorque.roundoffs).toBeLessThan(20);
      expect(found.rotation.roundoffs).toBeLessThan(20);
      expect(found.totalForce.absolute).toBeGreaterThan(1);
    });

    it(`satisfy the Euler-Lagrange equation in ${dimension} dimensions to 100 roundoffs of the differences`, () => {
      for (const pair of [quarticSpring(), gravity()]) {
        const found = eulerLagrangeViolations(systemOf(pairwise(pair), dimension), start);
        for (const [what, { roundoffs }] of Object.entries(found))
          expect(roundoffs, what).toBeLessThan(100);
        expect(found.acceleration.absolute).toBeLessThan(1e-10);
      }
    });

    it(`show forces that are not the gradient of the energy in ${dimension} dimensions`, () => {
      const honest = uniformField(g);
      const wrong: Potential = {
        ...honest,
        addForces(bodies, positions, out) {
          honest.addForces(bodies, positions, out);
          out[0] = (out[0] as number) + 1e-6;
        },
      };
      const { acceleration } = eulerLagrangeViolations(systemOf(wrong, dimension), start);
      expect(acceleration.absolute).toBeCloseTo(1e-6, 9);
      expect(acceleration.roundoffs).toBeGreaterThan(1e5);
    });
    it(`leave the state as it was in ${dimension} dimensions`, () => {
      const [before, moving] = [q.slice(), v.slice()];
      eulerLagrangeViolations(systemOf(pairwise(gravity()), dimension), start);
      expect([q, v]).toEqual([before, moving]);
    });
  }

  describe.each([2, 3] as const)(
    "of a law that only the first particle feels, V = x^3, in %i dimensions",
    (dimension) => {
      const { start, shift, rotation } = ROWS[dimension];
      const { positions: q, velocities: v } = start;
      const cubic = onFirst(
        "cubic",
        (x) => x ** 3,
        (x) => -3 * x ** 2,
      );
      const found = () =>
        symmetryViolations(systemOf(cubic, dimension), start, {
          shift,
          rotation,
          permutation: PERMUTATION,
        });
      const x = q[0] as number;
      const force = 3 * x ** 2;
      const kinetic = MASSES.reduce(
        (sum, m, i) =>
          sum +
          (m / 2) * v.subarray(i * dimension, (i + 1) * dimension).reduce((s, c) => s + c * c, 0),
        0,
      );
      const turned = (sign: number): number =>
        q
          .subarray(0, dimension)
          .reduce((sum, c, k) => sum + (k === 0 ? sign : 1) * c * (rotation[k] as number), 0);
      const reach = Math.sqrt(q.subarray(0, dimension).reduce((sum, c) => sum + c * c, 0));

      it.each<[keyof SymmetryViolations, number]>([
        ["translation", x + (shift[0] as number)],
        ["rotation", turned(1)],
        ["reflection", turned(-1)],
      ])(
        "%s: V at the new place less V, in units of 2^-53 (T + |V| + |F| (|x| + |x'|)), to 1e-13",
        (what, moved) => {
          const unit = 2 ** -53 * (kinetic + x ** 3 + force * (x + Math.abs(moved)));
          const expected = Math.abs(moved ** 3 - x ** 3);
          const { absolute, roundoffs } = found()[what];
          expect(absolute / expected).toBeCloseTo(1, 13);
          expect(roundoffs / (expected / unit)).toBeCloseTo(1, 13);
        },
      );

      it("permutation: another particle comes first, in units of 2^-53 (T + |V| + 2 |F| |x|), to 1e-13", () => {
        const other = q[(PERMUTATION[0] as number) * dimension] as number;
        const expected = Math.abs(other ** 3 - x ** 3);
        const unit = 2 ** -53 * (kinetic + x ** 3 + 2 * force * x);
        const { permutation } = found();
        expect(permutation.absolute / expected).toBeCloseTo(1, 13);
        expect(permutation.roundoffs / (expected / unit)).toBeCloseTo(1, 13);
      });

      it("force and torque in units of 2^-53 |F| and 2^-53 |q| |F|, to 1e-13", () => {
        const { totalForce, totalTorque } = found();
        expect(totalForce.absolute).toBeCloseTo(force, 15);
        expect(totalForce.roundoffs * 2 ** -53).toBeCloseTo(1, 13);
        const arm = Math.sqrt(reach ** 2 - x ** 2);
        expect(totalTorque.absolute / (force * arm)).toBeCloseTo(1, 13);
        expect(totalTorque.roundoffs * 2 ** -53).toBeCloseTo(arm / reach, 13);
      });
    },
  );

  it("are kept by bodies at rest that nothing pulls: 0 roundoffs of nothing", () => {
    const { start, shift, rotation } = ROWS[2];
    const rest = { ...start, velocities: new Float64Array(6) };
    const change = { shift, rotation, permutation: PERMUTATION };
    for (const found of Object.values(
      symmetryViolations(systemOf(uniformField([0, 0]), 2), rest, change),
    ))
      expect(found).toEqual({ absolute: 0, roundoffs: 0 });
  });

  it("Euler-Lagrange: differences are off by rounding, in units of T + |V| over their steps", () => {
    const { start } = ROWS[3];
    const potential = pairwise(gravity({ G: 50 }));
    const system = systemOf(potential, 3);
    const found = eulerLagrangeViolations(system, start);
    const unitOf = ({ absolute, roundoffs }: { absolute: number; roundoffs: number }): number =>
      absolute / roundoffs / 2 ** -53;
    for (const { absolute } of Object.values(found)) expect(absolute).toBeGreaterThan(0);
    const energy = unitOf(found.velocityHessian);
    const size =
      kineticEnergy(system, start.velocities) + Math.abs(potentialEnergy(system, start.positions));
    // The differences move each body by a little, and velocities by 1.
    expect(energy).toBeGreaterThanOrEqual(size);
    expect(energy).toBeLessThan(1.2 * size);
    expect(unitOf(found.mixedDerivative) / (16 * energy)).toBeCloseTo(1, 13);
    const largest = Math.max(
      ...accelerations(system, start.positions, new Float64Array(9)).map(Math.abs),
    );
    const lightest = Math.min(...MASSES);
    expect(unitOf(found.acceleration) / ((256 * energy) / lightest + largest)).toBeCloseTo(1, 12);
  });

  it("Euler-Lagrange leaves the state as it was where the potential fails", () => {
    const { start } = ROWS[2];
    const kept = createState(start, { dimension: 2 });
    let calls = 0;
    const failing = onFirst(
      "failing",
      () => {
        if (++calls === 7) throw new Error("no energy here");
        return 0;
      },
      () => 0,
    );
    expect(() => eulerLagrangeViolations(systemOf(failing, 2), start)).toThrow("no energy here");
    expect(start).toEqual(kept);
  });

  it("refuse a change of another size, and name it", () => {
    const { start, shift, rotation } = ROWS[3];
    const system = systemOf(pairwise(gravity()), 3);
    for (const [key, value] of [
      ["shift", [1, 2]],
      ["rotation", [1, 0, 0, 1]],
      ["permutation", [0, 1]],
    ] as const) {
      const change = { shift, rotation, permutation: PERMUTATION, [key]: value };
      try {
        symmetryViolations(system, start, change);
        expect.unreachable();
      } catch (error) {
        if (!isMclnnError(error)) throw error;
        expect(error).toMatchObject({ code: "bad-shape", argument: `change.${key}` });
      }
    }
  });
});

describe("statistics", () => {
  const spreads: [number[], [number, number, number]][] = [
    [[3], [3, 3, 3]],
    [
      [5, 1, 3],
      [3, 1, 5],
    ],
    [
      [4, 1, 2, 8],
      [3, 1, 8],
    ],
    [
      [1, Number.POSITIVE_INFINITY, 2],
      [2, 1, Number.POSITIVE_INFINITY],
    ],
    [
      [10, 9, 100, 2],
      [9.5, 2, 100],
    ],
  ];
  for (const [values, [median, min, max]] of spreads)
    it(`median and range of ${values.join(", ")}`, () => {
      expect(medianRange(values)).toEqual({ median, min, max });
    });

  const fits: [string, number[], number[], number | null][] = [
    ["a perfect prediction", [1, 2, 3], [1, 2, 3], 1],
    ["the mean", [2, 2, 2], [1, 2, 3], 0],
    ["half the slope", [1.5, 2, 2.5], [1, 2, 3], 0.75],
    ["worse than the mean", [3, 2, 1], [1, 2, 3], -3],
    ["nothing to explain", [1, 2], [5, 5], null],
  ];
  for (const [what, predicted, measured, expected] of fits)
    it(`R^2 of ${what} is ${expected}`, () => {
      expect(determination(predicted, measured)).toBe(expected);
    });

  it("mean squared error of (1, 2, 5) for (1, 4, 4) is 5/3", () => {
    expect(meanSquaredError([1, 2, 5], [1, 4, 4])).toBeCloseTo(5 / 3, 15);
    for (const [a, b] of [
      [[], []],
      [[1], [1, 2]],
    ] as const)
      expect(() => meanSquaredError(a, b)).toThrow(/do not fit/);
  });

  const shares: [number[], [number, number][], number][] = [
    [[0, 1, 2, 3, 4, 5], [[1, 2]], 4 / 6],
    [
      [1, 5, 9],
      [
        [0, 2],
        [8, 9],
      ],
      1 / 3,
    ],
    // Most of them beyond, none before.
    [[1, 5, 6, 7], [[0, 2]], 3 / 4],
    [[1, 2], [], 1],
  ];
  for (const [values, ranges, expected] of shares)
    it(`share of ${values.join(", ")} outside ${JSON.stringify(ranges)}`, () => {
      expect(shareOutside(values, ranges)).toBe(expected);
    });

  const refused: [string, () => unknown, string][] = [
    ["a median of nothing", () => medianRange([]), "too-little-data"],
    ["a median of NaN", () => medianRange([1, Number.NaN]), "not-finite"],
    ["R^2 of unequal lengths", () => determination([1], [1, 2]), "bad-shape"],
    ["R^2 of nothing", () => determination([], []), "bad-shape"],
    ["R^2 of NaN", () => determination([1, Number.NaN], [1, 2]), "not-finite"],
    ["a share of nothing", () => shareOutside([], []), "too-little-data"],
  ];
  for (const [what, act, code] of refused)
    it(`refuses ${what}`, () => {
      expect(act).toThrowError(expect.objectContaining({ code }));
    });
});
