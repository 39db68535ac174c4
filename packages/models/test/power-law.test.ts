import { addPositionNoise, experimentByName, generateTrajectories } from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { beforeAll, describe, expect, it } from "vitest";
import { train } from "../../learning/src/index.ts";
import {
  createSplineModel,
  decodeModel,
  encodeModel,
  fitPowerLaw,
  type SplineModel,
} from "../src/index.ts";

describe("the power law nearest to a learned law", { timeout: 60_000 }, () => {
  const learn = async (name: string, sigma: number, seed: number): Promise<SplineModel> => {
    const { masses, dimension, trainStart, pair } = experimentByName(name);
    const system = createSystem({ masses, dimension, potential: pairwise(pair) });
    const set = generateTrajectories({ system, start: trainStart, trajectories: 40 });
    const noisy = addPositionNoise({ ...set, provenance: {} }, { sigma, seed });
    return (await train(noisy, { model: "spline" })).model;
  };
  let models: SplineModel[];
  beforeAll(async () => {
    models = [];
    for (let seed = 1; seed <= 5; seed++) models.push(await learn("gravity", 1e-3, seed));
  }, 60_000);

  it("of noisy gravity: exponent and constant within three standard deviations, most within one and a half", () => {
    const distances = models.flatMap((model) => {
      const fit = fitPowerLaw(model);
      expect(fit.exponentDeviation).toBeLessThan(0.02);
      return [
        Math.abs(fit.exponent + 2) / fit.exponentDeviation,
        Math.abs(fit.coefficient - 1) / fit.coefficientDeviation,
      ];
    });
    expect(Math.max(...distances)).toBeLessThan(3.5);
    expect(distances.filter((x) => x < 1.5).length).toBeGreaterThan(distances.length / 2);
  });

  it("is the same after the model was written and read", () => {
    const model = models[0] as SplineModel;
    const read = decodeModel(encodeModel(model), { source: "test" }) as SplineModel;
    expect(fitPowerLaw(read)).toEqual(fitPowerLaw(model));
  });

  it("says how far the law departs from it", async () => {
    const model = await learn("linear-spring", 1e-4, 1);
    // A spring with a rest length pushes and pulls.
    try {
      expect(fitPowerLaw(model).misfit).toBeGreaterThan(3);
    } catch (error) {
      expect(error).toMatchObject({ code: "no-power-law" });
    }
  });

  it("refuses a law without error bars", () => {
    const model = models[0] as SplineModel;
    const { knots, coefficients, coupling, separations, record } = model;
    const bare = createSplineModel({ knots, coefficients, coupling, separations, record });
    expect(() => fitPowerLaw(bare)).toThrow(/without error bars/);
  });
});
