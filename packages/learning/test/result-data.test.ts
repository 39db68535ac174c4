import {
  addPositionNoise,
  dropVelocities,
  experimentByName,
  generateTrajectories,
} from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { encodeModel, type SplineModel } from "../../models/src/index.ts";
import { type InterimLaw, resultFromData, resultToData, train } from "../src/index.ts";

const { pair, masses, dimension, trainStart } = experimentByName("linear-spring");
const system = createSystem({ masses, dimension, potential: pairwise(pair) });
const set = generateTrajectories({ system, start: trainStart, trajectories: 20 });
const noisy = dropVelocities(addPositionNoise(set, { sigma: 1e-3, seed: 1 }));

describe("a result as plain data", () => {
  it.each([
    ["mclnn", set],
    ["spline", noisy],
  ] as const)("of %s crosses a worker and comes back whole", async (model, data) => {
    const result = await train(data, { model });
    const back = resultFromData<typeof result.model>(structuredClone(resultToData(result)));
    expect(encodeModel(back.model)).toEqual(encodeModel(result.model));
    expect(back.model.pair.slope(1.2)).toBe(result.model.pair.slope(1.2));
    const { model: _, ...rest } = result;
    expect(back).toMatchObject(rest);
    // It is where another training may begin.
    const again = await train(data, { model: "spline", after: back });
    expect(again.trainLoss).toBeLessThan(1.1 * result.trainLoss + 1e-12);
  });
});

describe("laws on the way", () => {
  it("are told of before the training ends, and are laws already", async () => {
    const laws: InterimLaw[] = [];
    let ended = false;
    const result = train(noisy, {
      model: "spline",
      onLaw: (law) => {
        expect(ended).toBe(false);
        laws.push(law);
      },
    });
    await result;
    ended = true;
    expect(laws.length).toBeGreaterThan(0);
    for (const { model, loss } of laws) {
      expect(loss).toBeLessThan(1e-4);
      expect((model as SplineModel).pair.slope(1.3)).toBeCloseTo(pair.slope(1.3), 1);
    }
  });
});
