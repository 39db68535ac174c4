import { createRandom, type Random } from "@mclnn/datasets";
import type { TrainingData } from "../src/training/training-data.ts";

/** Random records of a few particles: no dynamics behind them, so residuals and gradients are large and generic. */
export function randomProblem(
  seed: number,
  {
    particles,
    dimension,
    trajectories = 3,
    records = 4,
    stride = 5,
    dt = 0.01,
  }: {
    particles: number;
    dimension: 2 | 3;
    trajectories?: number;
    records?: number;
    stride?: number;
    dt?: number;
  },
): { data: TrainingData; random: Random } {
  const random = createRandom(seed);
  const components = 3 * particles;
  const positions = new Float64Array(trajectories * records * components);
  const startVelocities = new Float64Array(trajectories * components);
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++)
      for (let c = 0; c < dimension; c++) {
        // Spread over a ring of radius about 1.5, so that no two are close.
        const angle = (2 * Math.PI * i) / particles;
        const base = c === 0 ? 1.5 * Math.cos(angle) : c === 1 ? 1.5 * Math.sin(angle) : 0;
        startVelocities[t * components + 3 * i + c] = 0.3 * random.normal();
        for (let k = 0; k < records; k++)
          positions[(t * records + k) * components + 3 * i + c] = base + 0.15 * random.normal();
      }
  const masses = Array.from({ length: particles }, () => 0.5 + 2 * random.uniform());
  const pairs = (particles * (particles - 1)) / 2;
  const pairI = new Int32Array(pairs);
  const pairJ = new Int32Array(pairs);
  const scaleI = new Float64Array(pairs);
  const scaleJ = new Float64Array(pairs);
  for (let i = 0, p = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++, p++) {
      pairI[p] = 3 * i;
      pairJ[p] = 3 * j;
      scaleI[p] = 1 / (masses[i] as number);
      scaleJ[p] = 1 / (masses[j] as number);
    }
  return {
    random,
    data: {
      trajectories,
      records,
      particles,
      pairs,
      components,
      stride,
      dt,
      positions,
      startVelocities,
      pairI,
      pairJ,
      scaleI,
      scaleJ,
      residuals: trajectories * (records - 1) * particles * dimension,
    },
  };
}

/** Central difference of fourth order. */
export function derivative(f: (x: number) => number, x: number, h = 1e-3): number {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

/** Directional derivatives of f at x along random directions, by central differences. */
export function directional(
  f: (x: Float64Array) => number,
  x: Float64Array,
  direction: Float64Array,
  h = 1e-3,
): number {
  return derivative((s) => f(x.map((v, i) => v + s * (direction[i] as number))), 0, h);
}

export const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
