import type { SplineBasis } from "@mclnn/models/parts";
import { portableLog } from "@mclnn/physics/portable";
import type { NormalEquations } from "../rollout/normal-equations.ts";
import { addCurvePrior, curvePull } from "./curve-prior.ts";
import {
  BAND,
  besideOthers,
  type Roughness,
  roughnessPull,
  type Scales,
  type Solved,
  scalesOf,
  solved,
} from "./law-system.ts";

/** The Gauss-Newton posterior of a law's coefficients, and of plain numbers after them, under a prior of given weights. */
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
  /** One weight a cluster, then one a curve of other terms. */
  readonly weights: readonly number[];
}

/** Weights tried, as powers of ten relative to the mean diagonal of the metric: first over all the range, then closer and closer about the best. */
const EXPONENTS = { from: -12, to: 4, step: 2 };
const FINER = [1, 0.5];
/** Where the search begins. */
const START_EXPONENT = -6;
const SWEEPS = 3;
/** A prior of third differences leaves so many directions of a cluster free. */
const FREE = 3;
/** What a prior of these weights, one a cluster or curve, adds to the sum of squares of a law: w c'Rc. @param coefficients - all unknowns */
export function penalty(
  weights: readonly number[],
  roughness: Roughness,
  coefficients: Float64Array,
  basis: SplineBasis,
  { curves = [] }: Pick<NormalEquations, "curves"> = {},
): number {
  const none = new Float64Array(coefficients.length);
  const rough = [
    ...roughnessPull(roughness, coefficients, basis, none),
    ...curves.map((curve) => curvePull(curve, coefficients, none)),
  ];
  return weights.reduce((sum, w, q) => sum + w * rough[q], 0);
}

/** Evidence and noise variance at given weights, one a cluster or curve; null when the system is singular. @param by - default: leaves factor and step behind */
function weigh(
  scales: Scales,
  weights: readonly number[],
  by: (weights: readonly number[]) => Solved | null = (all) => solved(scales, all),
): Pick<Posterior, "evidence" | "variance"> | null {
  const { equations, basis, rough, mostVariance } = scales;
  const { gradient, sum, degreesOfFreedom, curves = [] } = equations;
  const size = gradient.length;
  if (weights.some((w, q) => w > scales.mostWeights[q])) return null;
  let [rank, logWeights, heldBack] = [0, 0, 0];
  [...basis.clusters, ...curves].forEach(({ size: m }, q) => {
    const fixed = q < basis.clusters.length ? m - FREE : m;
    rank += fixed;
    logWeights += fixed * portableLog(weights[q]);
    heldBack += weights[q] * rough[q];
  });
  const law = by(weights);
  if (law === null) return null;
  const { right, step, floors, pivots } = law;
  // At the minimum the quadratic model has fallen by right' step.
  let minimum = sum + heldBack;
  let logDeterminant = -scales.plain;
  for (let i = 0; i < size; i++) {
    const s = step[i];
    minimum -= s * (right[i] + floors[i] * s);
    logDeterminant += 2 * portableLog(pivots[i]);
  }
  const freedom = degreesOfFreedom - (size - rank);
  if (!(minimum > 0) || !(freedom > 0)) return null;
  const variance = Math.min(minimum / freedom, mostVariance);
  return {
    evidence:
      -0.5 * (minimum / variance + freedom * portableLog(variance)) +
      0.5 * logWeights -
      0.5 * logDeterminant,
    variance: minimum / freedom,
  };
}

/** The posterior that goes with these weights. */
function posteriorAt(scales: Scales, weights: readonly number[]): Posterior | null {
  const weighed = weigh(scales, weights);
  if (weighed === null) return null;
  const { basis, roughness, factor, step } = scales;
  const size = step.length;
  const prior = new Float64Array(size * size);
  basis.clusters.forEach(({ first, size: m }, q) => {
    for (let i = first; i < first + m; i++)
      for (let k = Math.max(first, i - BAND); k < Math.min(first + m, i + BAND + 1); k++)
        prior[i * size + k] = weights[q] * roughness.matrix[i * basis.size + k];
  });
  const { curves = [] } = scales.equations;
  curves.forEach((curve, k) => {
    addCurvePrior(curve, weights[basis.clusters.length + k], prior);
  });
  return { ...weighed, step: step.slice(), factor: factor.slice(), prior, weights };
}

