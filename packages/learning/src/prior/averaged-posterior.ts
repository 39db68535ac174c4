import type { SplineBasis } from "@mclnn/models/parts";
import { portableExp } from "@mclnn/physics/portable";
import { choleskyFactor } from "../algebra/linear-algebra.ts";
import type { NormalEquations } from "../engine/sensitivity.ts";
import { bestPosterior, type Posterior, posteriorsAround } from "./evidence.ts";
import { weighedPriors } from "./prior.ts";

/** Weights about the best, as powers of ten, and how far log evidence may fall for a prior to count. */
const EXPONENTS = [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2];
const WITHIN = 6;

/**
 * What the data say of a law when nobody told us how smooth it is: mean and second moments over all priors and weights, each as likely as its
 * evidence says (Hoeting, Madigan, Raftery, Volinsky, Statistical Science 14 (1999) 382).
 */
export interface AveragedPosterior {
  /** Mean of the coefficients. [basis.size] */
  readonly coefficients: Float64Array;
  /**
   * Lower Cholesky factor of the precision over the variance of `best`, from the second moments about a law: those of the mean are its covariance. That
   * of `best` where it cannot be computed. [size x size]
   */
  readonly factorAbout: (law: Float64Array) => Float64Array;
}

/**
 * Averages cluster by cluster; how clusters go together stays as the best prior has it.
 *
 * @param coefficients - where the equations were linearised: the law under the best prior
 */
export function averagedPosterior(
  best: Posterior,
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
): AveragedPosterior {
  // Unknowns beside the law have no part in its priors.
  if (equations.gradient.length !== basis.size)
    return { coefficients, factorAbout: () => best.factor };
  const lists = likelyPosteriors(equations, coefficients, basis);
  const mean = coefficients.slice();
  basis.clusters.forEach(({ first, size: n }, index) => {
    for (const { posterior, share } of lists[index])
      for (let i = first; i < first + n; i++) mean[i] = mean[i] + share * posterior.step[i];
  });
  return {
    coefficients: mean,
    factorAbout: (law) =>
      averagedFactor(
        best,
        law.map((c, i) => c - coefficients[i]),
        basis,
        lists,
      ) ?? best.factor,
  };
}

/** @param step - from where the equations were linearised to the law. [size] */
function averagedFactor(
  best: Posterior,
  step: Float64Array,
  { size, clusters }: SplineBasis,
  lists: readonly (readonly Likely[])[],
): Float64Array | null {
  /** Takes deviations under the best prior to averaged ones, cluster by cluster. */
  const transform = new Float64Array(size * size);
  for (const [index, { first, size: n }] of clusters.entries()) {
    const averaged = new Float64Array(n * n);
    for (const { posterior, share, covariance } of lists[index]) {
      const away = (i: number): number => posterior.step[first + i] - step[first + i];
      for (let i = 0; i < n; i++)
        for (let k = 0; k < n; k++)
          averaged[i * n + k] =
            averaged[i * n + k] + share * (covariance[i * n + k] + away(i) * away(k));
    }
    const before = covarianceFrom(best, size, first, n);
    if (before === null || !choleskyFactor(before, n) || !choleskyFactor(averaged, n)) return null;
    const undo = lowerInverse(before, n);
    for (let i = 0; i < n; i++)
      for (let k = 0; k <= i; k++) {
        let s = 0;
        for (let j = k; j <= i; j++) s += averaged[i * n + j] * undo[j * n + k];
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
        s += best.factor[j * size + i] * back[j * size + k];
      half[i * size + k] = s;
    }
  const precision = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k <= i; k++) {
      let s = 0;
      for (let j = 0; j < size; j++) s += half[j * size + i] * half[j * size + k];
      precision[i * size + k] = s;
    }
  return choleskyFactor(precision, size) ? precision : null;
}

interface Likely {
  readonly posterior: Posterior;
  /** Of the cluster's coefficients. */
  readonly covariance: Float64Array;
  /** Of all that are likely: they add up to 1. */
  share: number;
}

/** For each cluster, posteriors under all priors, at their best weights and at others of that cluster, that evidence leaves a chance. */
function likelyPosteriors(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
): Likely[][] {
  const priors = weighedPriors(equations, coefficients, basis, { correlated: true });
  const most = priors.reduce(
    (max, { evidence }) => Math.max(max, evidence),
    Number.NEGATIVE_INFINITY,
  );
  const lists: Likely[][] = basis.clusters.map(() => []);
  const around = { exponents: EXPONENTS, within: WITHIN };
  for (const { prior, evidence } of priors) {
    if (!(evidence >= most - WITHIN)) continue;
    const { logDeterminant } = prior;
    const add = (cluster: number, posterior: Posterior): void => {
      const behind = posterior.evidence + 0.5 * logDeterminant - most;
      if (!(behind >= -WITHIN)) return;
      const { first, size } = basis.clusters[cluster];
      const covariance = covarianceFrom(posterior, basis.size, first, size);
      if (covariance !== null)
        lists[cluster]?.push({ posterior, covariance, share: portableExp(behind) });
    };
    const posterior = bestPosterior(equations, coefficients, basis, prior);
    if (posterior === null) continue;
    for (let cluster = 0; cluster < lists.length; cluster++) add(cluster, posterior);
    for (const other of posteriorsAround(posterior, equations, coefficients, basis, prior, around))
      add(other.cluster, other.posterior);
  }
  for (const list of lists) {
    const total = list.reduce((sum, { share }) => sum + share, 0);
    for (const one of list) one.share /= total;
  }
  return lists;
}

/** Covariance of n coefficients from `first` on; null where it is not finite. */
function covarianceFrom(
  { factor, variance }: Posterior,
  size: number,
  first: number,
  n: number,
): Float64Array | null {
  /** Columns of the factor's inverse; nothing lies above their diagonal. [n x size] */
  const columns = new Float64Array(n * size);
  for (let k = 0; k < n; k++) {
    const o = k * size;
    columns[o + first + k] = 1 / factor[(first + k) * (size + 1)];
    for (let i = first + k + 1; i < size; i++) {
      let s = 0;
      for (let j = first + k; j < i; j++) s -= factor[i * size + j] * columns[o + j];
      columns[o + i] = s / factor[i * size + i];
    }
  }
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) {
      let s = 0;
      for (let j = first + i; j < size; j++) s += columns[i * size + j] * columns[k * size + j];
      if (!Number.isFinite(s)) return null;
      out[i * n + k] = variance * s;
      out[k * n + i] = variance * s;
    }
  return out;
}

/** Inverse of a lower triangular matrix; what is above the diagonal is left alone. */
function lowerInverse(lower: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    out[k * n + k] = 1 / lower[k * n + k];
    for (let i = k + 1; i < n; i++) {
      let s = 0;
      for (let j = k; j < i; j++) s -= lower[i * n + j] * out[j * n + k];
      out[i * n + k] = s / lower[i * n + i];
    }
  }
  return out;
}
