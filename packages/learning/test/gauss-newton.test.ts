import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { choleskyFactor, choleskySolve, inverse } from "../src/algebra/linear-algebra.ts";
import {
  descended,
  type FitProblem,
  gaussNewton,
  type Regulariser,
  type Rules,
} from "../src/fit/gauss-newton.ts";
import { covarianceOf, marginalFactor } from "../src/prior/marginal.ts";
import type { NormalEquations } from "../src/rollout/normal-equations.ts";

/** y = a exp(-b t) at times that are known, and how often its Jacobian was made. */
function decay(a: number, b: number) {
  const times = Array.from({ length: 12 }, (_, k) => 0.25 * k);
  const seen = times.map((t) => a * Math.exp(-b * t));
  const made = { jacobians: 0 };
  const residuals = ([p, q]: Float64Array) =>
    times.map((t, k) => (p as number) * Math.exp(-(q as number) * t) - (seen[k] as number));
  const sumAt = (at: Float64Array) => residuals(at).reduce((s, r) => s + r * r, 0);
  const jacobianAt = ([p, q]: Float64Array) =>
    times.map((t) => {
      const e = Math.exp(-(q as number) * t);
      return [e, -(p as number) * t * e] as const;
    });
  const problem: FitProblem<Float64Array> & { jacobians: Map<NormalEquations, unknown> } = {
    jacobians: new Map(),
    equations(at, before) {
      type Jacobian = ReturnType<typeof jacobianAt>;
      const known = before === null ? undefined : (problem.jacobians.get(before) as Jacobian);
      if (known === undefined) made.jacobians++;
      const jacobian = known ?? jacobianAt(at);
      const metric = new Float64Array(4);
      const gradient = new Float64Array(2);
      residuals(at).forEach((r, k) => {
        const row = jacobian[k] as readonly [number, number];
        for (let i = 0; i < 2; i++) {
          gradient[i] = (gradient[i] as number) + (row[i] as number) * r;
          for (let j = 0; j < 2; j++)
            metric[2 * i + j] =
              (metric[2 * i + j] as number) + (row[i] as number) * (row[j] as number);
        }
      });
      const sum = sumAt(at);
      const n = times.length;
      const out: NormalEquations = {
        ...{ metric, gradient, sum, residuals: n, loss: sum / n },
        ...{ degreesOfFreedom: n, eliminations: [] },
      };
      problem.jacobians.set(out, jacobian);
      return out;
    },
    loss: (at) => sumAt(at) / times.length,
    moved: (at, _, step, share) => at.map((x, i) => x + share * (step[i] as number)),
    unknowns: (at) => at,
  };
  return { problem, made };
}

const plain: Regulariser = function* ({ metric, gradient }, _, strength) {
  const factor = metric.slice();
  if (choleskyFactor(factor, 2))
    yield {
      step: choleskySolve(
        factor,
        2,
        gradient.map((g) => -g),
      ),
      strength,
    };
};

const rules = (own: Partial<Rules> = {}): Rules => ({
  steps: 60,
  searches: [{ regulariser: plain, shares: [1, 0.4, 0.16, 0.064], take: "first" }],
  accepts: (trial, before) => trial.loss < before.loss,
  ends: (steps) => (steps.at(-1)?.after.loss ?? 0) < 1e-28,
  sensitivities: "new",
  ...own,
});

describe("the one Gauss-Newton", () => {
  const from = Float64Array.of(1, 0.2);

  it.each([
    ["the first share that falls", "first", "new"],
    ["the best share", "best", "new"],
    ["sensitivities kept until they fail", "first", "kept until they fail"],
  ] as const)("finds a decay's constants within 1e-12: %s", (_, take, sensitivities) => {
    const { problem, made } = decay(2, 0.8);
    const searches = [{ regulariser: plain, shares: [1, 0.4, 0.16, 0.064], take }];
    const steps = gaussNewton(problem, { at: from }, rules({ searches, sensitivities }));
    let last = problem.loss(from);
    let taken = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) {
      if (!step.value.taken) continue;
      taken++;
      expect(step.value.loss).toBeLessThan(last);
      last = step.value.loss;
    }
    expect(step.value.at[0]).toBeCloseTo(2, 12);
    expect(step.value.at[1]).toBeCloseTo(0.8, 12);
    if (sensitivities === "new") expect(made.jacobians).toBe(taken);
    else expect(made.jacobians).toBeLessThan(taken);
  });

  it("takes no step that is not accepted, and makes no equations that it is given", () => {
    const { problem, made } = decay(2, 0.8);
    const equations = problem.equations(from, null);
    const end = descended(
      problem,
      { at: from, about: from, equations },
      rules({ accepts: () => false }),
    );
    expect(end).toMatchObject({ at: from, about: from, loss: equations.loss, stale: false });
    expect(made.jacobians).toBe(1);
  });

  it("asks the second search where the first finds nothing, and carries its strength on", () => {
    const { problem } = decay(2, 0.8);
    const none: Regulariser = function* () {};
    const counted: Regulariser = function* (e, u, s) {
      for (const proposal of plain(e, u, s))
        yield { ...proposal, strength: { weight: s.weight + 1, damping: 0 } };
    };
    const searches = [none, counted].map(
      (regulariser) => ({ regulariser, shares: [1, 0.4, 0.16], take: "first" }) as const,
    );
    const end = descended(problem, { at: from }, rules({ searches, steps: 3 }));
    expect(end.strength.weight).toBe(3);
  });
});

describe("what is known of some unknowns when the others are left open", () => {
  const size = 7;
  const random = createRandom(3);
  const half = Float64Array.from({ length: size * size }, random.normal);
  const precision = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      let s = i === k ? 0.1 : 0;
      for (let j = 0; j < size; j++)
        s += (half[i * size + j] as number) * (half[k * size + j] as number);
      precision[i * size + k] = s;
    }
  const covariance = inverse(precision, size) as Float64Array;
  const factor = precision.slice();
  choleskyFactor(factor, size);

  it.each([
    [0, 4],
    [2, 3],
    [5, 2],
    [0, 7],
  ])("%i and so on, %i of them: the dense covariance within 1e-10", (first, n) => {
    const marginal = marginalFactor(factor, first, n) as Float64Array;
    const own = covarianceOf({ factor, variance: 4 }, first, n) as Float64Array;
    for (let i = 0; i < n; i++)
      for (let k = 0; k < n; k++) {
        const dense = covariance[(first + i) * size + first + k] as number;
        const unit = Float64Array.from({ length: n }, (_, j) => (j === k ? 1 : 0));
        expect(choleskySolve(marginal, n, unit)[i]).toBeCloseTo(dense, 10);
        expect((own[i * n + k] as number) / 4).toBeCloseTo(dense, 10);
      }
  });
});
