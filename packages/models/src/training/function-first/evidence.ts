import { portableLog } from "@mclnn/physics/portable";
import { choleskyFactor, choleskySolve, diagonalMean } from "../../linear-algebra.ts";
import type { NormalEquations } from "../../rollout/sensitivity.ts";
import type { SplineBasis } from "./basis.ts";

/** The Gauss-Newton posterior of the coefficients under a prior of given weights. */
export interface Posterior {
  /** Log marginal likelihood of the data with the noise integrated out, up to a constant of the data. */
  readonly evidence: number;
  /** Step from the point of linearisation to the posterior mean. [size] */
  readonly step: Float64Array;
  /** Cholesky factor of (A + prior): the covariance is variance x (L L')^-1. [size x size] */
  readonly factor: Float64Array;
  /** Weighted prior matrix. [size x size] */
  readonly prior: Float64Array;
  /** Estimated noise variance of a residual. */
  readonly variance: number;
  /** One weight a cluster. */
  readonly weights: readonly number[];
}

/** Keeps directions that neither data nor prior fix from failing the factorisation. */
const FLOOR = 1e-13;
/** Weights tried, as powers of ten relative to the mean diagonal of the metric. */
const EXPONENTS = { from: -12, to: 4, step: 0.5 };
const SWEEPS = 3;

/** |c|^2 in a matrix. */
export function quadratic(matrix: Float64Array, c: Float64Array): number {
  const n = c.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let k = 0; k < n; k++) s += (matrix[i * n + k] as number) * (c[k] as number);
    sum += (c[i] as number) * s;
  }
  return sum;
}

/** Posterior at given weights, one a cluster; null when the system is singular. */
function posterior(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  roughness: Float64Array,
  weights: readonly number[],
  mostVariance: number,
): Posterior | null {
  const { clusters } = basis;
  const { metric, gradient, sum, degreesOfFreedom } = equations;
  // Unknowns beside the law follow its coefficients, and have no prior.
  const size = gradient.length;
  const prior = new Float64Array(size * size);
  let rank = 0;
  let logWeights = 0;
  clusters.forEach(({ first, size: m }, q) => {
    const w = weights[q] as number;
    for (let i = first; i < first + m; i++)
      for (let k = first; k < first + m; k++)
        prior[i * size + k] = w * (roughness[i * basis.size + k] as number);
    rank += m - 3;
    logWeights += (m - 3) * portableLog(w);
  });
  const factor = metric.map((x, k) => x + (prior[k] as number));
  const floor = FLOOR * diagonalMean(metric, size);
  const step = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    // Of unknowns beside the law a share of their own: theirs may be of another order, and a floor would pass for knowledge of them.
    factor[i * size + i] =
      (factor[i * size + i] as number) +
      (i < basis.size ? floor : FLOOR * (metric[i * size + i] as number));
    let b = -(gradient[i] as number);
    for (let k = 0; k < size; k++)
      b -= (prior[i * size + k] as number) * (coefficients[k] as number);
    step[i] = b;
  }
  if (!choleskyFactor(factor, size)) return null;
  choleskySolve(factor, size, step);
  const moved = coefficients.map((c, i) => c + (step[i] as number));
  let minimum = sum + quadratic(metric, step) + quadratic(prior, moved);
  let logDeterminant = 0;
  for (let i = 0; i < size; i++) {
    minimum += 2 * (gradient[i] as number) * (step[i] as number);
    logDeterminant += 2 * portableLog(factor[i * size + i] as number);
  }
  const freedom = degreesOfFreedom - (size - rank);
  if (!(minimum > 0) || !(freedom > 0)) return null;
  const variance = Math.min(minimum / freedom, mostVariance);
  return {
    evidence:
      -0.5 * (minimum / variance + freedom * portableLog(variance)) +
      0.5 * logWeights -
      0.5 * logDeterminant,
    step,
    factor,
    prior,
    variance: minimum / freedom,
    weights,
  };
}

/**
 * Posterior at the weights of highest evidence: one cluster after another over a grid of powers of ten.
 *
 * @param mostVariance - noise variance that the data cannot exceed. Far from the solution residuals are larger than noise, and evidence that
 * took them for noise would smooth the law away
 */
export function bestPosterior(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  roughness: Float64Array,
  mostVariance: number = Number.POSITIVE_INFINITY,
): Posterior | null {
  const scale = diagonalMean(equations.metric, equations.gradient.length);
  let weights: readonly number[] = basis.clusters.map(() => 1e-6 * scale);
  let best = posterior(equations, coefficients, basis, roughness, weights, mostVariance);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = weights;
    for (let q = 0; q < basis.clusters.length; q++)
      for (let e = EXPONENTS.from; e <= EXPONENTS.to; e += EXPONENTS.step) {
        const trial = weights.with(q, scale * powerOfTen(e));
        const p = posterior(equations, coefficients, basis, roughness, trial, mostVariance);
        if (p !== null && (best === null || p.evidence > best.evidence)) {
          best = p;
          weights = trial;
        }
      }
    if (weights === before || basis.clusters.length === 1) break;
  }
  return best;
}

/** 10^e for multiples of one half, from exact operations. */
function powerOfTen(e: number): number {
  const whole = Math.floor(e);
  let out = e === whole ? 1 : Math.sqrt(10);
  for (let k = 0; k < Math.abs(whole); k++) out = whole < 0 ? out / 10 : out * 10;
  return out;
}

/** Standard deviation of a linear function of the coefficients. @param row - [size] */
export function standardDeviation(
  { factor, variance }: Pick<Posterior, "factor" | "variance">,
  row: Float64Array,
): number {
  const n = row.length;
  const y = row.slice();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let s = y[i] as number;
    for (let k = 0; k < i; k++) s -= (factor[i * n + k] as number) * (y[k] as number);
    s /= factor[i * n + i] as number;
    y[i] = s;
    sum += s * s;
  }
  return Math.sqrt(variance * sum);
}
