import {
  addPositionNoise,
  dropObservations,
  dropVelocities,
  experimentByName,
  generateTrajectories,
  shortenTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { solveWithPrior } from "../src/fit/least-squares.ts";
import { train } from "../src/index.ts";
import type { NormalEquations } from "../src/rollout/normal-equations.ts";

function data(name: string, records: number, trajectories = 2): TrajectorySet {
  const { pair, masses, dimension, trainStart } = experimentByName(name);
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  return generateTrajectories({ system, start: trainStart, trajectories, records });
}

describe("long trajectories with exact start states", { timeout: 60_000 }, () => {
  it.each([
    // Differences grow e-fold in 8 time units; these are 200.
    ["quartic-spring", 2000, "spline", 1e-7, [{ kind: "long-trajectories" }]],
    ["quartic-spring", 2000, "mclnn", 5e-3, [{ kind: "long-trajectories" }]],
    ["linear-spring", 2000, "spline", 1e-9, [{ kind: "long-trajectories" }]],
  ] as const)(
    "%s, %i records, %s: V' within %f from r = 0.85 to 1.75, the target reached",
    async (name, records, model, bound, findings) => {
      const { pair } = experimentByName(name);
      const result = await train(data(name, records), { model });
      expect(result).toMatchObject({ startStates: "exact", reachedTarget: true, findings });
      for (let r = 0.85; r < 1.75; r += 0.05)
        expect(Math.abs(result.model.pair.slope(r) - pair.slope(r))).toBeLessThan(bound);
    },
  );

  it("sensitivities that have grown to 1e160 give no step, rather than none in finite time", () => {
    const equations = {
      metric: Float64Array.of(1e305, 0, 0, 1),
      gradient: Float64Array.of(1e150, 1),
    } as unknown as NormalEquations;
    const prior = Float64Array.of(1, 0, 0, 1);
    expect(solveWithPrior(equations, prior, 1e-10, null)).toBeNull();
  });
});

describe("trajectories that are cut into segments", { timeout: 60_000 }, () => {
  it("3 chaotic trajectories of 250 records, noise of 1e-3: V' within 2e-3 and its error bars, the noise within 5 %", async () => {
    const sigma = 1e-3;
    const set = addPositionNoise(dropVelocities(data("quartic-spring", 250, 3)), {
      sigma,
      seed: 3,
    });
    const { pair } = experimentByName("quartic-spring");
    const { model, noise, findings, startStates } = await train(set, { model: "spline" });
    expect(startStates).toBe("unknown");
    expect(findings.filter(({ kind }) => kind !== "long-trajectories")).toEqual([]);
    expect(Math.abs((noise ?? 0) / sigma - 1)).toBeLessThan(0.05);
    for (let r = 0.85; r < 1.75; r += 0.05) {
      const error = Math.abs(model.pair.slope(r) - pair.slope(r));
      expect(error).toBeLessThan(2e-3);
      expect(error).toBeLessThan(4 * (model.slopeDeviation?.(r) ?? 0));
    }
  });

  it("missing and ended records: what does not tell where it starts is left out, V' within 1e-3", async () => {
    const whole = data("gravity", 20, 20);
    const set = dropObservations(shortenTrajectories(whole, { shortest: 5, seed: 100 }), {
      share: 0.1,
      seed: 100,
    });
    const { pair } = experimentByName("gravity");
    const { model } = await train(set, { model: "spline" });
    for (let r = 0.7; r < 1.9; r += 0.1)
      expect(Math.abs(model.pair.slope(r) - pair.slope(r))).toBeLessThan(1e-3);
  });
});
