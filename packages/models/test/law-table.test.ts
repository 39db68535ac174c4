import { experimentByName, generateTrajectories } from "@mclnn/datasets";
import { rollout } from "@mclnn/integrators";
import { createSystem, type PairPotential, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { type MclnnModel, train } from "../src/index.ts";
import { tabulateLaw } from "../src/laws/law-table.ts";

async function learned(name: string): Promise<MclnnModel> {
  const { pair, masses, trainStart } = experimentByName(name);
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  const data = generateTrajectories({ system, start: trainStart, trajectories: 40 });
  return (await train(data, {})).model;
}

const grid = (to: number, n = 2000): number[] =>
  Array.from({ length: n }, (_, k) => ((k + 0.5) * to) / n);

describe.each(["linear-spring", "quartic-spring", "gravity"])("table of a law of %s", (name) => {
  it("V' within 1e-9 of the network's, relative to the largest seen, from 0 to far beyond the data", async () => {
    const { table, pair, separations } = await learned(name);
    const seen = separations.ranges.flatMap(([from, to]) =>
      grid(to - from, 300).map((r) => from + r),
    );
    const scale = Math.max(...seen.map((r) => Math.abs(pair.slope(r))));
    expect(table.slopeError()).toBeLessThan(1e-9);
    expect(table.slopeError()).toBeGreaterThan(0);
    for (const r of [...seen, ...grid(table.reach)])
      expect(Math.abs(table.slope(r) - pair.slope(r))).toBeLessThan(1e-9 * scale);
    expect(table.reach).toBeGreaterThan(4 * (separations.ranges.at(-1)?.[1] as number));
  });

  it("V' is the derivative of V, V'' that of V', to 1e-6; V agrees with the network's where V is 0", async () => {
    const { table, pair, separations } = await learned(name);
    const h = 1e-4;
    const derivative = (f: (r: number) => number, r: number): number =>
      (f(r - 2 * h) - 8 * f(r - h) + 8 * f(r + h) - f(r + 2 * h)) / (12 * h);
    const curvature = table.curvature as (r: number) => number;
    for (const r of grid(table.reach / 4, 200).map((x) => x + 0.1)) {
      const bound = 1e-6 * Math.max(1, Math.abs(table.energy(r)));
      expect(Math.abs(derivative((x) => table.energy(x), r) - table.slope(r))).toBeLessThan(bound);
      expect(Math.abs(derivative((x) => table.slope(x), r) - curvature(r))).toBeLessThan(bound);
    }
    const largest = separations.ranges.at(-1)?.[1] as number;
    expect(Math.abs(table.energy(largest) - pair.energy(largest))).toBeLessThan(1e-12);
  });

  it("a run by table stays within 1e-6 of one by the network over 20 time units", async () => {
    const { masses, testStart } = experimentByName(name);
    const { potential, pair } = await learned(name);
    const run = (by: typeof potential) =>
      rollout(createSystem({ masses, dimension: 3, potential: by }), testStart, { records: 201 });
    const [table, direct] = [run(potential), run(pairwise(pair))];
    const apart = table.positions.map((x, k) => Math.abs(x - (direct.positions[k] as number)));
    expect(Math.max(...apart)).toBeLessThan(1e-6);
    expect(Math.max(...apart)).toBeGreaterThan(0);
  });
});

describe("a table", () => {
  const asked: number[] = [];
  const law: PairPotential & { curvature(r: number): number } = {
    name: "cubic",
    coupling: "mass-product",
    energy: (r) => r ** 3,
    slope: (r) => {
      asked.push(r);
      return 3 * r * r;
    },
    curvature: (r) => 6 * r,
  };

  it("is made when it is first asked, and then stands for the law within reach alone", () => {
    const table = tabulateLaw(law, [[1, 2]]);
    expect(asked).toEqual([]);
    expect(table.coupling).toBe("mass-product");
    expect(table.slope(1.5)).toBeCloseTo(6.75, 12);
    const before = asked.length;
    expect(before).toBeGreaterThan(0);
    for (const r of [0, 1e-3, 1.7, 15.9]) {
      expect(table.slope(r)).toBeCloseTo(3 * r * r, 9);
      expect(table.energy(r)).toBeCloseTo(r ** 3, 9);
    }
    expect(asked).toHaveLength(before);
    for (const r of [table.reach, 100]) {
      expect(table.slope(r)).toBe(3 * r * r);
      expect(table.energy(r)).toBe(r ** 3);
    }
    expect(asked).toHaveLength(before + 2);
    expect(table.slope(Number.NaN)).toBeNaN();
    // What is a cubic is exact.
    expect(table.slopeError()).toBeLessThan(1e-14);
  });
});
