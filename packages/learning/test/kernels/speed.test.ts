import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { EnergyNetwork } from "../../../models/src/networks/energy-network.ts";
import { PositionNetwork } from "../../../models/src/networks/position-network.ts";
import { splineCurve } from "../../../models/src/splines/b-spline.ts";
import { choleskyFactor } from "../../src/algebra/linear-algebra.ts";
import { accelerationLoss } from "../../src/baseline/acceleration-loss.ts";
import { curveGradient } from "../../src/engine/adjoint.ts";
import { rolloutLoss } from "../../src/engine/pair-rollout.ts";
import { SensitivityPass } from "../../src/engine/sensitivity.ts";
import { distil } from "../../src/network/distil.ts";
import { accumulateBatch, evaluateBatch } from "../../src/network/network-batch.ts";
import { sortedSeparations } from "../../src/records/training-data.ts";
import { buildBasis } from "../../src/splines/knots.ts";
import { useKernels } from "../../src/wasm/work.ts";
import { randomProblem } from "../random-problem.ts";

const random = createRandom(1);
const normals = (length: number): Float64Array => Float64Array.from({ length }, random.normal);

const { data, schedule } = randomProblem(1, {
  particles: 3,
  dimension: 3,
  trajectories: 8,
  records: 10,
  stride: 10,
});
const basis = buildBasis(sortedSeparations(data), { cells: 24 });
const curve = splineCurve(basis, normals(basis.size));
const pass = new SensitivityPass(data, schedule, basis);
const slopes = new Float64Array(curve.length);

const pair = new EnergyNetwork([10, 10]);
const weights = normals(pair.size);
const separations = Float64Array.from({ length: 256 }, random.uniform);
const values = new Float64Array(256);
const gradient = new Float64Array(pair.size);
const points = Float64Array.from({ length: 39 }, (_, k) => 0.5 + 0.05 * k);
const root = normals(39 * 39);

const position = new PositionNetwork(9, [10, 10]);
const positionWeights = normals(position.size);
const loss = accelerationLoss(position, {
  points: 64,
  inputs: normals(9 * 64),
  targets: normals(9 * 64),
  responses: normals(9),
  components: 9,
  idleSquares: 0,
});
const positionGradient = new Float64Array(position.size);
const matrix = new Float64Array(position.size ** 2);

const definite = new Float64Array(60 * 60);
for (let i = 0; i < 60; i++)
  for (let k = 0; k <= i; k++) definite[60 * i + k] = i === k ? 60 : 1 / (1 + i - k);
const factor = new Float64Array(60 * 60);

/** Kernels by how many times as fast as plain TypeScript they must be: far less than measured (docs/adr/0011), so that noise is no failure. */
const WORK: readonly (readonly [name: string, atLeast: number, run: () => unknown])[] = [
  ["rollouts", 1.5, () => rolloutLoss(data, schedule, basis.cells, curve)],
  ["adjoint", 1.5, () => curveGradient(data, schedule, basis.cells, curve, slopes)],
  ["Gauss-Newton pass", 2, () => pass.normalEquations(curve)],
  ["network values", 1.5, () => evaluateBatch(pair, weights, separations, values, values, values)],
  [
    "network gradients",
    1.5,
    () => accumulateBatch(pair, weights, separations, values, values, gradient),
  ],
  [
    "distillation",
    1.5,
    () =>
      distil(
        pair,
        weights.slice(),
        points,
        { points, root, toValues: root, toCoefficients: root },
        {
          goal: 0,
          maxIterations: 3,
          damping: 1e-2,
          solveOutputs: false,
        },
      ).next(),
  ],
  ["baseline's gradient", 2, () => loss.evaluate(positionWeights, positionGradient)],
  [
    "baseline's equations",
    2,
    () => loss.normalEquations(positionWeights, matrix, positionGradient),
  ],
  [
    "Cholesky factor",
    1.5,
    () => {
      factor.set(definite);
      choleskyFactor(factor, 60);
    },
  ],
];

/** Shortest of some runs, in milliseconds. */
function shortest(run: () => unknown, runs: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < runs; k++) {
    const began = performance.now();
    run();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

describe("kernels are worth their bytes", () => {
  it.each(WORK)(
    "%s: at least %f x as fast as plain TypeScript in the same run",
    (_name, atLeast, run) => {
      let ratio = 0;
      // Shortest against shortest, in turns; another batch only where a busy machine spoilt one.
      let kernel = Number.POSITIVE_INFINITY;
      let plain = Number.POSITIVE_INFINITY;
      for (let batch = 0; batch < 20 && (batch < 4 || ratio < atLeast); batch++) {
        useKernels(true);
        kernel = Math.min(kernel, shortest(run, 10));
        useKernels(false);
        try {
          plain = Math.min(plain, shortest(run, 10));
        } finally {
          useKernels(true);
        }
        ratio = plain / kernel;
      }
      expect(ratio).toBeGreaterThanOrEqual(atLeast);
    },
  );
});
