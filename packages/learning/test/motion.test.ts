import {
  addPositionNoise,
  createRandom,
  dropVelocities,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { baoab, eulerMaruyama, type Integrator } from "@mclnn/integrators";
import { decodeModel, encodeModel, motionOf } from "@mclnn/models";
import { createSystem, definePairPotential, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { train } from "../src/index.ts";

/** Particles that repel each other softly and end at 1.5. */
const soft = definePairPotential({
  name: "soft",
  energy: (r) => (r < 1.5 ? (20 / 3) * (1.5 - r) ** 3 : 0),
  slope: (r) => (r < 1.5 ? -20 * (1.5 - r) ** 2 : 0),
});

const N = 9;
const positions = Float64Array.from({ length: 2 * N }, (_, k) =>
  k % 2 === 0 ? 0.9 * (Math.floor(k / 2) % 3) : 0.9 * Math.floor(k / 6),
);

const made = (
  integrator: Integrator,
  { dt, stride, noise = 0 }: { dt: number; stride: number; noise?: number },
): TrajectorySet => {
  const system = createSystem({
    masses: new Float64Array(N).fill(1),
    dimension: 2,
    potential: pairwise(soft),
  });
  const start = { time: 0, positions, velocities: new Float64Array(2 * N) };
  const options = { system, start, trajectories: 6, records: 26, dt, stride, seed: 3 };
  const set = generateTrajectories({ ...options, integrator, scheme: "random" });
  const seen = noise === 0 ? set : addPositionNoise(set, { sigma: noise, seed: 5 });
  return seen.velocities === undefined ? seen : dropVelocities(seen);
};

const brownian = made(eulerMaruyama({ diffusion: 0.5, random: createRandom(1) }), {
  ...{ dt: 1e-3, stride: 5, noise: 0.02 },
});

describe("tracks that noise drives", () => {
  it("Brownian: recognised, D and the noise of places within three bars, V' in kT, kept in the file", async () => {
    const result = await train(brownian, { model: "spline", effort: "preview" });
    const { motion } = result;
    expect(motion?.kind).toBe("overdamped");
    const [{ value = 0, sd = 0 } = {}] = motion?.diffusion ?? [];
    expect(Math.abs(value - 0.5)).toBeLessThan(3 * (sd ?? 0));
    expect(sd).toBeLessThan(0.05);
    expect(Math.abs((motion?.localisation.value ?? 0) - 0.02)).toBeLessThan(0.006);
    for (const r of [0.7, 0.9, 1.1])
      expect(
        Math.abs(result.model.pair.slope(r) - soft.slope(r)) /
          (result.model.slopeDeviation?.(r) ?? 0),
      ).toBeLessThan(3.5);
    expect(result.findings).toEqual([]);
    const again = decodeModel(encodeModel(result.model));
    expect(motionOf(again)).toMatchObject({ kind: "overdamped", diffusion: [value] });
  });

  it("Langevin: recognised, friction and temperature within three bars", async () => {
    const set = made(baoab({ friction: 3, random: createRandom(2) }), {
      ...{ dt: 0.01, stride: 5, noise: 0.002 },
    });
    const { motion } = await train(set, { model: "spline", effort: "preview" });
    expect(motion?.kind).toBe("langevin");
    const { friction, temperature } = motion ?? {};
    expect(Math.abs((friction?.value ?? 0) - 3)).toBeLessThan(3 * (friction?.sd ?? 0));
    expect(Math.abs((temperature?.value ?? 0) - 1)).toBeLessThan(3 * (temperature?.sd ?? 0));
  });

  it("refuses options that say nothing of noise, and a motion that there is not", async () => {
    await expect(train(brownian, { motion: "overdamped", fitMasses: true })).rejects.toThrow(
      /fitMasses says nothing of overdamped motion/,
    );
    await expect(train(brownian, { motion: "brownian" as "auto" })).rejects.toThrow(/motion/);
  });
});
