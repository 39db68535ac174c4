import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { EnergyNetwork } from "../../../models/src/networks/energy-network.ts";
import { distil } from "../../src/network/distil.ts";
import { accumulateBatch, evaluateBatch } from "../../src/network/network-batch.ts";
import { byBoth, differences, INPUTS, SPECIAL } from "./bits.ts";

const WIDTHS: readonly (readonly number[])[] = [[10, 10], [1], [3], [7, 5, 4], [9, 1], [32, 32]];
const SIZES = [0, 1, 2, 3, 7, 8, 9, 1000];

/** Everything that the batched network gives at some separations, as one row of numbers. */
function everything(
  network: EnergyNetwork,
  weights: Float64Array,
  separations: Float64Array,
  factors: Float64Array,
): number[] {
  const rows = Array.from({ length: 4 }, () => new Float64Array(separations.length));
  const [energies, slopes, curvatures, alone] = rows as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  evaluateBatch(network, weights, separations, energies, slopes, curvatures);
  evaluateBatch(network, weights, separations, null, alone);
  const gradient = new Float64Array(network.size).fill(0.5);
  accumulateBatch(network, weights, separations, factors, slopes, gradient);
  return [...rows.flatMap((row) => [...row]), ...gradient];
}

describe("network kernels give the bits of plain TypeScript", () => {
  it.each(WIDTHS.map((hidden) => [hidden] as const))(
    "hidden %j: values, slopes, curvatures, gradients at 0 to 1000 separations",
    (hidden) => {
      const random = createRandom(hidden.length);
      const network = new EnergyNetwork(hidden);
      const weights = Float64Array.from({ length: network.size }, random.normal);
      for (const size of SIZES) {
        const separations = Float64Array.from({ length: size }, () => 3 * random.uniform());
        const factors = separations.map(random.normal);
        const call = () => everything(network, weights, separations, factors);
        if (size === 0) {
          expect(call()).toEqual(Array(network.size).fill(0.5));
          continue;
        }
        const { kernel, reference, work } = byBoth(call);
        expect(differences(kernel, reference)).toBe(0);
        expect(work).toMatchObject({ networkPoints: 2 * size, networkGradients: size });
      }
    },
  );

  it("of values alone, and of gradients alone", () => {
    const random = createRandom(4);
    const network = new EnergyNetwork([5]);
    const weights = Float64Array.from({ length: network.size }, random.normal);
    const [r, a, b] = [0, 1, 2].map(() => Float64Array.from({ length: 9 }, random.normal)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const calls = [
      (out: Float64Array) => evaluateBatch(network, weights, r, null, out),
      (out: Float64Array) => accumulateBatch(network, weights, r, a, b, out),
    ];
    for (const call of calls) {
      const { kernel, reference } = byBoth(() => {
        const out = new Float64Array(network.size);
        call(out);
        return out;
      });
      expect(kernel.some((x) => x !== 0)).toBe(true);
      expect(differences(kernel, reference)).toBe(0);
    }
  });

  it(`at ${INPUTS} separations and factors, every hundredth weight and separation a special number`, () => {
    const random = createRandom(3);
    const network = new EnergyNetwork([10, 10]);
    const perCall = 2_500;
    for (let first = 0; first < INPUTS; first += perCall) {
      const odd = (): number =>
        random.uniform() < 0.01 && first > 0
          ? (SPECIAL[Math.floor(random.uniform() * SPECIAL.length)] as number)
          : random.normal();
      const weights = Float64Array.from({ length: network.size }, odd);
      const separations = Float64Array.from({ length: perCall }, odd);
      const factors = Float64Array.from({ length: perCall }, odd);
      const { kernel, reference } = byBoth(() =>
        everything(network, weights, separations, factors),
      );
      expect(differences(kernel, reference)).toBe(0);
    }
  });
});

describe("the distillation kernel gives the bits of plain TypeScript", () => {
  it.each(WIDTHS.map((hidden) => [hidden] as const))(
    "hidden %j: every iteration's excess, and the weights, for 1 to 42 points",
    (hidden) => {
      for (const m of [1, 2, 3, 7, 8, 9, 42]) {
        const random = createRandom(m);
        const network = new EnergyNetwork(hidden);
        const start = Float64Array.from({ length: network.size }, random.normal);
        const points = Float64Array.from({ length: m }, (_, k) => 0.5 + 0.1 * k);
        const root = Float64Array.from({ length: m * m }, () => 0.1 * random.normal());
        const { kernel, reference, work } = byBoth(() => {
          const weights = start.slice();
          const excesses: number[] = [];
          const metric = { points, root, toValues: root, toCoefficients: root };
          for (const { excess } of distil(
            network,
            weights,
            points.map((r) => r - 1),
            metric,
            {
              goal: 1e-25,
              maxIterations: 12,
              damping: 1e-2,
              solveOutputs: true,
            },
          ))
            excesses.push(excess);
          return [...excesses, ...weights];
        });
        expect(differences(kernel, reference)).toBe(0);
        expect(work.distillations).toBeGreaterThan(0);
        expect(kernel[0]).toBeGreaterThan(0);
      }
    },
  );

  it(`at ${INPUTS} random numbers: weights, targets, metrics; and 1000 points at once`, () => {
    const network = new EnergyNetwork([10, 10]);
    for (let inputs = 0, seed = 0; inputs < INPUTS; seed++) {
      const random = createRandom(seed);
      const m = seed === 0 ? 1000 : 1 + random.integer(42);
      const start = Float64Array.from({ length: network.size }, random.normal);
      const points = Float64Array.from({ length: m }, () => 3 * random.uniform());
      const target = points.map(random.normal);
      // Of 1000 points each sees a few others, or a test would take minutes.
      const root = Float64Array.from({ length: m * m }, (_, k) =>
        m < 1000 || Math.abs((k % m) - Math.floor(k / m)) < 3 ? random.normal() : 0,
      );
      const { kernel, reference } = byBoth(() => {
        const weights = start.slice();
        const metric = { points, root, toValues: root, toCoefficients: root };
        const settings = { goal: 1e-25, damping: 1e-2, solveOutputs: true };
        const most = { ...settings, maxIterations: m === 1000 ? 1 : 2 };
        const steps = [...distil(network, weights, target, metric, most)];
        return [...steps.map(({ excess }) => excess), ...weights];
      });
      expect(differences(kernel, reference)).toBe(0);
      // Of the large one the points are counted, its metric being nearly empty.
      inputs += start.length + 2 * m + (m < 1000 ? m * m : 0);
    }
  });

  it("with special numbers among weights, target and metric", () => {
    const random = createRandom(5);
    const network = new EnergyNetwork([10, 10]);
    const m = 12;
    for (let trial = 0; trial < 200; trial++) {
      const start = Float64Array.from({ length: network.size }, random.normal);
      const target = Float64Array.from({ length: m }, random.normal);
      const root = Float64Array.from({ length: m * m }, random.normal);
      const array = [start, target, root][trial % 3] as Float64Array;
      array[Math.floor(random.uniform() * array.length)] = SPECIAL[
        Math.floor(random.uniform() * SPECIAL.length)
      ] as number;
      const points = target.map((_, k) => 0.5 + 0.1 * k);
      const call = (): number[] => {
        const weights = start.slice();
        const metric = { points, root, toValues: root, toCoefficients: root };
        const steps = distil(network, weights, target, metric, {
          goal: 1e-25,
          maxIterations: 3,
          damping: 1e-2,
          solveOutputs: false,
        });
        return [...[...steps].map(({ excess }) => excess), ...weights];
      };
      // A metric that is not finite leaves nothing to iterate for; then no kernel has work.
      if (call().length === network.size) continue;
      const { kernel, reference } = byBoth(call);
      expect(differences(kernel, reference)).toBe(0);
    }
  });
});
