import type { Cluster, SplineBasis } from "@mclnn/models/parts";
import { portableLog } from "@mclnn/physics/portable";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import { secondsOfSystem } from "../records/meter.ts";
import type { NormalEquations } from "../rollout/normal-equations.ts";
import { addCurvePrior, curvePull, curveScale } from "./curve-prior.ts";
import { lawScale } from "./law-scale.ts";

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

/** Keeps directions that neither data nor prior fix from failing the factorisation. */
const FLOOR = 1e-13;
/** Weights tried, as powers of ten relative to the mean diagonal of the metric: first over all the range, then closer and closer about the best. */
const EXPONENTS = { from: -12, to: 4, step: 2 };
const FINER = [1, 0.5];
/** A prior so many times larger than the data's metric leaves four digits of it; of a curve that is exactly straight, and asks for no end of it, nine. */
const LOST = 1e12;
const LOST_OF_CURVE = 1e7;
/** Where the search begins. */
const START_EXPONENT = -6;
const SWEEPS = 3;
/** A prior of third differences leaves so many directions of a cluster free. */
const FREE = 3;
/** Third differences that go with their neighbours couple a coefficient with so many on either side. */
export const BAND = 4;

/** F of R = F'F, row by row. */
export interface RoughnessFactor {
  /** First coefficient of each row. */
  readonly first: Int32Array;
  /** [rows x (BAND + 1)] */
  readonly values: Float64Array;
}

/** R of a roughness c' R c. */
export interface Roughness {
  /** Couples a coefficient with four on either side at most. [size x size] */
  readonly matrix: Float64Array;
  /** Where knots are uneven, R c is lost in roundoff; F'(F c) is not. Weights at which the data would be lost in it are not tried. */
  readonly factor?: RoughnessFactor;
}

/** What the evidence of a law is weighed with, and room to do so: thousands of weights are tried in a fit. */
interface Scales {
  readonly equations: NormalEquations;
  readonly basis: SplineBasis;
  readonly roughness: Roughness;
  readonly coefficients: Float64Array;
  readonly mostVariance: number;
  /** R c, and c'Rc of each cluster and curve. */
  readonly pull: Float64Array;
  readonly rough: readonly number[];
  /** What weights are relative to, and beyond which the data are lost in the prior's roundoff, one a cluster or curve. */
  readonly scales: readonly number[];
  readonly mostWeights: readonly number[];
  /** Added to the diagonal of the system. [size] */
  readonly floors: Float64Array;
  /** Log determinant of the metric on the plain numbers: their prior is as wide as the data leave them beside a law that is known, whatever their units. */
  readonly plain: number;
  /** Overwritten by each trial. */
  readonly factor: Float64Array;
  readonly step: Float64Array;
}

function scalesOf(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  roughness: Roughness,
  mostVariance: number,
): Scales {
  // Other terms' coefficients follow the law's: those of curves have priors of their own, plain numbers none.
  const { metric, gradient, curves = [] } = equations;
  const size = gradient.length;
  const scale = lawScale(equations, basis);
  // Of plain numbers a share of their own: theirs may be of another order, and a floor would pass for knowledge of them. Nothing goes by some of them
  // yet, as by the centre of a force that is not there.
  const floors = Float64Array.from({ length: size }, (_, i) =>
    i < basis.size ? FLOOR * scale : FLOOR * (metric[i * size + i] || scale),
  );
  const pull = new Float64Array(size);
  const rough = [
    ...roughnessPull(roughness, coefficients, basis, pull),
    ...curves.map((curve) => curvePull(curve, coefficients, pull)),
  ];
  const ofCurves = curves.map((curve) => curveScale(equations, curve));
  return {
    equations,
    basis,
    roughness,
    coefficients,
    mostVariance,
    pull,
    rough,
    scales: [...basis.clusters.map(() => scale), ...ofCurves],
    mostWeights: [
      ...basis.clusters.map((cluster) =>
        roughness.factor === undefined
          ? Number.POSITIVE_INFINITY
          : (LOST * scale) / largest(roughness.matrix, cluster, basis.size),
      ),
      ...ofCurves.map((own) => LOST_OF_CURVE * own),
    ],
    floors,
    plain: logPlain(equations, basis.size, floors),
    factor: new Float64Array(size * size),
    step: new Float64Array(size),
  };
}

/** Log determinant of the metric on the plain numbers, which are the unknowns from `first` on but for curves. */
function logPlain(
  { metric, gradient, curves = [] }: NormalEquations,
  first: number,
  floors: Float64Array,
): number {
  const size = gradient.length;
  const plain = Array.from({ length: size - first }, (_, i) => first + i).filter((i) =>
    curves.every((curve) => i < curve.first || i >= curve.first + curve.size),
  );
  const n = plain.length;
  if (n === 0) return 0;
  const block = new Float64Array(n * n);
  plain.forEach((i, a) => {
    plain.forEach((k, b) => {
      block[a * n + b] = metric[i * size + k] + (a === b ? floors[i] : 0);
    });
  });
  if (!choleskyFactor(block, n)) return 0;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 2 * portableLog(block[i * n + i]);
  return sum;
}

