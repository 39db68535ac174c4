import { describe, expect, it } from "vitest";
import { curveAt, hermiteCurve, hermiteCurveTranspose } from "../src/cells.ts";
import { DirectRolloutLoss } from "../src/losses/direct-rollout-loss.ts";
import { TabulatedRolloutLoss } from "../src/losses/rollout-loss.ts";
import { curveGradient } from "../src/rollout/adjoint.ts";
import { createRolloutScratch, rollPairs, rolloutLoss } from "../src/rollout/pair-rollout.ts";
import { SensitivityPass } from "../src/rollout/sensitivity.ts";
import { buildBasis, splineCurve } from "../src/training/function-first/basis.ts";
import { initialWeights } from "../src/training/function-first/initial-weights.ts";
import { sortedSeparations, type TrainingData } from "../src/training/training-data.ts";
import { directional, dot, randomProblem } from "./random-problem.ts";

const SYSTEMS = [
  [2, 2],
  [2, 3],
  [3, 2],
  [4, 3],
  [6, 3],
] as const;

function problem(seed: number, particles: number, dimension: 2 | 3) {
  const { data, random } = randomProblem(seed, { particles, dimension });
  const basis = buildBasis(sortedSeparations(data), { cells: 12 });
  const coefficients = Float64Array.from({ length: basis.size }, () => random.normal());
  const direction = Float64Array.from({ length: basis.size }, () => random.normal());
  return { data, random, basis, coefficients, direction };
}

/** Velocity Verlet as the textbook writes it, half kicks and all, with V' asked pair by pair. */
function naiveLoss(data: TrainingData, slope: (r: number) => number): number {
  let sum = 0;
  const d = data.components;
  for (let t = 0; t < data.trajectories; t++) {
    const base = t * data.records * d;
    const q = data.positions.slice(base, base + d);
    const v = data.startVelocities.slice(t * d, (t + 1) * d);
    const acceleration = (): Float64Array => {
      const a = new Float64Array(d);
      for (let p = 0; p < data.pairs; p++) {
        const i = data.pairI[p] as number;
        const j = data.pairJ[p] as number;
        const n = [0, 1, 2].map((c) => (q[i + c] as number) - (q[j + c] as number));
        const r = Math.sqrt(n.reduce((s, x) => s + x * x, 0));
        const f = slope(r);
        n.forEach((x, c) => {
          a[i + c] = (a[i + c] as number) - ((f * x) / r) * (data.scaleI[p] as number);
          a[j + c] = (a[j + c] as number) + ((f * x) / r) * (data.scaleJ[p] as number);
        });
      }
      return a;
    };
    let a = acceleration();
    for (let step = 1; step <= (data.records - 1) * data.stride; step++) {
      for (let c = 0; c < d; c++) {
        v[c] = (v[c] as number) + 0.5 * data.dt * (a[c] as number);
        q[c] = (q[c] as number) + data.dt * (v[c] as number);
      }
      a = acceleration();
      for (let c = 0; c < d; c++) v[c] = (v[c] as number) + 0.5 * data.dt * (a[c] as number);
      if (step % data.stride === 0)
        for (let c = 0; c < d; c++)
          sum += ((q[c] as number) - (data.positions[base + (step / data.stride) * d + c] as number)) ** 2;
    }
  }
  return sum / data.residuals;
}

describe("pair rollout", () => {
  it.each(SYSTEMS)("%i particles in %i-D: loss equals a textbook velocity Verlet to 1e-13", (n, dim) => {
    const { data, basis, coefficients } = problem(3, n, dim);
    const curve = splineCurve(basis, coefficients);
    const naive = naiveLoss(data, (r) => curveAt(basis.cells, curve, r));
    expect(Math.abs(rolloutLoss(data, basis.cells, curve) / naive - 1)).toBeLessThan(1e-13);
  });
});

describe("discrete adjoint", () => {
  it.each(SYSTEMS)("%i particles in %i-D: gradient matches central differences to 1e-7", (n, dim) => {
    for (let seed = 0; seed < 10; seed++) {
      const { data, random, basis, coefficients } = problem(seed, n, dim);
      const curve = splineCurve(basis, coefficients);
      const gradient = new Float64Array(curve.length);
      const loss = curveGradient(data, basis.cells, curve, gradient);
      expect(loss).toBe(rolloutLoss(data, basis.cells, curve));
      // A direction along the spline space keeps the curve smooth across cells, as differences need.
      const smooth = splineCurve(basis, Float64Array.from({ length: basis.size }, () => random.normal()));
      const numerical = directional((c) => rolloutLoss(data, basis.cells, c), curve, smooth, 1e-3);
      const scale = Math.sqrt(dot(gradient, gradient) * dot(smooth, smooth));
      expect(Math.abs(dot(gradient, smooth) - numerical)).toBeLessThan(1e-7 * scale);
    }
  });
});

