import { createRandom, type Random } from "@mclnn/datasets";
import { forestRuth, velocityVerlet } from "@mclnn/integrators";
import { accumulateBatch, createSchedule, evaluateBatch } from "@mclnn/learning/parts";
import { EnergyNetwork, PositionNetwork } from "@mclnn/models";
// Kernels are no part of the public surface.
import { choleskyFactor } from "../../../packages/learning/src/algebra/linear-algebra.ts";
import { accelerationLoss } from "../../../packages/learning/src/baseline/acceleration-loss.ts";
import { curveGradient } from "../../../packages/learning/src/engine/adjoint.ts";
import { rolloutSums } from "../../../packages/learning/src/engine/pair-rollout.ts";
import { SensitivityPass } from "../../../packages/learning/src/engine/sensitivity.ts";
import { distil } from "../../../packages/learning/src/network/distil.ts";
import { sortedSeparations } from "../../../packages/learning/src/records/training-data.ts";
import { givenStarts } from "../../../packages/learning/src/rollout/starts.ts";
import { buildBasis } from "../../../packages/learning/src/splines/knots.ts";
import { randomProblem } from "../../../packages/learning/test/random-problem.ts";
import { splineCurve } from "../../../packages/models/src/splines/b-spline.ts";
import type { BitsCase } from "./bits-case.ts";

const SIZES = [0, 1, 2, 3, 7, 8, 9, 1000];
const SPECIAL = [0, -0, 5e-324, -1e-310, 1e300, Number.MAX_VALUE, Number.POSITIVE_INFINITY];
const NOT_A_NUMBER = [...SPECIAL, Number.NEGATIVE_INFINITY, Number.NaN];

/** The array with a few numbers that are easily got wrong. */
function spoilt(array: Float64Array, random: Random, special = NOT_A_NUMBER): Float64Array {
  const out = array.slice();
  for (let n = 0; n < 3 && out.length > 0; n++)
    out[random.integer(out.length)] = special[random.integer(special.length)];
  return out;
}

/** Sizes, and the same again with special numbers. */
function eachSize(row: (size: number, special: boolean) => readonly number[]): number[] {
  return SIZES.flatMap((size) => [...row(size, false), ...row(size, true)]);
}

function networkProblem(size: number, special: boolean) {
  const random = createRandom(size);
  const network = new EnergyNetwork([10, 10]);
  const normal = (n: number) => Float64Array.from({ length: n }, random.normal);
  const weights = normal(network.size);
  const separations = normal(size);
  const change = (array: Float64Array) => (special ? spoilt(array, random) : array);
  const [slopes, curvatures] = [change(normal(size)), change(normal(size))];
  return { network, weights, separations: change(separations), slopes, curvatures };
}

function evaluated(size: number, special: boolean): number[] {
  const { network, weights, separations } = networkProblem(size, special);
  const [v, v1, v2, alone] = Array.from({ length: 4 }, () => new Float64Array(size));
  if (v === undefined || v1 === undefined || v2 === undefined || alone === undefined) return [];
  evaluateBatch(network, weights, separations, v, v1, v2);
  evaluateBatch(network, weights, separations, null, alone);
  return [...v, ...v1, ...v2, ...alone];
}

function accumulated(size: number, special: boolean): readonly number[] {
  const { network, weights, separations, slopes, curvatures } = networkProblem(size, special);
  const gradient = new Float64Array(network.size).fill(0.5);
  accumulateBatch(network, weights, separations, slopes, curvatures, gradient);
  return [...gradient];
}

function distilled(m: number, special: boolean): number[] {
  const random = createRandom(m);
  const network = new EnergyNetwork([10, 10]);
  const weights = Float64Array.from({ length: network.size }, random.normal);
  const points = Float64Array.from({ length: m }, (_, k) => 0.5 + 0.1 * k);
  const root = Float64Array.from({ length: m * m }, () => 0.1 * random.normal());
  const target = points.map((r) => r - 1);
  const given = special ? spoilt(target, random, SPECIAL.slice(0, 4)) : target;
  const metric = { points, root, toValues: root, toCoefficients: root };
  const settings = { goal: 1e-25, maxIterations: 8, damping: 1e-2, solveOutputs: true };
  const excesses = [...distil(network, weights, given, metric, settings)].map((s) => s.excess);
  return [...excesses, ...weights];
}

/** Particles, trajectories and what else changes the path through the code. */
const PAIR_PROBLEMS: readonly Parameters<typeof randomProblem>[1][] = [
  { particles: 2, dimension: 2, trajectories: 1 },
  { particles: 2, dimension: 3, trajectories: 2 },
  { particles: 3, dimension: 2, trajectories: 3, laws: 2 },
  { particles: 4, dimension: 3, trajectories: 7, stages: forestRuth.stages },
  { particles: 3, dimension: 3, trajectories: 8, missing: 0.2 },
  { particles: 6, dimension: 3, trajectories: 9, laws: 3, missing: 0.1 },
  { particles: 3, dimension: 2, trajectories: 1000, records: 3, missing: 0.1 },
];

