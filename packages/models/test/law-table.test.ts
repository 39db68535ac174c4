import { createRandom, experimentByName, generateTrajectories } from "@mclnn/datasets";
import { rollout } from "@mclnn/integrators";
import { createSystem, type PairPotential, pairwise } from "@mclnn/physics";
import { beforeAll, describe, expect, it } from "vitest";
import { train } from "../../learning/src/index.ts";
import { initialWeights } from "../../learning/src/network/initial-weights.ts";
import { buildBasis } from "../../learning/src/splines/knots.ts";
import type { MclnnModel } from "../src/index.ts";
import { tabulateLaw } from "../src/laws/law-table.ts";
import { createMclnnModel } from "../src/laws/mclnn.ts";

async function learned(name: string): Promise<MclnnModel> {
  const { pair, masses, trainStart } = experimentByName(name);
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  const data = generateTrajectories({ system, start: trainStart, trajectories: 40 });
  return (await train(data, {})).model;
}

/** A network spread over separations from 0.5 to 2, as training begins with. */
function network(seed: number, hidden: readonly number[]): MclnnModel {
  const random = createRandom(seed);
  const separations = Float64Array.from({ length: 500 }, (_, k) => 0.5 + 0.003 * k);
  const weights = initialWeights(hidden, buildBasis([separations], { cells: 36 }), random);
  return createMclnnModel({
    hidden,
    weights: weights.map((w) => w + 0.01 * random.normal()),
    coupling: "mass-product",
    separations: {
      ranges: [[0.5, 2]],
      edges: Float64Array.of(0.5, 2),
      counts: Float64Array.of(500),
    },
    record: { system: null } as never,
  });
}

const grid = (to: number, n = 2000): number[] =>
  Array.from({ length: n }, (_, k) => ((k + 0.5) * to) / n);

describe.each(["linear-spring", "quartic-spring", "gravity"])("table of a law of %s", (name) => {
  let law: MclnnModel;
  beforeAll(async () => {
    law = await learned(name);
  });

  it("V' within 1e-9 of the network's, relative to the largest seen, from 0 to far beyond the data", () => {
    const { table, pair, separations } = law;
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

  it("V' is the derivative of V, V'' that of V', to 1e-6; V agrees with the network's where V is 0", () => {
    const { table, pair, separations } = law;
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

  it("a run by table stays within 1e-6 of one by the network over 20 time units", () => {
    const { masses, testStart } = experimentByName(name);
    const { potential, pair } = law;
    const run = (by: typeof potential) =>
      rollout(createSystem({ masses, dimension: 3, potential: by }), testStart, { records: 201 });
    const [table, direct] = [run(potential), run(pairwise(pair))];
    const apart = table.positions.map((x, k) => Math.abs(x - (direct.positions[k] as number)));
    expect(Math.max(...apart)).toBeLessThan(1e-6);
    expect(Math.max(...apart)).toBeGreaterThan(0);
  });
});

describe("a table of a network that never was trained", () => {
  it.each([[[10, 10]], [[32, 32]], [[6, 5, 4]]])(
    "hidden %j: V' and V within 1e-9 of the largest V' at random separations; beyond it the network itself",
    (hidden) => {
      for (let seed = 0; seed < 2; seed++) {
        const { pair, table } = network(seed, hidden);
        expect(table.coupling).toBe("mass-product");
        const random = createRandom(seed);
        const rs = Array.from({ length: 3000 }, () => 8 * random.uniform());
        const largest = Math.max(
          ...rs.filter((r) => r > 0.5 && r < 2).map((r) => Math.abs(pair.slope(r))),
        );
        for (const r of rs) {
          expect(Math.abs(table.slope(r) - pair.slope(r))).toBeLessThan(1e-9 * largest);
          expect(Math.abs(table.energy(r) - pair.energy(r))).toBeLessThan(1e-9 * largest);
        }
        for (const r of [table.reach, 100]) {
          expect(table.slope(r)).toBe(pair.slope(r));
          expect(table.energy(r)).toBe(pair.energy(r));
        }
      }
    },
  );
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
