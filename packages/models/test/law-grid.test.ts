import { experimentByName, generateTrajectories } from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { beforeAll, describe, expect, it } from "vitest";
import { train } from "../../learning/src/index.ts";
import { lawOnGrid, type SplineModel } from "../src/index.ts";

describe("a law on a grid", { timeout: 60_000 }, () => {
  let model: SplineModel;
  beforeAll(async () => {
    const { masses, dimension, trainStart, pair } = experimentByName("gravity");
    const system = createSystem({ masses, dimension, potential: pairwise(pair) });
    const noise = { noise: 1e-3, seed: 1 };
    const set = generateTrajectories({ system, start: trainStart, trajectories: 20, ...noise });
    model = (await train(set, { model: "spline" })).model;
  }, 60_000);

  it("has V, V', their standard deviations and all of the data, from the nearest to the farthest separation", () => {
    const { edges } = model.separations;
    const { r, energy, slope, slopeSd, energySd, dataShare } = lawOnGrid(model, { points: 50 });
    expect([r.length, r[0], r[49]]).toEqual([50, edges[0], edges.at(-1)]);
    expect(Array.from(slope)).toEqual(Array.from(r, (x) => model.pair.slope(x)));
    expect(Array.from(energy)).toEqual(Array.from(r, (x) => model.pair.energy(x)));
    expect(Array.from(slopeSd)).toEqual(Array.from(r, (x) => model.slopeDeviation?.(x)));
    expect(Array.from(energySd ?? [])).toEqual(Array.from(r, (x) => model.energyDeviation?.(x)));
    expect(dataShare.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    expect(lawOnGrid(model).r).toHaveLength(200);
  });

  it("shares the data among the rows that are asked for, and says where there are no bars", () => {
    const [from, to] = [
      model.separations.edges[0] as number,
      model.separations.edges.at(-1) as number,
    ];
    const part = lawOnGrid(model, { from: from / 2, to: (from + to) / 2, points: 20 });
    const whole = part.dataShare.reduce((sum, share) => sum + share);
    expect(whole).toBeGreaterThan(0);
    expect(whole).toBeLessThan(1);
    expect(part.dataShare[0]).toBe(0);
    const { slopeDeviation: _, energyDeviation: __, ...bare } = model;
    const without = lawOnGrid(bare, { points: 3 });
    expect(Array.from(without.slopeSd)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(without.energySd).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ["an empty range", { from: 2, to: 1 }, "bad-range"],
    ["one point", { points: 1 }, "bad-range"],
    ["half a point", { points: 2.5 }, "bad-option"],
  ])("refuses %s", (_name, options, code) => {
    expect(() => lawOnGrid(model, options)).toThrowError(expect.objectContaining({ code }));
  });

  it("refuses a law that has seen nothing, unless it is told where to look", () => {
    const edges = new Float64Array(0);
    const blind = { ...model, separations: { ranges: [], edges, counts: edges } };
    expect(() => lawOnGrid(blind)).toThrow(/give from and to/);
    expect(Array.from(lawOnGrid(blind, { from: 1, to: 2, points: 2 }).dataShare)).toEqual([0, 0]);
  });
});
