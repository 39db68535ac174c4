import {
  accelerationPoints,
  addPositionNoise,
  addVelocityNoise,
  createRandom,
  dropObservations,
  encodeNpz,
  experimentByName,
  experiments,
  generateTrajectories,
  perturbedStart,
  randomRotation,
  shortenTrajectories,
  type TrajectorySet,
  tiltedStart,
} from "@mclnn/datasets";
import { createSystem, type ParticleSystem, pairwise } from "@mclnn/physics";
import type { BitsCase } from "./bits-case.ts";

function systemOf(name: string): ParticleSystem {
  const { masses, dimension, pair } = experimentByName(name);
  return createSystem({ masses, dimension, potential: pairwise(pair) });
}

const arrays = ({ times, positions, velocities, observed }: TrajectorySet): number[] => [
  ...times,
  ...positions,
  ...(velocities ?? []),
  ...(observed ?? []),
];

function made(name: string, options: Partial<Parameters<typeof generateTrajectories>[0]>) {
  const start = experimentByName(name).trainStart;
  return generateTrajectories({ system: systemOf(name), start, trajectories: 20, ...options });
}

/** Random numbers, starts, trajectories, and the files they go to. */
export const dataCases: readonly BitsCase[] = [
  {
    name: "random numbers",
    bits: () =>
      [0, 1, 100, -5, 2 ** 40].flatMap((seed) => {
        const random = createRandom(seed);
        const split = random.split();
        return Array.from({ length: 1000 }, () => [
          random.uniform(),
          random.normal(),
          random.integer(1000),
          split.normal(),
        ]).flat();
      }),
  },
  ...experiments.flatMap(({ name }) =>
    (["segments", "random"] as const).map((scheme) => ({
      name: `data of ${name}, ${scheme}, with noise`,
      bits: () => arrays(made(name, { scheme, noise: 1e-3 })),
    })),
  ),
  {
    name: "data with noise and gaps",
    bits: () => {
      const noisy = addPositionNoise(made("gravity", {}), { sigma: 1e-3, seed: 3 });
      const set = addVelocityNoise(noisy, { sigma: 1e-2, seed: 4 });
      const gaps = dropObservations(set, { share: 0.2, seed: 5 });
      return arrays(shortenTrajectories(gaps, { shortest: 5, seed: 6 }));
    },
  },
  {
    name: "starts",
    bits: () =>
      experiments.flatMap(({ name, trainStart }) => {
        const system = systemOf(name);
        const states = [tiltedStart(system, trainStart), perturbedStart(system, trainStart, 9)];
        const turned = randomRotation(3, createRandom(2));
        return [...states.flatMap((s) => [...s.positions, ...s.velocities]), ...turned];
      }),
  },
  {
    name: "accelerations",
    bits: () => {
      const start = experimentByName("gravity").trainStart;
      const { positions, velocities, ...rest } = accelerationPoints(systemOf("gravity"), {
        start,
        points: 300,
      });
      return [...positions, ...velocities, ...rest.accelerations];
    },
  },
  {
    name: "NPZ file",
    bits: () => {
      const { positions, times } = made("quartic-spring", {});
      const entries = {
        positions: { shape: [20, 20, 3, 3], data: positions },
        times: { shape: [20], data: times },
      };
      return encodeNpz(entries, { deflate: true });
    },
  },
];
