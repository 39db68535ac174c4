import { createRandom } from "@mclnn/datasets";
import { evaluateBatch } from "@mclnn/learning/parts";
import { EnergyNetwork } from "@mclnn/models";
import { glorotWeights } from "./engine.ts";

/** V and V' of a pair network at many separations. */
export interface NetworkProblem {
  readonly hidden: readonly number[];
  readonly network: EnergyNetwork;
  readonly weights: Float64Array;
  /** [points] */
  readonly separations: Float64Array;
  /** V and V', one after the other. [2 x points] */
  evaluate(): Float64Array;
}

/** A 1-32-32-1 network with Glorot weights and random biases, at separations from 0.5 to 3. */
export function networkProblem(points: number): NetworkProblem {
  const hidden = [32, 32];
  const random = createRandom(7);
  const network = new EnergyNetwork(hidden);
  // Glorot's biases are 0, which would make half of the additions trivial.
  const weights = glorotWeights(hidden, random).map((w) => w + 0.1 * random.normal());
  const separations = Float64Array.from({ length: points }, () => 0.5 + 2.5 * random.uniform());
  const out = new Float64Array(2 * points);
  const energies = out.subarray(0, points);
  const slopes = out.subarray(points);
  return {
    hidden,
    network,
    weights,
    separations,
    evaluate() {
      evaluateBatch(network, weights, separations, energies, slopes);
      return out;
    },
  };
}