function largest(matrix: Float64Array, { first, size: m }: Cluster, size: number): number {
  let most = 0;
  for (let i = first; i < first + m; i++) most = Math.max(most, matrix[i * (size + 1)]);
  return most;
}

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

/** R c into `pull`. @returns c'Rc of each cluster */
function roughnessPull(
  { matrix, factor }: Roughness,
  coefficients: Float64Array,
  basis: SplineBasis,
  pull: Float64Array,
): number[] {
  return factor === undefined
    ? pullOf(matrix, coefficients, basis, pull)
    : factoredPull(factor, coefficients, basis, pull);
}

/** By products with the matrix. */
function pullOf(
  matrix: Float64Array,
  coefficients: Float64Array,
  { clusters, size }: SplineBasis,
  pull: Float64Array,
): number[] {
  return clusters.map(({ first, size: m }) => {
    let sum = 0;
    for (let i = first; i < first + m; i++) {
      let s = 0;
      for (let k = Math.max(first, i - BAND); k < Math.min(first + m, i + BAND + 1); k++)
        s += matrix[i * size + k] * coefficients[k];
      pull[i] = s;
      sum += s * coefficients[i];
    }
    return sum;
  });
}

/** The same by F'(F c). */
function factoredPull(
  { first, values }: RoughnessFactor,
  coefficients: Float64Array,
  { clusters }: SplineBasis,
  pull: Float64Array,
): number[] {
  const width = BAND + 1;
  const rough = clusters.map(() => 0);
  let cluster = 0;
  for (let row = 0; row < first.length; row++) {
    const at = first[row];
    while (cluster + 1 < clusters.length && at >= (clusters[cluster + 1]?.first as number))
      cluster++;
    let s = 0;
    for (let i = 0; i < width; i++) {
      const x = values[row * width + i];
      // The last row of a cluster is shorter.
      if (x !== 0) s += x * coefficients[at + i];
    }
    rough[cluster] = rough[cluster] + s * s;
    for (let i = 0; i < width; i++) {
      const x = values[row * width + i];
      if (x !== 0) pull[at + i] = pull[at + i] + x * s;
    }
  }
  return rough;
}

/** Evidence and noise variance at given weights, one a cluster or curve; null when the system is singular. Leaves factor and step behind. */
function weigh(
  scales: Scales,
  weights: readonly number[],
): Pick<Posterior, "evidence" | "variance"> | null {
  const { equations, basis, roughness, pull, rough, floors, factor, step, mostVariance } = scales;
  const { metric, gradient, sum, degreesOfFreedom, curves = [] } = equations;
  const size = gradient.length;
  if (weights.some((w, q) => w > scales.mostWeights[q])) return null;
  factor.set(metric);
  for (let i = 0; i < size; i++) {
    factor[i * size + i] = factor[i * size + i] + floors[i];
    step[i] = -gradient[i];
  }
  let [rank, logWeights, heldBack] = [0, 0, 0];
  basis.clusters.forEach(({ first, size: m }, q) => {
    const w = weights[q];
    for (let i = first; i < first + m; i++) {
      for (let k = Math.max(first, i - BAND); k <= i; k++)
        factor[i * size + k] = factor[i * size + k] + w * roughness.matrix[i * basis.size + k];
      step[i] = step[i] - w * pull[i];
    }
    rank += m - FREE;
    logWeights += (m - FREE) * portableLog(w);
    heldBack += w * rough[q];
  });
  curves.forEach((curve, k) => {
    const q = basis.clusters.length + k;
    const w = weights[q];
    addCurvePrior(curve, w, factor);
    for (let i = curve.first; i < curve.first + curve.size; i++) step[i] = step[i] - w * pull[i];
    rank += curve.size;
    logWeights += curve.size * portableLog(w);
    heldBack += w * rough[q];
  });
  equations.meter?.spend(secondsOfSystem(size));
  const right = step.slice();
  if (!choleskyFactor(factor, size)) return null;
  choleskySolve(factor, size, step);
  // At the minimum the quadratic model has fallen by right' step.
  let minimum = sum + heldBack;
  let logDeterminant = -scales.plain;
  for (let i = 0; i < size; i++) {
    const s = step[i];
    minimum -= s * (right[i] + floors[i] * s);
    logDeterminant += 2 * portableLog(factor[i * size + i]);
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
  /** Keeps one exponent if it raises the evidence. */
  const attempt = (q: number, exponent: number): void => {
    if (exponent < EXPONENTS.from || exponent > EXPONENTS.to) return;
    const evidence = weigh(scales, weightsOf(exponents.with(q, exponent)))?.evidence;
    if (evidence === undefined || !(evidence > best)) return;
    best = evidence;
    exponents[q] = exponent;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = exponents.slice();
    for (let q = 0; q < exponents.length; q++) {
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
