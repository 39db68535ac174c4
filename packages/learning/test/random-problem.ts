import { createRandom, type Random } from "@mclnn/datasets";
import { type SplittingStage, velocityVerlet } from "@mclnn/integrators";
import { portableCos, portableSin } from "@mclnn/physics/portable";
import { splineCurve } from "../../models/src/splines/b-spline.ts";
import type { Cells } from "../../models/src/splines/cells.ts";
import { createSchedule, type Schedule } from "../src/records/schedule.ts";
import { pairTable, sortedSeparations, type TrainingData } from "../src/records/training-data.ts";
import { buildBasis } from "../src/splines/knots.ts";

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
    laws = 1,
    stages = velocityVerlet.stages,
    missing = 0,
  }: {
    particles: number;
    dimension: 2 | 3;
    trajectories?: number;
    records?: number;
    stride?: number;
    dt?: number;
    laws?: number;
    stages?: readonly SplittingStage[];
    /** Share of observations that are missing. */
    missing?: number;
  },
): { data: TrainingData; schedule: Schedule; random: Random } {
  const random = createRandom(seed);
  const components = 3 * particles;
  const positions = new Float64Array(trajectories * records * components);
  const startVelocities = new Float64Array(trajectories * components);
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++)
      for (let c = 0; c < dimension; c++) {
        // Spread over a ring of radius about 1.5, so that no two are close.
        const angle = (2 * Math.PI * i) / particles;
        const base = c === 0 ? 1.5 * portableCos(angle) : c === 1 ? 1.5 * portableSin(angle) : 0;
        startVelocities[t * components + 3 * i + c] = 0.3 * random.normal();
        for (let k = 0; k < records; k++)
          positions[(t * records + k) * components + 3 * i + c] = base + 0.15 * random.normal();
      }
  const masses = Float64Array.from({ length: particles }, () => 0.5 + 2 * random.uniform());
  const weights =
    missing === 0
      ? null
      : Float64Array.from({ length: trajectories * records * particles }, () =>
          random.uniform() < missing ? 0 : 1,
        );
  const counted = (t: number, from: number, to: number): number => {
    let n = 0;
    for (let k = from * particles; k < to * particles; k++)
      if (weights === null || weights[t * records * particles + k] === 1) n += dimension;
    return n;
  };
  const residualCounts = Int32Array.from({ length: trajectories }, (_, t) =>
    counted(t, 1, records),
  );
  const startCounts = Int32Array.from({ length: trajectories }, (_, t) => counted(t, 0, 1));
  const times = Float64Array.from({ length: records }, (_, k) => k * stride * dt);
  const table = pairTable(masses, () => 1);
  return {
    random,
    schedule: createSchedule(times, stages, stride, dt),
    data: {
      trajectories,
      records,
      particles,
      dimension,
      components,
      times,
      positions,
      velocities: null,
      startVelocities,
      weights,
      bodyWeights: null,
      masses: Float64Array.from(masses),
      laws,
      massWeighted: false,
      threads: null,
      ...table,
      // Laws dealt out to the pairs in turn, as species would.
      pairLaw: table.pairLaw.map((_, p) => p % laws),
      residualCounts,
      startCounts,
      residuals: residualCounts.reduce((sum, n) => sum + n, 0),
    },
  };
}

/** Such records, and the curve of a spline law of random coefficients. */
export function randomCurve(seed: number, options: Parameters<typeof randomProblem>[1]) {
  const { data, schedule, random } = randomProblem(seed, options);
  const basis = buildBasis(sortedSeparations(data), { cells: 12 });
  const curve = splineCurve(basis, Float64Array.from({ length: basis.size }, random.normal));
  return { data, schedule, random, basis, cells: basis.cells, curve };
}

/** The same cells, which count how often an edge is looked at. */
export function countedReads(cells: Cells): { cells: Cells; reads: () => number } {
  let count = 0;
  const left = new Proxy(cells.left, {
    get(edges, k) {
      count++;
      return Reflect.get(edges, k, edges);
    },
  });
  return { cells: { ...cells, left }, reads: () => count };
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
