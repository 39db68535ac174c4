import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { adam } from "../src/optimizers/adam.ts";
import { lbfgs } from "../src/optimizers/lbfgs.ts";
import { type LeastSquares, levenbergMarquardt } from "../src/optimizers/levenberg-marquardt.ts";
import type { Objective, Optimizer } from "../src/optimizers/optimizer.ts";

/** Rosenbrock's valley in `size` dimensions; minimum 0 at all ones. */
function rosenbrock(size: number): Objective {
  return {
    size,
    evaluate(x, gradient) {
      gradient?.fill(0);
      let sum = 0;
      for (let i = 0; i + 1 < size; i++) {
        const a = x[i] as number;
        const b = x[i + 1] as number;
        sum += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
        if (gradient !== undefined) {
          gradient[i] = (gradient[i] as number) - 400 * a * (b - a * a) - 2 * (1 - a);
          gradient[i + 1] = (gradient[i + 1] as number) + 200 * (b - a * a);
        }
      }
      return sum;
    },
  };
}

/** The same valley as a sum of squares. */
function rosenbrockResiduals(size: number): LeastSquares {
  const residuals = (x: Float64Array): number[] => {
    const r: number[] = [];
    for (let i = 0; i + 1 < size; i++) {
      const a = x[i] as number;
      r.push(10 * ((x[i + 1] as number) - a * a), 1 - a);
    }
    return r;
  };
  const sum = (x: Float64Array): number => residuals(x).reduce((s, r) => s + r * r, 0);
  return {
    size,
    weight: 1,
    sumOfSquares: sum,
    normalEquations(x, matrix, vector) {
      const r = residuals(x);
      matrix.fill(0);
      vector.fill(0);
      for (let m = 0; m < r.length; m++) {
        const row = new Float64Array(size);
        const i = m >> 1;
        row[i] = m % 2 === 0 ? -20 * (x[i] as number) : -1;
        if (m % 2 === 0) row[i + 1] = 10;
        for (let p = 0; p < size; p++) {
          vector[p] = (vector[p] as number) + (row[p] as number) * (r[m] as number);
          for (let q = 0; q <= p; q++)
            matrix[p * size + q] =
              (matrix[p * size + q] as number) + (row[p] as number) * (row[q] as number);
        }
      }
      return sum(x);
    },
  };
}

const start = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? -1.2 : 1));

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isMclnnError(error)) return error.code;
    throw error;
  }
  return "none";
}

describe("optimisers of an objective", () => {
  const rows: { method: Optimizer<unknown>; steps: number; size: number; below: number }[] = [
    {
      method: adam({ learningRate: 0.02 }) as Optimizer<unknown>,
      steps: 5000,
      size: 2,
      below: 1e-8,
    },
    { method: lbfgs() as Optimizer<unknown>, steps: 60, size: 2, below: 1e-18 },
    { method: lbfgs({ memory: 5 }) as Optimizer<unknown>, steps: 400, size: 20, below: 1e-15 },
  ];
  for (const { method, steps, size, below } of rows) {
    it(`${method.name} brings Rosenbrock's ${size}-d valley below ${below} in ${steps} steps`, () => {
      const objective = rosenbrock(size);
      const x = start(size);
      const state = method.init(size);
      for (let k = 0; k < steps; k++) if (method.step(objective, x, state).converged) break;
      expect(objective.evaluate(x)).toBeLessThan(below);
    });

    it(`${method.name} in ${size} d goes on bit for bit from a copy of parameters and state`, () => {
      const objective = rosenbrock(size);
      const x = start(size);
      const state = method.init(size);
      for (let k = 0; k < 12; k++) method.step(objective, x, state);
      const x2 = x.slice();
      const state2 = structuredClone(state);
      const fresh = { ...method };
      for (let k = 0; k < 12; k++) {
        const a = method.step(objective, x, state);
        // Another run in between: nothing outside parameters and state may matter.
        method.step(rosenbrock(3), start(3), method.init(3));
        const b = fresh.step(objective, x2, state2);
        expect(b.loss).toBe(a.loss);
      }
      expect(x2).toEqual(x);
      expect(state2).toEqual(state);
    });

    it(`${method.name} throws \`diverged\` where the loss is NaN`, () => {
      const x = Float64Array.of(1);
      const broken = { size: 1, evaluate: () => Number.NaN };
      expect(codeOf(() => method.step(broken, x, method.init(1)))).toBe("diverged");
      expect(x[0]).toBe(1);
    });
  }

  it("adam follows the paper's formulas to 1e-15", () => {
    const method = adam({ learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 });
    const objective = rosenbrock(2);
    const x = start(2);
    const state = method.init(2);
    const y = [-1.2, 1];
    const m = [0, 0];
    const v = [0, 0];
    for (let t = 1; t <= 50; t++) {
      method.step(objective, x, state);
      const g = new Float64Array(2);
      objective.evaluate(Float64Array.from(y), g);
      for (let i = 0; i < 2; i++) {
        m[i] = 0.8 * (m[i] as number) + 0.2 * (g[i] as number);
        v[i] = 0.95 * (v[i] as number) + 0.05 * (g[i] as number) ** 2;
        const mHat = (m[i] as number) / (1 - 0.8 ** t);
        const vHat = (v[i] as number) / (1 - 0.95 ** t);
        y[i] = (y[i] as number) - (0.01 * mHat) / (Math.sqrt(vHat) + 1e-6);
      }
      for (let i = 0; i < 2; i++) expect(x[i]).toBeCloseTo(y[i] as number, 13);
    }
  });

  it("lbfgs never raises the loss, meets the strong Wolfe conditions and steps back from walls", () => {
    // log barrier: infinite beyond x = 1
    const objective: Objective = {
      size: 2,
      evaluate(x, g) {
        const [a, b] = x as unknown as [number, number];
        if (g !== undefined) {
          g[0] = 1 / (1 - a) - 20;
          g[1] = 2 * (b - 3) + 4 * (b - 3) ** 3;
        }
        return a >= 1
          ? Number.POSITIVE_INFINITY
          : -Math.log(1 - a) - 20 * a + (b - 3) ** 2 + (b - 3) ** 4;
      },
    };
    const method = lbfgs();
    const x = Float64Array.of(0, 0);
    const state = method.init(2);
    let last = objective.evaluate(x);
    let converged = false;
    for (let k = 0; k < 100 && !converged; k++) {
      const before = x.slice();
      const g0 = new Float64Array(2);
      const f0 = objective.evaluate(before, g0);
      const report = method.step(objective, x, state);
      converged = report.converged;
      expect(report.loss).toBeLessThanOrEqual(last);
      last = report.loss;
      const g1 = new Float64Array(2);
      const f1 = objective.evaluate(x, g1);
      const move = [0, 1].map((i) => (x[i] as number) - (before[i] as number));
      const along = (g: Float64Array): number =>
        move.reduce((s, d, i) => s + d * (g[i] as number), 0);
      if (Math.abs(along(g0)) > 1e-12) {
        expect(f1).toBeLessThanOrEqual(f0 + 1e-4 * along(g0));
        expect(Math.abs(along(g1))).toBeLessThanOrEqual(0.9 * Math.abs(along(g0)));
      }
    }
    expect(x[0]).toBeCloseTo(0.95, 7);
    expect(x[1]).toBeCloseTo(3, 6);
  });

  it("refuses options that make no sense", () => {
    for (const work of [
      () => adam({ learningRate: 0 }),
      () => adam({ learningRate: Number.NaN }),
      () => adam({ beta1: 1 }),
      () => adam({ epsilon: -1 }),
      () => lbfgs({ memory: 0 }),
      () => lbfgs({ decrease: 0.9 }),
      () => levenbergMarquardt({ damping: 0 }),
      () => levenbergMarquardt({ maxTries: 1.5 }),
    ])
      expect(codeOf(work)).toBe("bad-option");
  });
});

