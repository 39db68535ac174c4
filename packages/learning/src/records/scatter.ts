import { residualMaker } from "./local-polynomial.ts";
import { roundingVariance, spacingOf } from "./rounding.ts";
import type { TrainingData } from "./training-data.ts";

/** Degree and records of the local polynomials that noise is looked for with; both leave two degrees of freedom. */
const LOCAL_FITS = [
  [4, 7],
  [6, 9],
] as const;
/** Median of a chi-squared distribution of two degrees of freedom. */
const MEDIAN_CHI_SQUARED = 2 * Math.LN2;

/**
 * Noise variance of a position component, from how far records lie from local polynomials: the median, so that close encounters do not
 * count. More than the truth where records are sparse; infinity where there are too few. No less than what rounding leaves.
 */
export function localVariance(data: TrainingData): number {
  return Math.max(roundingOf(data), Math.min(...localVariances(data)));
}

/** The same of each body by itself. [particles] */
export function bodyVariances(data: TrainingData): Float64Array {
  const least = roundingOf(data);
  return Float64Array.from({ length: data.particles }, (_, body) =>
    Math.max(least, Math.min(...localVariances(data, body))),
  );
}

const rounding = new WeakMap<Float64Array, number>();

/** Variance of what positions were rounded by; 0 where they were not. */
function roundingOf({ positions, weights, dimension }: TrainingData): number {
  const known = rounding.get(positions);
  if (known !== undefined) return known;
  const seen = (k: number): boolean =>
    k % 3 < dimension && (weights === null || weights[Math.floor(k / 3)] > 0);
  const variance = roundingVariance(spacingOf(positions, seen));
  rounding.set(positions, variance);
  return variance;
}

/**
 * Whether records scatter about smooth paths: then polynomials of higher degree come no closer. Smooth paths themselves are followed better by each degree.
 * Records too sparse for polynomials look like scatter.
 */
export function scatters(data: TrainingData): boolean {
  const [low, high] = localVariances(data);
  return low !== undefined && high !== undefined && low < SAME_SCATTER * high;
}

/** Ratio of the noise variances from two degrees that is still the same noise. */
const SAME_SCATTER = 2;

/** The estimate by each of the local polynomials; infinity where there are too few records. @param body - alone; default: all */
function localVariances(data: TrainingData, body?: number): number[] {
  const { trajectories, records, components, dimension, times, positions } = data;
  const { weights, bodyWeights } = data;
  return LOCAL_FITS.map(([degree, window]) => {
    if (window > records) return Number.POSITIVE_INFINITY;
    const sums: number[] = [];
    const hats = residualMakers(times, degree, window);
    for (let t = 0; t < trajectories; t++)
      hats.forEach((hat, first) => {
        for (let c = 0; c < components; c++) {
          if (c % 3 >= dimension) continue;
          if (body !== undefined && Math.floor(c / 3) !== body) continue;
          let sum = 0;
          let complete = true;
          let moves = false;
          const from = positions[(t * records + first) * components + c];
          const weight = bodyWeights === null ? 1 : bodyWeights[Math.floor(c / 3)];
          for (let a = 0; a < window; a++) {
            let e = 0;
            for (let b = 0; b < window; b++)
              e += hat[a * window + b] * positions[(t * records + first + b) * components + c];
            sum += e * e;
            const o = Math.floor(((t * records + first + a) * components + c) / 3);
            complete &&= weights === null || weights[o] > 0;
            moves ||= positions[(t * records + first + a) * components + c] !== from;
          }
          // What does not move at all, as the third axis of motion in a plane, tells of no noise.
          if (complete && moves) sums.push(weight * weight * sum);
        }
      });
    const median = Float64Array.from(sums).sort()[Math.floor(sums.length / 2)];
    return median === undefined ? Number.POSITIVE_INFINITY : median / MEDIAN_CHI_SQUARED;
  });
}

/** For every window of records, every third one: the matrix from positions to what a least-squares polynomial leaves of them. [window x window] */
function residualMakers(
  times: Float64Array,
  degree: number,
  window: number,
): Map<number, Float64Array> {
  const out = new Map<number, Float64Array>();
  for (let first = 0; first + window <= times.length; first += 3) {
    const hat = residualMaker(times.subarray(first, first + window), degree);
    if (hat !== null) out.set(first, hat);
  }
  return out;
}
