import type { SplineBasis } from "@mclnn/models/parts";
import { portableLog } from "@mclnn/physics/portable";
import { choleskyFactor } from "../algebra/linear-algebra.ts";
import type { NormalEquations } from "../engine/sensitivity.ts";
import { collocationPoints } from "../splines/knots.ts";
import { correlatedPrior } from "./correlated-prior.ts";
import { BAND, bestEvidence, type Roughness, type RoughnessFactor } from "./evidence.ts";
import { powerCoefficients } from "./power-coefficients.ts";

/** A roughness prior: exp(-c' R c x weight / 2), up to its constant. */
export interface Prior extends Roughness {
  readonly power: number;
  /** Log of the pseudo-determinant of R (minus infinity when it cannot be computed): priors of different shape are compared by evidence only with it. */
  readonly logDeterminant: number;
}

/** Exponents of "a power law times something smooth" that are compared by evidence. */
const POWERS: readonly number[] = [2, 1, 0, -1, -2, -3, -4, -6, -9, -13];
/** Correlation lengths beside none that are compared, as shares of a cluster, at the best power and so many on either side. */
const CORRELATIONS: readonly number[] = [0.1, 0.3, 1];
const POWERS_BESIDE = 1;

/** Largest ratio of amplitudes. */
const WIDEST = 1e6;

/** Priors of a basis depend on nothing else. */
const made = new WeakMap<SplineBasis, Map<number, Prior>>();

/**
 * Prior that V' is r^power times something smooth: squared third derivatives of c_i / a_i, where a is the spline of r^power.
 *
 * power 0 is the plain roughness prior. A steep law then counts as smooth, and continues as a power law outside the data. Differences are divided by
 * the distances of knots: where these widen, as data end, a law may bend as much as elsewhere.
 */
export function powerPrior(basis: SplineBasis, power: number): Prior {
  let own = made.get(basis);
  if (own === undefined) {
    own = new Map();
    made.set(basis, own);
  }
  let prior = own.get(power);
  if (prior === undefined) {
    prior = makePrior(basis, power);
    own.set(power, prior);
  }
  return prior;
}

function makePrior(basis: SplineBasis, power: number): Prior {
  const { size, clusters } = basis;
  const amplitude = powerCoefficients(basis, power);
  const matrix = new Float64Array(size * size);
  const points = collocationPoints(basis);
  const width = BAND + 1;
  const firsts: number[] = [];
  const values: number[] = [];
  let logDeterminant = 0;
  for (const { first, size: m } of clusters) {
    const n = m - 3;
    const spacing = (points[first + m - 1] - points[first]) / (m - 1);
    const rows = new Float64Array(n * m);
    for (let k = 0; k < n; k++) {
      const stencil = thirdDifference(points.subarray(first + k, first + k + 4), spacing);
      firsts.push(first + k);
      for (let i = 0; i < width; i++) {
        const x = i < 4 ? stencil[i] / amplitude[first + k + i] : 0;
        if (i < 4) rows[k * m + k + i] = x;
        values.push(x);
      }
    }
    const gram = new Float64Array(n * n);
    for (let k = 0; k < n; k++)
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) {
          const o = (first + k + i) * size + first + k + j;
          matrix[o] = matrix[o] + rows[k * m + k + i] * rows[k * m + k + j];
        }
    // Rows are brought to one size first: with a steep power they differ by more than double precision holds.
    const sizes = Float64Array.from({ length: n }, (_, k) => {
      let s = 0;
      for (let i = 0; i < 4; i++) {
        const x = rows[k * m + k + i];
        s += x * x;
      }
      return Math.sqrt(s);
    });
    for (let i = 0; i < n; i++)
      for (let j = Math.max(0, i - 3); j <= i; j++) {
        let s = 0;
        for (let c = 0; c < m; c++) s += rows[i * m + c] * rows[j * m + c];
        gram[i * n + j] = s / (sizes[i] * sizes[j]);
      }
    if (!choleskyFactor(gram, n)) logDeterminant = Number.NEGATIVE_INFINITY;
    else
      for (let i = 0; i < n; i++)
        logDeterminant += 2 * portableLog(gram[i * n + i]) + 2 * portableLog(sizes[i]);
  }
  if (tooSteep(amplitude)) logDeterminant = Number.NEGATIVE_INFINITY;
  const factor: RoughnessFactor = {
    first: Int32Array.from(firsts),
    values: Float64Array.from(values),
  };
  return { power, matrix, factor, logDeterminant };
}

/** Beyond this the determinants that evidence compares are lost in roundoff. */
function tooSteep(amplitude: Float64Array): boolean {
  const range =
    amplitude.reduce((a, b) => Math.max(a, b)) / amplitude.reduce((a, b) => Math.min(a, b));
  return !(range <= WIDEST);
}

/**
 * Weights of four values at uneven points for their third divided difference, in units of an even spacing: as rough as the third derivative, times the
 * root of the stretch it stands for.
 */
function thirdDifference(x: Float64Array, spacing: number): Float64Array {
  const out = new Float64Array(4);
  const stretch = (x[3] - x[0]) / 3 / spacing;
  for (let i = 0; i < 4; i++) {
    let product = 1;
    for (let j = 0; j < 4; j++) if (j !== i) product *= (x[i] - x[j]) / spacing;
    out[i] = (6 * Math.sqrt(stretch)) / product;
  }
  return out;
}

/** The priors that evidence chooses from, without correlations. */
function priorsOf(basis: SplineBasis): Prior[] {
  return POWERS.map((power) => powerPrior(basis, power)).filter(({ logDeterminant }) =>
    Number.isFinite(logDeterminant),
  );
}

/** A prior and the log evidence of the data under it. */
export interface WeighedPrior {
  readonly prior: Prior;
  readonly evidence: number;
}

/** All priors with their evidence: correlations at the powers about the best alone. @param mostVariance - noise variance that the data cannot exceed */
export function weighedPriors(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  { correlated, mostVariance }: { correlated: boolean; mostVariance?: number },
): WeighedPrior[] {
  const weighed = (prior: Prior): WeighedPrior => ({
    prior,
    evidence:
      bestEvidence(equations, coefficients, basis, prior, mostVariance) +
      0.5 * prior.logDeterminant,
  });
  const plain = priorsOf(basis).map(weighed);
  if (!correlated) return plain;
  let best = 0;
  plain.forEach(({ evidence }, k) => {
    if (evidence > plain[best].evidence) best = k;
  });
  return [
    ...plain,
    ...plain
      .slice(Math.max(0, best - POWERS_BESIDE), best + POWERS_BESIDE + 1)
      .flatMap(({ prior: { power } }) =>
        CORRELATIONS.map((correlation) => weighed(correlatedPrior(basis, power, correlation))),
      ),
  ];
}

/** The prior of highest evidence. @param mostVariance - noise variance that the data cannot exceed */
export function bestPrior(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  options: { correlated: boolean; mostVariance?: number } = { correlated: false },
): Prior {
  let best = powerPrior(basis, 0);
  let most = Number.NEGATIVE_INFINITY;
  for (const { prior, evidence } of weighedPriors(equations, coefficients, basis, options)) {
    if (!(evidence > most)) continue;
    most = evidence;
    best = prior;
  }
  return best;
}