describe("Levenberg-Marquardt", () => {
  for (const [size, steps] of [
    [2, 40],
    [20, 80],
  ] as const)
    it(`brings Rosenbrock's ${size}-d valley below 1e-25 in ${steps} steps, never rising`, () => {
      const problem = rosenbrockResiduals(size);
      const method = levenbergMarquardt();
      const x = start(size);
      const state = method.init(size);
      let last = problem.sumOfSquares(x);
      for (let k = 0; k < steps; k++) {
        const { loss, converged } = method.step(problem, x, state);
        expect(loss).toBeLessThanOrEqual(last);
        last = loss;
        if (converged) break;
      }
      expect(last).toBeLessThan(1e-25);
    });

  it("goes on bit for bit from a copy of parameters and state", () => {
    const problem = rosenbrockResiduals(6);
    const method = levenbergMarquardt();
    const x = start(6);
    const state = method.init(6);
    for (let k = 0; k < 5; k++) method.step(problem, x, state);
    const x2 = x.slice();
    const state2 = structuredClone(state);
    const other = levenbergMarquardt();
    for (let k = 0; k < 5; k++) {
      const a = method.step(problem, x, state);
      const b = other.step(problem, x2, state2);
      expect(b).toEqual(a);
    }
    expect(x2).toEqual(x);
    expect(state2).toEqual(state);
  });

  it("leaves a parameter alone that nothing depends on", () => {
    const problem: LeastSquares = {
      size: 2,
      weight: 1,
      sumOfSquares: (x) => ((x[0] as number) - 3) ** 2,
      normalEquations(x, matrix, vector) {
        matrix.set([1, 0, 0, 0]);
        vector.set([(x[0] as number) - 3, 0]);
        return ((x[0] as number) - 3) ** 2;
      },
    };
    const method = levenbergMarquardt();
    const x = Float64Array.of(0, 7);
    const state = method.init(2);
    for (let k = 0; k < 30; k++) method.step(problem, x, state);
    expect(x[0]).toBeCloseTo(3, 12);
    expect(x[1]).toBe(7);
  });

  it("throws `diverged` where the loss is not finite", () => {
    const problem: LeastSquares = {
      size: 1,
      weight: 1,
      sumOfSquares: () => Number.NaN,
      normalEquations: () => Number.NaN,
    };
    const method = levenbergMarquardt();
    expect(codeOf(() => method.step(problem, Float64Array.of(1), method.init(1)))).toBe("diverged");
  });
});
