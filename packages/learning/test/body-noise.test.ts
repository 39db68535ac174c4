import { createRandom, experimentByName, generateTrajectories } from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { weighedByNoise } from "../src/fit/body-noise.ts";
import { train } from "../src/index.ts";
import { createTrainingData } from "../src/records/training-data.ts";

const { masses, dimension, trainStart, pair } = experimentByName("linear-spring");
const system = createSystem({ masses, dimension, potential: pairwise(pair) });
const clean = generateTrajectories({ system, start: trainStart, trajectories: 20 });

describe("bodies whose noise differs", { timeout: 60_000 }, () => {
  const sigmas = [1e-3, 1e-2, 1e-4];
  const random = createRandom(4);
  const { velocities: _, ...rest } = clean;
  const set = {
    ...rest,
    provenance: {},
    positions: clean.positions.map(
      (x, k) => x + (sigmas[Math.floor(k / dimension) % 3] as number) * random.normal(),
    ),
  };

  it("are weighed by it: each one's noise within 25 %, V' within 2e-3", async () => {
    const { bodyNoise, model, findings, trainLoss } = await train(set, {
      model: "spline",
      substeps: 10,
    });
    expect(findings).toEqual([]);
    bodyNoise?.forEach((sigma, i) => {
      expect(Math.abs(sigma / (sigmas[i] as number) - 1)).toBeLessThan(0.25);
    });
    expect(bodyNoise).toHaveLength(3);
    const mean = sigmas.reduce((sum, sigma) => sum + sigma ** 2, 0) / 3;
    expect(trainLoss / mean).toBeGreaterThan(0.7);
    expect(trainLoss / mean).toBeLessThan(1.1);
    for (const r of [1, 1.3, 1.6])
      expect(Math.abs(model.pair.slope(r) - pair.slope(r))).toBeLessThan(2e-3);
  });
});

describe("weights by noise", () => {
  const data = createTrainingData(clean, { coupling: "none" });

  it("leave alike bodies alone, and settle", () => {
    expect(weighedByNoise(data, Float64Array.of(1, 4, 8))).toBe(data);
    const variances = Float64Array.of(1, 100, 4);
    const weighed = weighedByNoise(data, variances);
    expect(weighed.bodyWeights?.map((w, i) => w * Math.sqrt(variances[i] as number))).toEqual(
      new Float64Array(3).fill(Math.sqrt(35)),
    );
    expect(weighedByNoise(weighed, variances)).toBe(weighed);
  });
});
