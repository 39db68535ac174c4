import { createSystem, type ParticleSystem, type State } from "@mclnn/physics";
import { harmonicTrap, linearDrag } from "@mclnn/physics/forces";
import { describe, expect, it } from "vitest";
import { baoab, eulerMaruyama, type Integrator, type NormalSource, rollout } from "../src/index.ts";

const STIFFNESS = 2;
const TIME = 1;

/** One particle in a well: linear, so that the variance at the end is the sum of squared answers to single normal numbers. */
const well: ParticleSystem = createSystem({
  masses: [1],
  dimension: 2,
  potential: harmonicTrap({ stiffness: STIFFNESS, centre: [0, 0] }),
});

const at = (x: number, v: number): State => ({
  time: 0,
  positions: Float64Array.of(x, 0),
  velocities: Float64Array.of(v, 0),
});

/** Second moment of x at the end after exact sums over all noise, from x and v at the start. */
function secondMoment(
  method: (random: NormalSource) => Integrator,
  steps: number,
  [x, v]: readonly [number, number],
): number {
  let sum = 0;
  for (let hit = -1; hit < 2 * steps; hit += 2) {
    let k = 0;
    const random = { normal: () => (k++ === hit - 1 ? 1 : 0) };
    const state = hit < 0 ? at(x, v) : at(0, 0);
    const step = method(random).start(well, state);
    for (let n = 0; n < steps; n++) step(TIME / steps);
    sum += (state.positions[0] as number) ** 2;
  }
  return sum;
}

const D = 0.7;
const KT = 1.3;
const FRICTION = 1.5;

const methods = [
  {
    name: "euler-maruyama",
    order: 1,
    make: (random: NormalSource) => eulerMaruyama({ diffusion: D, temperature: KT, random }),
    start: [0.4, 0],
    // Ornstein-Uhlenbeck with the rate k D / kT.
    exact: () => {
      const rate = (STIFFNESS * D) / KT;
      const kept = Math.exp(-2 * rate * TIME);
      return 0.16 * kept + (KT / STIFFNESS) * (1 - kept);
    },
  },
  {
    name: "baoab",
    order: 2,
    make: (random: NormalSource) => baoab({ friction: FRICTION, temperature: KT, random }),
    start: [0.4, 0.3],
    // x' = v, v' = -k x - gamma v + noise: mean and variance in closed form (underdamped).
    exact: () => {
      const half = FRICTION / 2;
      const w = Math.sqrt(STIFFNESS - half * half);
      const e = Math.exp(-half * TIME);
      const [c, s] = [Math.cos(w * TIME), Math.sin(w * TIME)];
      const mean = e * (0.4 * c + ((0.3 + half * 0.4) / w) * s);
      const lost =
        e * e * (1 + (FRICTION / w) * s * c + ((FRICTION * FRICTION) / (2 * w * w)) * s * s);
      return mean * mean + (KT / STIFFNESS) * (1 - lost);
    },
  },
] as const;

describe("stochastic methods", () => {
  for (const { name, order, make, start, exact } of methods)
    it(`${name}: weak order ${order}, measured to 0.05 on moments without sampling`, () => {
      const errors = [40, 80, 160].map((steps) =>
        Math.abs(secondMoment(make, steps, start) - exact()),
      );
      const measured = Math.log2((errors[0] as number) / (errors[2] as number)) / 2;
      expect(Math.abs(measured - order)).toBeLessThan(0.05);
      const { order: stated, symplectic, reversible, adaptive, motion } = make({ normal: () => 0 });
      expect({ stated, symplectic, reversible, adaptive }).toEqual({
        ...{ stated: order, symplectic: false, reversible: false, adaptive: false },
      });
      expect(motion).toBe(name === "baoab" ? "langevin" : "overdamped");
    });

  it("without friction worth the name baoab is velocity Verlet to its order", () => {
    const method = baoab({ friction: 1e-12, random: { normal: () => 0 } });
    const run = rollout(well, at(0.4, 0.3), {
      integrator: method,
      dt: 1e-3,
      stride: 1000,
      records: 2,
    });
    const w = Math.sqrt(STIFFNESS);
    expect(run.positions[2]).toBeCloseTo(0.4 * Math.cos(w) + (0.3 / w) * Math.sin(w), 6);
  });

  it("a species has its own D, and velocities of what has none are 0", () => {
    const free = createSystem({
      masses: [1, 1],
      dimension: 2,
      species: [0, 1],
      potential: harmonicTrap({ stiffness: 1e-300, centre: [0, 0] }),
    });
    const random = { normal: () => 1 };
    const run = rollout(
      free,
      { time: 0, positions: new Float64Array(4), velocities: new Float64Array(4).fill(3) },
      {
        integrator: eulerMaruyama({ diffusion: [2, 0.5], random }),
        dt: 0.25,
        stride: 1,
        records: 2,
      },
    );
    expect(Array.from(run.positions.slice(4))).toEqual([1, 1, 0.5, 0.5]);
    expect(run.velocities?.every((v) => v === 0)).toBe(true);
  });

  it("refuses forces of velocities, species without a D and numbers that are none", () => {
    const random = { normal: () => 0 };
    const drag = createSystem({
      masses: [1],
      dimension: 2,
      potential: linearDrag({ coefficient: 1 }),
    });
    const run = (system: ParticleSystem, integrator: Integrator) =>
      rollout(system, at(0, 0), { integrator, records: 2 });
    expect(() => run(drag, eulerMaruyama({ diffusion: 1, random }))).toThrow(/has no velocities/);
    const kinds = { ...well, species: Int32Array.of(2) };
    expect(() => run(kinds, eulerMaruyama({ diffusion: [1, 2], random }))).toThrow(/diffusion/);
    expect(() => eulerMaruyama({ diffusion: 0, random })).toThrow(/diffusion/);
    expect(() => baoab({ friction: -1, random })).toThrow(/friction/);
    expect(() => baoab({ friction: 1, random: {} as NormalSource })).toThrow(/random.normal/);
  });

  it("a diverging run says where", () => {
    const random = { normal: () => 1 };
    const stiff = createSystem({
      masses: [1],
      dimension: 2,
      potential: harmonicTrap({ stiffness: 1e5, centre: [0, 0] }),
    });
    const run = () =>
      rollout(stiff, at(1, 0), {
        integrator: eulerMaruyama({ diffusion: 1, random }),
        records: 40,
      });
    expect(run).toThrow(/diverged in steps \d+ to \d+/);
  });
});