describe("forward sensitivity", () => {
  it.each(SYSTEMS)("%i particles in %i-D: Jacobian matches central differences to 1e-7", (n, dim) => {
    for (let seed = 0; seed < 5; seed++) {
      const { data, basis, coefficients, direction } = problem(seed, n, dim);
      const pass = new SensitivityPass(data, basis);
      const scratch = createRolloutScratch(data);
      const residuals = (c: Float64Array): Float64Array => {
        rollPairs(data, basis.cells, splineCurve(basis, c), 1, scratch, { keep: false });
        return scratch.residuals.slice();
      };
      const jacobian = pass.jacobianOf(splineCurve(basis, coefficients), 1);
      const rows = residuals(coefficients).length;
      for (let row = 0; row < rows; row++) {
        const analytic = dot(jacobian.subarray(row * basis.size, (row + 1) * basis.size), direction);
        const numerical = directional((c) => residuals(c)[row] as number, coefficients, direction);
        expect(Math.abs(analytic - numerical)).toBeLessThan(1e-7 * (1e-3 + Math.abs(numerical)));
      }
    }
  });

  it("normal equations are J'J and J' residuals of all trajectories, and their gradient is half the adjoint's", () => {
    const { data, basis, coefficients } = problem(5, 4, 3);
    const pass = new SensitivityPass(data, basis);
    const curve = splineCurve(basis, coefficients);
    const { metric, gradient, loss, residuals } = pass.normalEquations(curve);
    const expected = new Float64Array(basis.size * basis.size);
    for (let t = 0; t < data.trajectories; t++) {
      const j = pass.jacobianOf(curve, t);
      for (let row = 0; row < j.length / basis.size; row++)
        for (let a = 0; a < basis.size; a++)
          for (let b = 0; b < basis.size; b++)
            expected[a * basis.size + b] =
              (expected[a * basis.size + b] as number) +
              (j[row * basis.size + a] as number) * (j[row * basis.size + b] as number);
    }
    const largest = Math.max(...expected);
    metric.forEach((x, k) => {
      expect(Math.abs(x - (expected[k] as number))).toBeLessThan(1e-12 * largest);
    });
    const adjoint = new Float64Array(curve.length);
    expect(curveGradient(data, basis.cells, curve, adjoint)).toBeCloseTo(loss, 14);
    const perCoefficient = Float64Array.from({ length: basis.size }, (_, b) => {
      const unit = new Float64Array(basis.size);
      unit[b] = 1;
      return dot(adjoint, splineCurve(basis, unit));
    });
    const scale = Math.max(...gradient.map(Math.abs));
    gradient.forEach((g, b) => {
      expect(Math.abs((2 * g) / residuals - (perCoefficient[b] as number))).toBeLessThan(
        (1e-11 * scale) / residuals,
      );
    });
  });
});

describe("rollout loss of a network", () => {
  it("tabulated and direct: on 100 random networks and states losses and gradients agree to 1e-5, each gradient matches central differences to 1e-7", () => {
    for (let seed = 0; seed < 100; seed++) {
      const { data, random, basis } = problem(seed, 2 + (seed % 3), seed % 2 === 0 ? 2 : 3);
      const hidden = seed % 3 === 0 ? [6, 5, 4] : [10, 10];
      const weights = initialWeights(hidden, basis, random);
      const direction = weights.map(() => random.normal());
      const gradients = [
        new TabulatedRolloutLoss(data, basis.cells, hidden),
        new DirectRolloutLoss(data, hidden),
      ].map((objective) => {
        const gradient = new Float64Array(objective.size);
        const loss = objective.evaluate(weights, gradient);
        expect(loss).toBe(objective.evaluate(weights));
        const numerical = directional((w) => objective.evaluate(w), weights, direction, 2e-4);
        const scale = Math.sqrt(dot(gradient, gradient) * dot(direction, direction));
        expect(Math.abs(dot(gradient, direction) - numerical)).toBeLessThan(1e-7 * scale);
        return { loss, gradient };
      });
      const [tabulated, direct] = gradients as [(typeof gradients)[0], (typeof gradients)[0]];
      expect(Math.abs(tabulated.loss / direct.loss - 1)).toBeLessThan(1e-5);
      const norm = Math.sqrt(dot(direct.gradient, direct.gradient));
      tabulated.gradient.forEach((g, k) => {
        expect(Math.abs(g - (direct.gradient[k] as number))).toBeLessThan(1e-5 * norm);
      });
    }
  });
});

describe("cells", () => {
  it("transpose of the Hermite curve is its transpose", () => {
    const { random, basis } = problem(1, 3, 3);
    const { cells } = basis;
    const vector = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());
    const values = vector(cells.count + 1);
    const derivatives = vector(cells.count + 1);
    const weights = vector(4 * cells.count);
    const a = new Float64Array(cells.count + 1);
    const b = new Float64Array(cells.count + 1);
    hermiteCurveTranspose(cells, weights, a, b);
    const forward = dot(weights, hermiteCurve(cells, values, derivatives));
    expect(dot(a, values) + dot(b, derivatives)).toBeCloseTo(forward, 9);
  });
});
