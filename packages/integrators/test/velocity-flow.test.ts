import {
  createState,
  createSystem,
  type Force,
  kineticEnergy,
  linearMomentum,
  linearSpring,
  pairwise,
  sumOfForces,
} from "@mclnn/physics";
import { harmonicTrap, linearDrag, magneticField, quadraticDrag } from "@mclnn/physics/forces";
import { describe, expect, it } from "vitest";
import { dormandPrince, integrators, rollout, velocityVerlet, yoshida6 } from "../src/index.ts";

/** Friction between all pairs, a force of one's own: F_i = -g (v_i - v_j), so that only differences of velocities decay. */
const pairFriction = (g: number): Force => ({
  name: "pair-friction",
  reads: "positions-and-velocities",
  conserves: { energy: false, linearMomentum: true, angularMomentum: false },
  addForces({ masses, dimension }, _, out, v) {
    for (let i = 0; i < masses.length; i++)
      for (let j = 0; j < masses.length; j++)
        for (let c = 0; c < dimension; c++) {
          const [k, l] = [i * dimension + c, j * dimension + c];
          out[k] = (out[k] as number) - g * ((v?.[k] as number) - (v?.[l] as number));
        }
  },
});

const threeBodies = (potential: Force) => ({
  system: createSystem({ masses: [1, 2, 0.5], dimension: 3, potential }),
  start: createState(
    {
      positions: [0.5, 0.7, 0.1, -0.7, 0.3, -0.2, 0, -0.6, 0.4],
      velocities: [-0.2, 0.4, 0.1, -0.3, -0.35, 0.15, 1.6, 0.6, -0.8],
    },
    { dimension: 3 },
  ),
});

/** Velocities after one step, of a particle of mass 2 that nothing else moves. */
function kicked(potential: Force, dt: number): Float64Array {
  const system = createSystem({ masses: [2], dimension: 2, potential });
  const state = createState({ positions: [0, 0], velocities: [0.6, -0.8] }, { dimension: 2 });
  velocityVerlet.start(system, state)(dt);
  return state.velocities;
}

