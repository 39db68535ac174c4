import { forestRuth, type SplittingStage, velocityVerlet } from "@mclnn/integrators";
import { describe, expect, it } from "vitest";
import { splineCurve } from "../../models/src/splines/b-spline.ts";
import {
  curveAt,
  edgesOf,
  hermiteCurve,
  hermiteCurveTranspose,
} from "../../models/src/splines/cells.ts";
import { curveGradient } from "../src/engine/adjoint.ts";
import { createRolloutScratch, rolloutLoss, rollPairs } from "../src/engine/pair-rollout.ts";
import { SensitivityPass } from "../src/engine/sensitivity.ts";
import { DirectRolloutLoss } from "../src/network/direct-rollout-loss.ts";
import { initialWeights } from "../src/network/initial-weights.ts";
import { TabulatedRolloutLoss } from "../src/network/rollout-loss.ts";
import { sortedSeparations, type TrainingData } from "../src/records/training-data.ts";
import { givenStarts, moveStarts, type Starts, startComponent } from "../src/rollout/starts.ts";
import { buildBasis } from "../src/splines/knots.ts";
import { directional, dot, randomProblem } from "./random-problem.ts";

const SYSTEMS = [
  [2, 2, {}],
  [2, 3, {}],
  [3, 2, { laws: 2 }],
  [4, 3, { stages: forestRuth.stages }],
  [6, 3, { laws: 3 }],
] as const;

function problem(
  seed: number,
  particles: number,
  dimension: 2 | 3,
  options: { laws?: number; trajectories?: number; stages?: readonly SplittingStage[] } = {},
) {
  const { data, schedule, random } = randomProblem(seed, { particles, dimension, ...options });
  const basis = buildBasis(sortedSeparations(data), { cells: 12 });
  const coefficients = Float64Array.from({ length: basis.size }, () => random.normal());
  return { data, schedule, random, basis, coefficients };
}

/** The splitting method as the textbook writes it, stage by stage, with V' asked pair by pair. */
function naiveLoss(
  data: TrainingData,
  slope: (law: number, r: number) => number,
  stages: readonly SplittingStage[] = velocityVerlet.stages,
  stride = 5,
  dt = 0.01,
): number {
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
        const f = slope(data.pairLaw[p] as number, r);
        n.forEach((x, c) => {
          a[i + c] = (a[i + c] as number) - ((f * x) / r) * (data.scaleI[p] as number);
          a[j + c] = (a[j + c] as number) + ((f * x) / r) * (data.scaleJ[p] as number);
        });
      }
      return a;
    };
    for (let step = 1; step <= (data.records - 1) * stride; step++) {
      for (const [kind, weight] of stages) {
        const [x, rate] = kind === "kick" ? [v, acceleration()] : [q, v];
        for (let c = 0; c < d; c++) x[c] = (x[c] as number) + weight * dt * (rate[c] as number);
      }
      if (step % stride === 0)
        for (let c = 0; c < d; c++)
          sum +=
            ((q[c] as number) - (data.positions[base + (step / stride) * d + c] as number)) ** 2;
    }
  }
  return sum / data.residuals;
}

describe("pair rollout", () => {
  it.each(SYSTEMS)(
    "%i particles in %i-D, case %#: loss equals a textbook integrator to 1e-13",
    (n, dim, options) => {
      const { data, schedule, basis, coefficients } = problem(3, n, dim, options);
      const curve = splineCurve(basis, coefficients);
      const naive = naiveLoss(
        data,
        (law, r) => curveAt(basis.cells, curve, law, r),
        "stages" in options ? options.stages : undefined,
      );
      expect(Math.abs(rolloutLoss(data, schedule, basis.cells, curve) / naive - 1)).toBeLessThan(
        1e-13,
      );
    },
  );
});

