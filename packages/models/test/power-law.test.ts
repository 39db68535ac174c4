import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { choleskyFactor, choleskySolve } from "../../learning/src/algebra/linear-algebra.ts";
import {
  createSplineModel,
  decodeModel,
  encodeModel,
  fitPowerLaw,
  type SplineModel,
} from "../src/index.ts";
import { basisFromKnots, basisValues, planOf } from "../src/splines/b-spline.ts";

const KNOTS = [Float64Array.from({ length: 17 }, (_, k) => 0.6 + 0.1 * k)];
const BASIS = basisFromKnots([planOf(KNOTS)]);
const BINS = 64;
/** Separations at which V' is measured, and the noise of that. */
const MEASURED = 400;
const SIGMA = 0.05;

/** A law as a training gives it: the least-squares spline through noisy values of V', with its posterior. */
function learned(truth: (r: number) => number, seed = 1, sigma = SIGMA): SplineModel {
  const random = createRandom(seed);
  const n = BASIS.size;
  const factor = new Float64Array(n * n);
  const b = new Float64Array(n);
  for (let k = 0; k < MEASURED; k++) {
    const r = 0.6 + (1.6 * (k + 0.5)) / MEASURED;
    const row = basisValues(BASIS, 0, r);
    const value = truth(r) + sigma * random.normal();
    for (let i = 0; i < n; i++) {
      b[i] = (b[i] as number) + (row[i] as number) * value;
      for (let j = 0; j < n; j++)
        factor[i * n + j] = (factor[i * n + j] as number) + (row[i] as number) * (row[j] as number);
    }
  }
  choleskyFactor(factor, n);
  const coefficients = choleskySolve(factor, n, b);
  return createSplineModel({
    ...{ knots: KNOTS, coefficients },
    separations: {
      ranges: [[0.6, 2.2]],
      edges: Float64Array.from({ length: BINS + 1 }, (_, k) => 0.6 + (1.6 * k) / BINS),
      counts: new Float64Array(BINS).fill(9),
    },
    uncertainty: { knots: KNOTS, coefficients, factor, variance: sigma * sigma },
    record: {
      ...{ seed, trainLoss: 1, validationLoss: null, iterations: 1, reachedTarget: true },
      ...{ optimizer: "auto", dt: 0.1, stride: 1, trajectories: 1, records: 2, system: null },
    },
  });
}

const gravity = (r: number): number => r ** -2;

describe("the power law nearest to a learned law", () => {
  it("of noisy gravity: errors of exponent and constant are of one standard deviation (root mean square 0.8 to 1.2, 50 draws)", () => {
    let [exponents, coefficients] = [0, 0];
    const draws = 50;
    for (let seed = 1; seed <= draws; seed++) {
      const fit = fitPowerLaw(learned(gravity, seed));
      expect(fit.exponentDeviation).toBeLessThan(0.02);
      exponents += ((fit.exponent + 2) / fit.exponentDeviation) ** 2 / draws;
      coefficients += ((fit.coefficient - 1) / fit.coefficientDeviation) ** 2 / draws;
    }
    for (const square of [exponents, coefficients]) {
      expect(Math.sqrt(square)).toBeGreaterThan(0.8);
      expect(Math.sqrt(square)).toBeLessThan(1.2);
    }
  });

  it("is the same after the model was written and read", () => {
    const model = learned(gravity);
    const read = decodeModel(encodeModel(model), { source: "test" }) as SplineModel;
    expect(fitPowerLaw(read)).toEqual(fitPowerLaw(model));
  });

  it("says how far the law departs from it", () => {
    const misfit = (truth: (r: number) => number): number =>
      fitPowerLaw(learned(truth, 1, SIGMA / 20)).misfit;
    expect(misfit(gravity)).toBeLessThan(1.5);
    expect(misfit((r) => Math.exp(-r) / r)).toBeGreaterThan(3);
  });

  it("refuses a law that pushes and pulls", () => {
    expect(() => fitPowerLaw(learned((r) => r - 1))).toThrow(
      expect.objectContaining({ code: "no-power-law" }),
    );
  });

  it("refuses a law without error bars", () => {
    const { knots, coefficients, coupling, separations, record } = learned(gravity);
    const bare = createSplineModel({ knots, coefficients, coupling, separations, record });
    expect(() => fitPowerLaw(bare)).toThrow(/without error bars/);
  });
});