/**
 * Posteriors under other weights of the prior too: cluster by cluster, so many powers of ten from the best, the others as they are.
 *
 * @param within - log evidence that they may fall behind the best
 */
export function* posteriorsAround(
  best: Posterior,
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  roughness: Roughness,
  { exponents, within }: { exponents: readonly number[]; within: number },
): Generator<{ cluster: number; posterior: Posterior }> {
  const scales = scalesOf(equations, coefficients, basis, roughness, Number.POSITIVE_INFINITY);
  for (let cluster = 0; cluster < basis.clusters.length; cluster++)
    for (const exponent of exponents) {
      const weight = best.weights[cluster] * powerOfTen(exponent);
      const posterior = posteriorAt(scales, best.weights.with(cluster, weight));
      if (posterior !== null && posterior.evidence >= best.evidence - within)
        yield { cluster, posterior };
    }
}

/** The evidence of {@link bestPosterior} alone. */
export function bestEvidence(...all: Parameters<typeof bestPosterior>): number {
  return bestWeights(...all)?.evidence ?? Number.NEGATIVE_INFINITY;
}

/**
 * Posterior at the weights of highest evidence: one cluster or curve after another over powers of ten.
 *
 * @param mostVariance - noise variance that the data cannot exceed. Far from the solution residuals are larger than noise, and evidence that
 * took them for noise would smooth the law away
 */
export function bestPosterior(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  roughness: Roughness,
  mostVariance: number = Number.POSITIVE_INFINITY,
): Posterior | null {
  const best = bestWeights(equations, coefficients, basis, roughness, mostVariance);
  return best === null ? null : posteriorAt(best.scales, best.weights);
}

function bestWeights(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  roughness: Roughness,
  mostVariance: number = Number.POSITIVE_INFINITY,
): { scales: Scales; weights: readonly number[]; evidence: number } | null {
  const scales = scalesOf(equations, coefficients, basis, roughness, mostVariance);
  const exponents = scales.scales.map(() => START_EXPONENT);
  const weightsOf = (e: readonly number[]): number[] =>
    e.map((x, q) => scales.scales[q] * powerOfTen(x));
  let best = weigh(scales, weightsOf(exponents))?.evidence ?? Number.NEGATIVE_INFINITY;
  let by: ReturnType<typeof besideOthers>;
  /** Keeps one exponent if it raises the evidence. */
  const attempt = (q: number, exponent: number): void => {
    if (exponent < EXPONENTS.from || exponent > EXPONENTS.to) return;
    const evidence = weigh(scales, weightsOf(exponents.with(q, exponent)), by)?.evidence;
    if (evidence === undefined || !(evidence > best)) return;
    best = evidence;
    exponents[q] = exponent;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = exponents.slice();
    for (let q = 0; q < exponents.length; q++) {
      by = besideOthers(scales, q, weightsOf(exponents));
      if (sweep === 0)
        for (let e = EXPONENTS.from; e <= EXPONENTS.to; e += EXPONENTS.step) attempt(q, e);
      for (const finer of sweep === 0 ? FINER : [EXPONENTS.step, ...FINER]) {
        const about = exponents[q];
        attempt(q, about - finer);
        attempt(q, about + finer);
      }
    }
    if (exponents.length === 1 || exponents.every((e, q) => e === before[q])) break;
  }
  return best === Number.NEGATIVE_INFINITY
    ? null
    : { scales, weights: weightsOf(exponents), evidence: best };
}

/** 10^e for multiples of one half, from exact operations. */
function powerOfTen(e: number): number {
  const whole = Math.floor(e);
  let out = e === whole ? 1 : Math.sqrt(10);
  for (let k = 0; k < Math.abs(whole); k++) out = whole < 0 ? out / 10 : out * 10;
  return out;
}
