import type { EnergyNetwork } from "@mclnn/models";
import { type Cells, edgesOf, hermiteCurve } from "@mclnn/models/parts";
import { evaluateBatch } from "./network-batch.ts";

/**
 * The slopes of networks as a curve: Hermite interpolation of V' and V'' at the cell edges.
 *
 * @param weights - one network a law, one after another
 */
export function networkCurve(
  network: EnergyNetwork,
  weights: Float64Array,
  cells: Cells,
): Float64Array {
  const curve = new Float64Array(4 * cells.count);
  for (let law = 0; law < cells.blocks; law++) {
    const own = weights.subarray(law * network.size, (law + 1) * network.size);
    const edges = edgesOf(cells, law);
    const values = new Float64Array(edges.length);
    const derivatives = new Float64Array(edges.length);
    evaluateBatch(network, own, edges, null, values, derivatives);
    hermiteCurve(cells, law, values, derivatives, curve);
  }
  return curve;
}