function pairProblem(options: (typeof PAIR_PROBLEMS)[number], special: boolean) {
  const { data, schedule, random } = randomProblem(4, options);
  const basis = buildBasis(sortedSeparations(data), { cells: 12 });
  const curve = splineCurve(
    basis,
    Float64Array.from({ length: basis.size }, () => random.normal()),
  );
  return {
    schedule,
    basis,
    curve,
    data: special ? { ...data, positions: spoilt(data.positions, random) } : data,
  };
}

function eachPairProblem(
  row: (problem: ReturnType<typeof pairProblem>) => readonly number[],
): number[] {
  return PAIR_PROBLEMS.flatMap((options) => [
    ...row(pairProblem(options, false)),
    ...row(pairProblem(options, true)),
  ]);
}

function normalEquations({ data, schedule, basis, curve }: ReturnType<typeof pairProblem>) {
  const coarse = createSchedule(data.times, velocityVerlet.stages, 1);
  const rows: number[] = [];
  for (const [velocityWeight, tangents, tangentStep, every] of [
    [null, schedule, 1, 1],
    [0.5, schedule, 5, 1],
    [null, coarse, 1, 2],
  ] as const) {
    const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true, tangents });
    const starts = { ...givenStarts(data), velocityWeight };
    try {
      const made = pass.normalEquations(curve, { starts, tangentStep, every });
      rows.push(made.sum, made.loss, ...made.gradient, ...made.metric);
      for (const { factor, cross, right, active } of made.eliminations)
        rows.push(...factor, ...cross, ...right, ...active);
    } catch {
      // A start that its data do not determine: refused by all alike.
      rows.push(Number.NaN);
    }
  }
  return rows;
}

function positionProblem(points: number, special: boolean, hidden: readonly number[] = [10, 10]) {
  const random = createRandom(points);
  const network = new PositionNetwork(6, hidden);
  const normal = (n: number) => Float64Array.from({ length: n }, random.normal);
  const weights = normal(network.size);
  const inputs = special ? spoilt(normal(6 * points), random) : normal(6 * points);
  const targets = normal(6 * points);
  const responses = normal(6);
  const scaled = { points, inputs, targets, responses, components: 7, idleSquares: 0.3 };
  return { network, weights, loss: accelerationLoss(network, scaled) };
}

function positionLoss(points: number, special: boolean, hidden?: readonly number[]): number[] {
  const { network, weights, loss } = positionProblem(points, special, hidden);
  const gradient = new Float64Array(network.size);
  return [loss.sumOfSquares(weights), loss.evaluate(weights, gradient), ...gradient];
}

function positionEquations(points: number, special: boolean): number[] {
  const { network, weights, loss } = positionProblem(Math.min(points, 100), special);
  const matrix = new Float64Array(network.size * network.size);
  const vector = new Float64Array(network.size);
  return [loss.normalEquations(weights, matrix, vector), ...vector, ...matrix];
}

function factored(n: number): number[] {
  const random = createRandom(n);
  const root = Float64Array.from({ length: n * n }, random.normal);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1e-3 : 0;
      for (let k = 0; k < n; k++) sum += root[i * n + k] * root[j * n + k];
      a[i * n + j] = sum;
    }
  return [choleskyFactor(a, n) ? 1 : 0, ...a];
}

/** What has a twin in WebAssembly: each exported function of the four modules is called by one of these. */
export const kernelCases: readonly BitsCase[] = [
  { name: "network values", bits: () => eachSize(evaluated) },
  { name: "network gradients", bits: () => eachSize(accumulated) },
  {
    name: "distillation",
    bits: () =>
      [1, 2, 3, 7, 8, 9, 42].flatMap((m) => [...distilled(m, false), ...distilled(m, true)]),
  },
  {
    name: "rollouts",
    bits: () =>
      eachPairProblem(({ data, schedule, basis, curve }) => {
        const sums = new Float64Array(data.trajectories);
        const all = { first: 0, end: data.trajectories };
        rolloutSums(data, schedule, basis.cells, curve, givenStarts(data), all, sums);
        return [...sums];
      }),
  },
  {
    name: "adjoint",
    bits: () =>
      eachPairProblem(({ data, schedule, basis, curve }) => {
        const gradient = new Float64Array(curve.length);
        return [curveGradient(data, schedule, basis.cells, curve, gradient), ...gradient];
      }),
  },
  { name: "Gauss-Newton pass", bits: () => eachPairProblem(normalEquations) },
  { name: "position network", bits: () => eachSize(positionLoss) },
  { name: "position network, wide", bits: () => positionLoss(20, false, [256, 256]) },
  { name: "position network, normal equations", bits: () => eachSize(positionEquations) },
  { name: "Cholesky factor", bits: () => [32, 33, 57, 100].flatMap(factored) },
];
