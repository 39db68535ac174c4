import { basisValues, type SplineBasis } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { choleskyFactor, diagonalMean, inverse } from "../algebra/linear-algebra.ts";
import { collocationPoints } from "../splines/knots.ts";

/**
 * The metric of the rollout loss on values of V' at collocation points: the excess loss of a function f over the target is
 * |root (f - target)|^2, so that fitting a network is a regression in one dimension.
 */
export interface ValueMetric {
  /** Greville abscissae of the basis. [size] */
  readonly points: Float64Array;
  /** Upper triangular root of the metric. [size x size] */
  readonly root: Float64Array;
  /** Spline values at the points from coefficients, and back. [size x size] */
  readonly toValues: Float64Array;
  readonly toCoefficients: Float64Array;
}

/** Collocation matrices of a basis: they depend on its knots alone. */
export interface Collocation {
  readonly points: Float64Array;
  readonly toValues: Float64Array;
  readonly toCoefficients: Float64Array;
}

export function collocation(basis: SplineBasis): Collocation {
  const { size, clusters } = basis;
  const points = collocationPoints(basis);
  // The last Greville point lies on the last knot, which belongs to the cell beyond it; both cells give the same value.
  const toValues = new Float64Array(size * size);
  for (const cluster of clusters)
    for (let i = cluster.first; i < cluster.first + cluster.size; i++) {
      const end = cluster.knots[cluster.knots.length - 1];
      const r = Math.min(points[i], end - 1e-12 * end);
      toValues.set(basisValues(basis, cluster.law, r), i * size);
    }
  const toCoefficients = inverse(toValues, size);
  if (toCoefficients === null)
    throw new MclnnError("the spline basis is degenerate", {
      code: "degenerate-basis",
      argument: "knots",
      expected: "distinct knots",
      got: `${size} coefficients that collocation cannot tell apart`,
      kind: "failure",
    });
  return { points, toValues, toCoefficients };
}

/**
 * Metric on values at the collocation points, as its triangular root.
 *
 * @param fisher - J'J on coefficients. [size x size]
 * @param residuals - number of residuals in the mean of the loss
 * @param ridge - added to the diagonal, relative to its mean: keeps the network near the target where no data are
 */
export function valueMetric(
  { points, toValues, toCoefficients }: Collocation,
  fisher: Float64Array,
  residuals: number,
  ridge: number,
): ValueMetric {
  const size = points.length;
  const lower = fisher.slice();
  let added = ridge * diagonalMean(fisher, size);
  for (;;) {
    for (let i = 0; i < size; i++) lower[i * size + i] = fisher[i * size + i] + added;
    if (choleskyFactor(lower, size)) break;
    // Nothing times 30 stays nothing.
    if (!(added > 0 && added <= 1e6 * diagonalMean(fisher, size) && Number.isFinite(added)))
      throw new MclnnError("the rollout metric is not positive definite", {
        code: "bad-metric",
        argument: "data",
        expected: "finite sensitivities",
        got: `a metric of mean ${diagonalMean(fisher, size)}`,
        kind: "failure",
      });
    lower.set(fisher);
    added *= 30;
  }
  const root = new Float64Array(size * size);
  const scale = 1 / Math.sqrt(residuals);
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) {
      const l = lower[j * size + i] * scale;
      for (let k = 0; k < size; k++)
        root[i * size + k] = root[i * size + k] + l * toCoefficients[j * size + k];
    }
  return { points, root, toValues, toCoefficients };
}
