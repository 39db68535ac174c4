import type { SplineBasis } from "@mclnn/models/parts";
import { portableLog } from "@mclnn/physics/portable";
import type { NormalEquations } from "../engine/sensitivity.ts";
import { collocationPoints } from "../splines/knots.ts";
import { bestEvidence } from "./evidence.ts";
import { BAND, type Roughness, type RoughnessFactor } from "./law-system.ts";
import { powerCoefficients } from "./power-coefficients.ts";
import { byDerivatives, byDifferences, logGram } from "./third-derivatives.ts";

/** What a prior takes a law for: this power of the separation times something smooth. */
export interface PriorShape {
  readonly power: number;
  /** Length over which third derivatives go on as they were, as a share of each cluster. */
  readonly correlation: number;
}

/** A roughness prior: exp(-c' R c x weight / 2), up to its constant. */
export interface Prior extends Roughness, PriorShape {
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
const made = new WeakMap<SplineBasis, Map<string, Prior>>();

/**
 * Prior that V' is r^power times something smooth: squared third derivatives of c_i / a_i, where a is the spline of r^power.
 *
 * power 0 is the plain roughness prior. A steep law then counts as smooth, and continues as a power law outside the data. Differences are divided by
 * the distances of knots: where these widen, as data end, a law may bend as much as elsewhere.
 *
 * With a correlation the third derivative goes on as it was for a while (an Ornstein-Uhlenbeck process), where it else starts anew at each knot: laws
 * of nature are that smooth. Roughness is then the integral of the squared third derivative, and of the squared fourth times the length squared
 * (Lindgren, Rue, Lindstroem, J. R. Stat. Soc. B 73 (2011) 423).
 *
 * @param correlation - length as a share of each cluster. Default 0
 */
export function powerPrior(basis: SplineBasis, power: number, correlation = 0): Prior {
  let own = made.get(basis);
  if (own === undefined) {
    own = new Map();
    made.set(basis, own);
  }
  const key = `${power} ${correlation}`;
  let prior = own.get(key);
  if (prior === undefined) {
    prior = makePrior(basis, power, correlation);
    own.set(key, prior);
  }
  return prior;
}

const WIDTH = BAND + 1;

function makePrior(basis: SplineBasis, power: number, correlation: number): Prior {
  const amplitude = powerCoefficients(basis, power);
  const points = collocationPoints(basis);
  const firsts: number[] = [];
  const values: number[] = [];
  let logDeterminant = tooSteep(amplitude) ? Number.NEGATIVE_INFINITY : 0;
  for (const { first, size, knots } of basis.clusters) {
    const plain =
      correlation === 0
        ? byDifferences(points.subarray(first, first + size))
        : byDerivatives(knots);
    const { widths } = plain;
    const stencils = plain.stencils.map(
      (x, o) => x / amplitude[first + Math.floor(o / 4) + (o % 4)],
    );
    const third = (k: number, i: number): number => (i < 0 || i > 3 ? 0 : stencils[4 * k + i]);
    const reach = correlation * widths.length;
    /** Of a difference between neighbours. */
    const weightOf = (k: number): number =>
      k === 0 ? 0 : (2 * reach * reach) / (widths[k - 1] + widths[k]);
    widths.forEach((width, k) => {
      firsts.push(first + k);
      for (let i = 0; i < WIDTH; i++) values.push(third(k, i) * Math.sqrt(width));
      if (k === 0 || reach === 0) return;
      firsts.push(first + k - 1);
      for (let i = 0; i < WIDTH; i++)
        values.push((third(k, i - 1) - third(k - 1, i)) * Math.sqrt(weightOf(k)));
    });
    logDeterminant += logTridiagonal(widths, weightOf) + logGram({ stencils, widths });
  }
  const factor: RoughnessFactor = {
    first: Int32Array.from(firsts),
    values: Float64Array.from(values),
  };
  return { power, correlation, factor, matrix: square(factor, basis.size), logDeterminant };
}

/** Log determinant of the inverse covariance of third derivatives times the roots of their intervals: tridiagonal. */
function logTridiagonal(widths: Float64Array, weightOf: (k: number) => number): number {
  let pivot = 1;
  let sum = 0;
  for (let k = 0; k < widths.length; k++) {
    const left = weightOf(k);
    const right = k + 1 < widths.length ? weightOf(k + 1) : 0;
    const coupled = k === 0 ? 0 : (left * left) / (widths[k - 1] * widths[k] * pivot);
    pivot = 1 + left / widths[k] + right / widths[k] - coupled;
    sum += portableLog(pivot);
  }
  return sum;
}

/** F'F. */
function square({ first, values }: RoughnessFactor, size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < first.length; row++) {
    const at = first[row];
    for (let i = 0; i < WIDTH; i++) {
      const x = values[row * WIDTH + i];
      if (x === 0) continue;
      for (let j = 0; j < WIDTH; j++) {
        const y = values[row * WIDTH + j];
        if (y === 0) continue;
        const o = (at + i) * size + at + j;
        matrix[o] = matrix[o] + x * y;
      }
    }
  }
  return matrix;
}

/** Beyond this the determinants that evidence compares are lost in roundoff. */
function tooSteep(amplitude: Float64Array): boolean {
  const range =
    amplitude.reduce((a, b) => Math.max(a, b)) / amplitude.reduce((a, b) => Math.min(a, b));
  return !(range <= WIDEST);
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
        CORRELATIONS.map((correlation) => weighed(powerPrior(basis, power, correlation))),
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