describe("discrete adjoint", () => {
  it.each(SYSTEMS)(
    "%i particles in %i-D, case %#: gradient matches central differences to 1e-7",
    (n, dim, options) => {
      for (let seed = 0; seed < 10; seed++) {
        const { data, schedule, random, basis, coefficients } = problem(seed, n, dim, options);
        const curve = splineCurve(basis, coefficients);
        const gradient = new Float64Array(curve.length);
        const loss = curveGradient(data, schedule, basis.cells, curve, gradient);
        expect(loss).toBe(rolloutLoss(data, schedule, basis.cells, curve));
        // A direction along the spline space keeps the curve smooth across cells, as differences need.
        const smooth = splineCurve(
          basis,
          Float64Array.from({ length: basis.size }, () => random.normal()),
        );
        const numerical = directional(
          (c) => rolloutLoss(data, schedule, basis.cells, c),
          curve,
          smooth,
          1e-3,
        );
        const scale = Math.sqrt(dot(gradient, gradient) * dot(smooth, smooth));
        expect(Math.abs(dot(gradient, smooth) - numerical)).toBeLessThan(1e-7 * scale);
      }
    },
  );
});

describe("forward sensitivity", () => {
  it.each(SYSTEMS)(
    "%i particles in %i-D, case %#: Jacobian in coefficients and free starts matches central differences to 1e-7",
    (n, dim, options) => {
      for (let seed = 0; seed < 5; seed++) {
        const { data, schedule, random, basis, coefficients } = problem(seed, n, dim, options);
        const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
        const scratch = createRolloutScratch(data, schedule);
        const starts: Starts = { ...givenStarts(data), velocityWeight: 0.3 };
        const unknowns = 2 * n * dim;
        const x = new Float64Array(basis.size + unknowns);
        x.set(coefficients);
        const direction = x.map(() => random.normal());
        const residuals = (p: Float64Array): Float64Array => {
          const moved = {
            ...starts,
            positions: starts.positions.slice(),
            velocities: starts.velocities.slice(),
          };
          for (let i = 0; i < unknowns; i++) {
            const array = i < unknowns / 2 ? moved.positions : moved.velocities;
            const o = data.components + startComponent(data, i % (unknowns / 2));
            array[o] = (array[o] as number) + (p[basis.size + i] as number);
          }
          const curve = splineCurve(basis, p.subarray(0, basis.size));
          rollPairs(data, schedule, basis.cells, curve, moved, 1, scratch, { keep: false });
          return scratch.residuals.slice();
        };
        const jacobian = pass.jacobianOf(splineCurve(basis, coefficients), 1, starts);
        const rows = residuals(x).length;
        for (let row = 0; row < rows; row++) {
          const analytic = dot(jacobian.subarray(row * x.length, (row + 1) * x.length), direction);
          const numerical = directional((p) => residuals(p)[row] as number, x, direction, 2e-5);
          expect(Math.abs(analytic - numerical)).toBeLessThan(1e-7 * (1e-2 + Math.abs(numerical)));
        }
      }
    },
  );

  it("normal equations are J'J and J' residuals of all trajectories, and their gradient is half the adjoint's", () => {
    const { data, schedule, basis, coefficients } = problem(5, 4, 3);
    const pass = new SensitivityPass(data, schedule, basis);
    const curve = splineCurve(basis, coefficients);
    const { metric, gradient, loss, residuals } = pass.normalEquations(curve);
    const expected = new Float64Array(basis.size * basis.size);
    for (let t = 0; t < data.trajectories; t++)
      addGram(pass.jacobianOf(curve, t), basis.size, expected);
    const largest = Math.max(...expected);
    metric.forEach((x, k) => {
      expect(Math.abs(x - (expected[k] as number))).toBeLessThan(1e-12 * largest);
    });
    const adjoint = new Float64Array(curve.length);
    expect(curveGradient(data, schedule, basis.cells, curve, adjoint)).toBeCloseTo(loss, 14);
    const scale = Math.max(...gradient.map(Math.abs));
    gradient.forEach((g, b) => {
      const unit = new Float64Array(basis.size);
      unit[b] = 1;
      const perCoefficient = dot(adjoint, splineCurve(basis, unit));
      expect(Math.abs((2 * g) / residuals - perCoefficient)).toBeLessThan(
        (1e-11 * scale) / residuals,
      );
    });
  });

  it("the loss of normal equations is that of the rollouts, in every bit", () => {
    const { data, schedule, basis, coefficients } = problem(5, 3, 3, { trajectories: 300 });
    const curve = splineCurve(basis, coefficients);
    const pass = new SensitivityPass(data, schedule, basis);
    expect(pass.normalEquations(curve).loss).toBe(pass.loss(curve));
  });

  it("coarse tangents stay within 2 % of exact ones, for given and for free starts", () => {
    const { data, schedule, basis, coefficients } = problem(4, 4, 3);
    expect(schedule.uniform).toEqual({ stride: 5, dt: 0.01 });
    const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
    const curve = splineCurve(basis, coefficients);
    for (const velocityWeight of [null, 0.5]) {
      const starts: Starts = { ...givenStarts(data), velocityWeight };
      const exact = pass.normalEquations(curve, { starts });
      const coarse = pass.normalEquations(curve, { starts, tangentStep: 5 });
      expect(coarse.loss).toBe(exact.loss);
      const largest = Math.max(...exact.metric.map(Math.abs));
      exact.metric.forEach((x, k) => {
        expect(Math.abs((coarse.metric[k] as number) - x)).toBeLessThan(0.02 * largest);
      });
    }
  });

  it.each(SYSTEMS)(
    "%i particles in %i dimensions: gradients by the adjoint about a pass of before are those by sensitivities to 1e-9",
    (particles, dimension, options) => {
      const { data, schedule, basis, coefficients, random } = problem(
        7,
        particles,
        dimension,
        options,
      );
      const curve = splineCurve(basis, coefficients);
      const starts = { ...givenStarts(data), velocityWeight: 0.7 };
      const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
      const own = pass.normalEquations(curve, { starts });
      // Residuals of a pass before, which must not be left over.
      const before = {
        ...own,
        gradient: own.gradient.map(() => random.normal()),
        eliminations: own.eliminations.map((e) => ({ ...e, right: e.right.map(random.normal) })),
      };
      const chord = pass.chordEquations(before, curve, starts);
      const size = Math.max(...own.gradient.map(Math.abs));
      expect(Math.abs(chord.loss / own.loss - 1)).toBeLessThan(1e-14);
      for (const [k, g] of chord.gradient.entries())
        expect(Math.abs(g - (own.gradient[k] as number))).toBeLessThan(1e-9 * size);
      chord.eliminations.forEach(({ right }, t) => {
        const expected = (own.eliminations[t] as (typeof own.eliminations)[number]).right;
        const most = Math.max(...expected.map(Math.abs));
        for (const [k, x] of right.entries())
          expect(Math.abs(x - (expected[k] as number))).toBeLessThan(1e-9 * most);
      });
    },
  );

  it("eliminated start states: the step is that of the joint least squares", () => {
    for (const [n, dim] of [
      [3, 2],
      [3, 3],
    ] as const) {
      const { data, schedule, basis, coefficients, random } = problem(8, n, dim);
      const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
      const curve = splineCurve(basis, coefficients);
      const starts: Starts = { ...givenStarts(data), velocityWeight: 0.5 };
      const equations = pass.normalEquations(curve, { starts });
      const unknowns = 2 * n * dim;
      const width = basis.size + unknowns;
      // A given step of the coefficients: each start must then solve its own least squares.
      const step = Float64Array.from({ length: basis.size }, () => 0.1 * random.normal());
      const moved = moveStarts(data, starts, equations.eliminations, step, 1);
      // Half of the way, as a step that was too long is tried again, from what was eliminated once.
      const half = moveStarts(data, starts, equations.eliminations, step, 0.5);
      for (const of of ["positions", "velocities"] as const)
        half[of].forEach((x, k) => {
          const whole = (moved[of][k] as number) - (starts[of][k] as number);
          expect(x - (starts[of][k] as number)).toBeCloseTo(whole / 2, 13);
        });
      const scratch = createRolloutScratch(data, schedule);
      for (let t = 0; t < data.trajectories; t++) {
        const jacobian = pass.jacobianOf(curve, t, starts);
        rollPairs(data, schedule, basis.cells, curve, starts, t, scratch, { keep: false });
        const dx = new Float64Array(width);
        dx.set(step);
        for (let i = 0; i < unknowns / 2; i++) {
          const o = t * data.components + startComponent(data, i);
          dx[basis.size + i] = (moved.positions[o] as number) - (starts.positions[o] as number);
          dx[basis.size + unknowns / 2 + i] =
            (moved.velocities[o] as number) - (starts.velocities[o] as number);
        }
        const linear = scratch.residuals.map(
          (r, row) => r + dot(jacobian.subarray(row * width, (row + 1) * width), dx),
        );
        for (let i = basis.size; i < width; i++) {
          const slope = linear.reduce(
            (s, r, row) => s + r * (jacobian[row * width + i] as number),
            0,
          );
          expect(Math.abs(slope)).toBeLessThan(1e-9);
        }
      }
      expect(equations.degreesOfFreedom).toBe(data.trajectories * n * dim * (data.records - 1));
    }
  });
});