describe("velocities flow through a kick as they would at positions that stand still", () => {
  it.each<[string, Force, number, (dt: number) => [number, number], number]>([
    ...[0.01, 0.1, 1].map(
      (dt): [string, Force, number, (t: number) => [number, number], number] => [
        "linear drag: exp(-gamma t / m)",
        linearDrag({ coefficient: 1.2 }),
        dt,
        (t) => [0.6 * Math.exp(-0.6 * t), -0.8 * Math.exp(-0.6 * t)],
        1e-14,
      ],
    ),
    [
      "a hundred times stiffer",
      linearDrag({ coefficient: 120 }),
      1,
      (t) => [0.6 * Math.exp(-60 * t), -0.8 * Math.exp(-60 * t)],
      1e-12,
    ],
    [
      "a magnetic field: a turn",
      magneticField(2, { coupling: "none" }),
      0.05,
      (t) => [0.6 * Math.cos(t) - 0.8 * Math.sin(t), -0.8 * Math.cos(t) - 0.6 * Math.sin(t)],
      2e-16,
    ],
    [
      "quadratic drag: v / (1 + c |v| t / m)",
      quadraticDrag({ coefficient: 1.2 }),
      0.05,
      (t) => [0.6 / (1 + 0.6 * t), -0.8 / (1 + 0.6 * t)],
      2e-14,
    ],
  ])("%s", (_, force, dt, expected, most) => {
    const [x, y] = kicked(force, dt);
    const [u, v] = expected(dt);
    expect(Math.abs((x as number) - u)).toBeLessThanOrEqual(most);
    expect(Math.abs((y as number) - v)).toBeLessThanOrEqual(most);
  });

  /** Velocities after a kick by forces linear in them, h times their rate being z: one exponential in the complex plane. */
  it.each([0.03, 0.1, 0.3, 1, 2])(
    "is exact to 1e-13 where h |da/dv| = %d: drag is exp(-z), a magnetic field turns by z",
    (z) => {
      // A kick is half a step of velocity Verlet, and there are two.
      const [dx, dy] = kicked(linearDrag({ coefficient: 1, coupling: "mass" }), 2 * z);
      expect(Math.abs((dx as number) - 0.6 * Math.exp(-2 * z))).toBeLessThanOrEqual(1e-13);
      expect(Math.abs((dy as number) + 0.8 * Math.exp(-2 * z))).toBeLessThanOrEqual(1e-13);
      const [x, y] = kicked(magneticField(1, { coupling: "mass" }), 2 * z);
      const [c, s] = [Math.cos(2 * z), Math.sin(2 * z)];
      expect(Math.abs((x as number) - (0.6 * c - 0.8 * s))).toBeLessThanOrEqual(1e-13);
      expect(Math.abs((y as number) - (-0.8 * c - 0.6 * s))).toBeLessThanOrEqual(1e-13);
    },
  );

  it("is as exact for the fastest of several particles that hardly moves beside the others", () => {
    const system = createSystem({
      masses: [1, 1],
      charges: [1, 0.01],
      dimension: 2,
      potential: linearDrag({ coefficient: 1, coupling: "charge" }),
    });
    const velocities = [1e-3, -1e-3, 0.6, -0.8];
    const state = createState({ positions: [0, 0, 1, 0], velocities }, { dimension: 2 });
    velocityVerlet.start(system, state)(2);
    [1, 1, 0.01, 0.01].forEach((rate, k) => {
      const exact = (velocities[k] as number) * Math.exp(-2 * rate);
      expect(Math.abs((state.velocities[k] as number) - exact)).toBeLessThanOrEqual(1e-14);
    });
  });

  it.each([
    ["1e5", "a hundredth", 0.06],
    ["1e3", "a sixth", 1],
  ])("keeps |v| within 1e-12 over %s steps of a magnetic field, %s of a turn each", (n, _, dt) => {
    const system = createSystem({
      masses: [1],
      dimension: 3,
      potential: magneticField([0.3, 0.7, -0.6], { coupling: "mass" }),
    });
    const state = createState(
      { positions: [0, 0, 0], velocities: [0.6, 0, -0.8] },
      { dimension: 3 },
    );
    const step = velocityVerlet.start(system, state);
    let worst = 0;
    for (let k = 0; k < Number(n); k++) {
      step(dt);
      worst = Math.max(worst, Math.abs(kineticEnergy(system, state.velocities) - 0.5));
    }
    expect(worst).toBeLessThanOrEqual(1e-12);
  });

  it("keeps total momentum within 1e-13 where friction acts between pairs, and follows dormand-prince to 1e-9", () => {
    const { system, start } = threeBodies(sumOfForces(pairwise(linearSpring()), pairFriction(0.4)));
    const options = { dt: 0.01, stride: 10, records: 51 };
    const run = rollout(system, start, { ...options, integrator: yoshida6 });
    const reference = rollout(system, start, {
      ...options,
      integrator: dormandPrince({ relativeTolerance: 1e-13, absoluteTolerance: 1e-13 }),
    });
    run.positions.forEach((x, k) => {
      expect(Math.abs(x - (reference.positions[k] as number))).toBeLessThanOrEqual(1e-9);
    });
    const p = linearMomentum(system, start.velocities);
    for (let record = 0; record < 51; record++)
      linearMomentum(
        system,
        run.velocities?.subarray(9 * record, 9 * record + 9) as Float64Array,
      ).forEach((x, c) => {
        expect(Math.abs(x - (p[c] as number))).toBeLessThanOrEqual(1e-13);
      });
  });
});

describe("forces of positions", () => {
  it("are evaluated as often as where nothing reads velocities, in sums of sums too", () => {
    for (const integrator of integrators.filter((each) => "stages" in each)) {
      let evaluations = 0;
      const spring = pairwise(linearSpring());
      const counted: Force = {
        ...spring,
        addForces(...args) {
          evaluations++;
          spring.addForces(...args);
        },
      };
      const { system, start } = threeBodies(
        sumOfForces(linearDrag(), sumOfForces(counted, harmonicTrap())),
      );
      const step = integrator.start(system, start);
      step(0.01);
      const first = evaluations;
      for (let k = 0; k < 10; k++) step(0.01);
      expect(evaluations - first, integrator.name).toBe(10 * integrator.forceEvaluations);
    }
  });

  it("a copy of a sum with forces of its own is asked for those", () => {
    const sum = sumOfForces(pairwise(linearSpring()), linearDrag());
    const free: Force = { ...sum, addForces: () => undefined };
    const { system, start } = threeBodies(free);
    const { velocities } = start;
    const before = velocities.slice();
    velocityVerlet.start(system, start)(0.1);
    expect(velocities).toEqual(before);
  });

  it("a drag that no step can follow is an error of the run, not a number", () => {
    const { system, start } = threeBodies(linearDrag({ coefficient: 1e5 }));
    expect(() => rollout(system, start, { dt: 1, records: 100 })).toThrow(
      expect.objectContaining({ code: "diverged", mend: expect.stringContaining("smaller dt") }),
    );
  });
});
