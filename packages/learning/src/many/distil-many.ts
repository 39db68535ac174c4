import { createRandom } from "@mclnn/datasets";
import { EnergyNetwork } from "@mclnn/models";
import { matrixVector } from "../algebra/linear-algebra.ts";
import { beginDistil, distil } from "../network/distil.ts";
import { networkCurve } from "../network/network-curve.ts";
import { firstWeights } from "../network/network-fit.ts";
import { collocation, valueMetric } from "../prior/metric.ts";
import { diagonalBlock, lawBlocks } from "../splines/law-blocks.ts";
import type { ManyFit, ManyStep } from "./fit-many.ts";
import { wholeMetric } from "./sum-of-squares.ts";

/** Ridge of the metric, first as a start that sees all of the law, then as the records weigh it. */
const RIDGES = [1e-3, 1e-9];
/** Iterations in which the distance has to halve. */
const PATIENCE = 150;
/** What the seeds of starts differ by. */
const SEED_STRIDE = 1_000_003;

/** Networks that were fitted to a law, one after another. */
export interface ManyNetworks {
  readonly weights: Float64Array;
  readonly curve: Float64Array;
  readonly iterations: number;
}

/** Fits networks to the laws in the metric of their intervals; the best of some starts. */
export function* distilMany(
  fit: ManyFit,
  options: {
    readonly hidden: readonly number[];
    readonly seed: number;
    readonly starts: number;
    readonly maxIterations: number;
  },
): Generator<ManyStep, ManyNetworks> {
  const { basis } = fit.laws;
  const { hidden, seed, starts, maxIterations } = options;
  const network = new EnergyNetwork(hidden);
  const blocks = lawBlocks(basis);
  const metric = wholeMetric(fit.sums);
  const best = blocks.map(() => ({
    weights: new Float64Array(network.size),
    excess: Number.POSITIVE_INFINITY,
  }));
  let iterations = 0;
  for (let start = 0; start < starts; start++) {
    const all = firstWeights(hidden, blocks, createRandom(seed + start * SEED_STRIDE));
    for (const [law, { basis: own, first }] of blocks.entries()) {
      const points = collocation(own);
      const target = matrixVector(
        points.toValues,
        fit.coefficients.subarray(first, first + own.size),
        own.size,
      );
      const weights = all.slice(law * network.size, (law + 1) * network.size);
      let excess = Number.POSITIVE_INFINITY;
      for (const [k, ridge] of RIDGES.entries()) {
        const block = diagonalBlock(metric, fit.sums.size, first, own.size);
        const steps = distil(
          network,
          weights,
          target,
          valueMetric(points, block, fit.sums.rows / 2, ridge),
          {
            ...{ goal: fit.loss, maxIterations, patience: PATIENCE },
            ...{ damping: k === 0 ? 1e-2 : 1e-5, solveOutputs: k === 0 },
          },
          beginDistil(network.size),
        );
        let step = steps.next();
        for (; step.done !== true; step = steps.next())
          yield {
            phase: "distillation",
            iterations: iterations + step.value.iterations,
            loss: fit.loss + step.value.excess,
          };
        iterations += step.value.iterations;
        excess = step.value.excess;
      }
      if (excess < best[law].excess) best[law] = { weights, excess };
    }
  }
  const weights = new Float64Array(blocks.length * network.size);
  for (const [law, each] of best.entries()) weights.set(each.weights, law * network.size);
  return { weights, curve: networkCurve(network, weights, basis.cells), iterations };
}
