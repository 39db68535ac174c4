import { portableExp } from "@mclnn/physics/portable";
import { choleskyFactor } from "../../linear-algebra.ts";
import type { NormalEquations } from "../../rollout/sensitivity.ts";
import { diagonalBlock, type SplineBasis } from "./basis.ts";
import { bestPosterior, type Posterior, posteriorsAround } from "./evidence.ts";
import { priorsOf } from "./prior.ts";

/** Weights about the best, as powers of ten, and how far log evidence may fall for a prior to count. */
const EXPONENTS = [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2];
const WITHIN = 6;

interface Weighed {
  readonly posterior: Posterior;
  readonly evidence: number;
}

/**
 * Error bars that know that nobody told us how smooth the law is: the second moments about the law found, over all priors and weights, each as likely
 * as its evidence says (Hoeting, Madigan, Raftery, Volinsky, Statistical Science 14 (1999) 382).
 *
 * Clusters are averaged one by one; how they go together stays as the best prior has it.
 *
 * @param law - coefficients that the error bars are for. [basis.size]
 * @returns the factor of the averaged precision; that of `best` where it cannot be computed
 */
export function averagedFactor(
  best: Posterior,
  equations: NormalEquations,
  coefficients: Float64Array,
  law: Float64Array,
  basis: SplineBasis,
): Float64Array {
  const { size, clusters } = basis;
  if (equations.gradient.length !== size) return best.factor;
  const shared: Weighed[] = [];
  const own: Weighed[][] = clusters.map(() => []);
  for (const { matrix, logDeterminant } of priorsOf(basis)) {
    const posterior = bestPosterior(equations, coefficients, basis, matrix);
    if (posterior === null) continue;
    const determinant = 0.5 * logDeterminant;
    shared.push({ posterior, evidence: posterior.evidence + determinant });
    const around = { exponents: EXPONENTS, within: WITHIN };
    for (const { cluster, posterior: other } of posteriorsAround(
      posterior,
      equations,
      coefficients,
      basis,
      matrix,
      around,
    ))
      own[cluster]?.push({ posterior: other, evidence: other.evidence + determinant });
  }
  const most = shared.reduce(
    (max, { evidence }) => Math.max(max, evidence),
    Number.NEGATIVE_INFINITY,
  );
  const likely = (list: readonly Weighed[]): Weighed[] =>
    list.filter(({ evidence }) => evidence >= most - WITHIN);
  const covariances = new Map<Posterior, Float64Array | null>();
  const covarianceOf = (posterior: Posterior): Float64Array | null => {
    let covariance = covariances.get(posterior);
    if (covariance === undefined) {
      covariance = covarianceFrom(posterior, size);
      covariances.set(posterior, covariance);
    }
    return covariance;
  };
  const reference = covarianceFrom(best, size);
  if (reference === null) return best.factor;
  /** Takes deviations under the best prior to averaged ones, cluster by cluster. */
  const transform = new Float64Array(size * size);
  for (const [index, { first, size: n }] of clusters.entries()) {
    const averaged = new Float64Array(n * n);
    let total = 0;
    for (const { posterior, evidence } of likely([...shared, ...(own[index] as Weighed[])])) {
      const covariance = covarianceOf(posterior);
      if (covariance === null) continue;
      const share = portableExp(evidence - most);
      total += share;
      const away = (i: number): number =>
        (coefficients[first + i] as number) +
        (posterior.step[first + i] as number) -
        (law[first + i] as number);
      for (let i = 0; i < n; i++)
        for (let k = 0; k < n; k++)
          averaged[i * n + k] =
            (averaged[i * n + k] as number) +
            share * ((covariance[(first + i) * size + first + k] as number) + away(i) * away(k));
    }
    const before = diagonalBlock(reference, size, first, n).slice();
    for (let k = 0; k < n * n; k++) averaged[k] = (averaged[k] as number) / total;
    if (!(total > 0) || !choleskyFactor(before, n) || !choleskyFactor(averaged, n))
      return best.factor;
    const undo = lowerInverse(before, n);
    for (let i = 0; i < n; i++)
      for (let k = 0; k <= i; k++) {
        let s = 0;
        for (let j = k; j <= i; j++)
          s += (averaged[i * n + j] as number) * (undo[j * n + k] as number);
        transform[(first + i) * size + first + k] = s;
      }
  }
  const back = lowerInverse(transform, size);
  // Precision of the averaged law over the variance: back' (L L') back.
  const half = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      let s = 0;
      for (let j = Math.max(i, k); j < size; j++)
        s += (best.factor[j * size + i] as number) * (back[j * size + k] as number);
      half[i * size + k] = s;
    }
  const precision = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k <= i; k++) {
      let s = 0;
      for (let j = 0; j < size; j++)
        s += (half[j * size + i] as number) * (half[j * size + k] as number);
      precision[i * size + k] = s;
    }
  return choleskyFactor(precision, size) ? precision : best.factor;
}

function covarianceFrom({ factor, variance }: Posterior, size: number): Float64Array | null {
  const root = lowerInverse(factor, size);
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k <= i; k++) {
      let s = 0;
      for (let j = i; j < size; j++)
        s += (root[j * size + i] as number) * (root[j * size + k] as number);
      if (!Number.isFinite(s)) return null;
      out[i * size + k] = variance * s;
      out[k * size + i] = variance * s;
    }
  return out;
}

/** Inverse of a lower triangular matrix; what is above the diagonal is left alone. */
function lowerInverse(lower: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    out[k * n + k] = 1 / (lower[k * n + k] as number);
    for (let i = k + 1; i < n; i++) {
      let s = 0;
      for (let j = k; j < i; j++) s -= (lower[i * n + j] as number) * (out[j * n + k] as number);
      out[i * n + k] = s / (lower[i * n + i] as number);
    }
  }
  return out;
}