/** Adds J'J. */
function addGram(jacobian: Float64Array, width: number, out: Float64Array): void {
  for (let row = 0; row < jacobian.length / width; row++)
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++)
        out[a * width + b] =
          (out[a * width + b] as number) +
          (jacobian[row * width + a] as number) * (jacobian[row * width + b] as number);
}

describe("rollout loss of a network", () => {
  it("tabulated and direct on 100 random networks and states: each gradient matches central differences to 1e-7, the two differ by at most 1e-3 and mostly by less than 1e-6", () => {
    const differences: number[] = [];
    for (let seed = 0; seed < 100; seed++) {
      const { data, schedule, random } = problem(seed, 2 + (seed % 3), seed % 2 === 0 ? 2 : 3, {
        trajectories: 12,
      });
      // As many cells as training by Adam and L-BFGS has.
      const basis = buildBasis(sortedSeparations(data), { cells: 85 });
      const hidden = seed % 3 === 0 ? [6, 5, 4] : [10, 10];
      const weights = initialWeights(hidden, basis, random);
      const direction = weights.map(() => random.normal());
      const gradients = [
        new TabulatedRolloutLoss(data, schedule, basis.cells, hidden),
        new DirectRolloutLoss(data, schedule, hidden),
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
      const lossDifference = Math.abs(tabulated.loss / direct.loss - 1);
      expect(lossDifference).toBeLessThan(1e-5);
      const difference = tabulated.gradient.map((g, k) => g - (direct.gradient[k] as number));
      differences.push(
        Math.sqrt(dot(difference, difference) / dot(direct.gradient, direct.gradient)),
      );
    }
    // The worst are rollouts that leave the separations of the data, where cells are wide.
    differences.sort((a, b) => a - b);
    expect(differences[99]).toBeLessThan(1e-3);
    expect(differences[50]).toBeLessThan(1e-6);
  });
});

describe("cells", () => {
  it("transpose of the Hermite curve is its transpose", () => {
    const { random, basis } = problem(1, 4, 3, { laws: 2 });
    const { cells } = basis;
    for (const block of [0, 1]) {
      const n = edgesOf(cells, block).length;
      const vector = (length: number): Float64Array =>
        Float64Array.from({ length }, () => random.normal());
      const values = vector(n);
      const derivatives = vector(n);
      const weights = vector(4 * cells.count);
      const a = new Float64Array(n);
      const b = new Float64Array(n);
      hermiteCurveTranspose(cells, block, weights, a, b);
      const curve = new Float64Array(4 * cells.count);
      hermiteCurve(cells, block, values, derivatives, curve);
      expect(dot(a, values) + dot(b, derivatives)).toBeCloseTo(dot(weights, curve), 9);
    }
  });
});
