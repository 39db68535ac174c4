import type { Random } from "@mclnn/datasets";
import { networkLayout } from "@mclnn/models";
import type { SplineBasis } from "@mclnn/models/parts";

/** Reach of a unit at a kink, as a share of the law's range. */
const SHARP = 0.003;
/** Knots that are closer than this share of the range are there to let V'' jump. */
const COINCIDENT = 1e-4;

/**
 * Weights to start a distillation from: first-layer kinks spread over the knots, as wide as the separations around them vary;
 * further layers as Glorot & Bengio (2010); output weights are found by least squares afterwards.
 *
 * @returns flat weights of a network [1, ...hidden, 1]
 */
export function initialWeights(
  hidden: readonly number[],
  basis: SplineBasis,
  random: Random,
): Float64Array {
  const layout = networkLayout([1, ...hidden, 1]);
  const last = layout[layout.length - 1];
  const weights = new Float64Array(last.offset + last.length);
  const uniform = (): number => 2 * random.uniform() - 1;
  for (let l = 1; l <= hidden.length; l++) {
    const slice = layout[2 * l];
    const [outputs, inputs] = slice.shape as [number, number];
    const limit = Math.sqrt(6 / (inputs + outputs));
    for (let k = 0; k < slice.length; k++) weights[slice.offset + k] = limit * uniform();
  }
  const width = hidden[0];
  const knots = basis.clusters.flatMap((cluster) => [...cluster.knots]);
  for (let j = 0; j < width; j++) {
    const centre =
      knots[
        Math.min(knots.length - 1, Math.floor(((j + random.uniform()) / width) * knots.length))
      ];
    const cluster =
      basis.clusters.find((c) => centre <= c.knots[c.knots.length - 1]) ??
      basis.clusters[basis.clusters.length - 1];
    const length = cluster.knots[cluster.knots.length - 1] - cluster.knots[0];
    const reach = Math.max(0.35 * centre, 0.25 * length);
    const sign = random.uniform() < 0.5 ? -1 : 1;
    const weight = (sign * (1 + 1.5 * random.uniform())) / reach;
    weights[j] = weight;
    weights[width + j] = -weight * centre;
  }
  // Units bend over a reach; where a law has a kink, one of them bends there and then.
  const kinks = kinksOf(basis).slice(0, Math.floor(width / 2));
  kinks.forEach(({ at, length }, k) => {
    const j = Math.floor(((k + 0.5) * width) / kinks.length);
    weights[j] = 1 / (SHARP * length);
    weights[width + j] = -at / (SHARP * length);
  });
  return weights;
}

function kinksOf({ clusters }: SplineBasis): { at: number; length: number }[] {
  return clusters.flatMap(({ knots }) => {
    const length = knots[knots.length - 1] - knots[0];
    const at = [...knots].filter((r, k) => {
      const [before, after] = [knots[k - 1], knots[k + 1]];
      return (
        before !== undefined &&
        after !== undefined &&
        r - before < COINCIDENT * length &&
        after - r < COINCIDENT * length
      );
    });
    return at.map((r) => ({ at: r, length }));
  });
}

/** Weights as Glorot & Bengio (2010), biases 0: where Adam and L-BFGS start. */
export function glorotWeights(hidden: readonly number[], random: Random): Float64Array {
  const layout = networkLayout([1, ...hidden, 1]);
  const last = layout[layout.length - 1];
  const weights = new Float64Array(last.offset + last.length);
  for (const { shape, offset, length } of layout) {
    const [outputs, inputs] = shape;
    if (inputs === undefined) continue;
    const limit = Math.sqrt(6 / (inputs + (outputs as number)));
    for (let k = 0; k < length; k++) weights[offset + k] = limit * (2 * random.uniform() - 1);
  }
  return weights;
}
