import { clampKnots, type SplineBasis } from "@mclnn/models/parts";
import { portableLog } from "@mclnn/physics/portable";
import { choleskyFactor } from "../algebra/linear-algebra.ts";
import { BAND, type RoughnessFactor } from "./evidence.ts";
import { powerCoefficients } from "./power-coefficients.ts";
import type { Prior } from "./prior.ts";

/** Priors of a basis depend on nothing else. */
const made = new WeakMap<SplineBasis, Map<string, Prior>>();

/**
 * Prior that V' is r^power times something whose third derivative goes on as it was for a while: an Ornstein-Uhlenbeck process, where plain roughness
 * lets it start anew at each knot. Laws of nature are that smooth.
 *
 * Roughness is the integral of the squared third derivative, and of the squared fourth times the length squared (Lindgren, Rue, Lindstroem, J. R.
 * Stat. Soc. B 73 (2011) 423), of the spline of c_i / a_i, where a is that of r^power.
 *
 * @param correlation - length as a share of each cluster
 */
export function correlatedPrior(basis: SplineBasis, power: number, correlation: number): Prior {
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
  const { size, clusters } = basis;
  const amplitude = powerCoefficients(basis, power);
  const firsts: number[] = [];
  const values: number[] = [];
  let logDeterminant = 0;
  for (const { first, knots } of clusters) {
    const n = knots.length - 1;
    const spacing = (knots[n] - knots[0]) / n;
    const width = (k: number): number => (knots[k + 1] - knots[k]) / spacing;
    const thirds = thirdDerivatives(knots, spacing).map(
      (x, o) => x / amplitude[first + Math.floor(o / 4) + (o % 4)],
    );
    const third = (k: number, i: number): number => (i < 0 || i > 3 ? 0 : thirds[4 * k + i]);
    /** Inverse covariance of third derivatives times the roots of their intervals: tridiagonal. */
    const diagonal = new Float64Array(n).fill(1);
    let pivot = 1;
    const reach = correlation * n;
    for (let k = 0; k < n; k++) {
      firsts.push(first + k);
      for (let i = 0; i < WIDTH; i++) values.push(third(k, i) * Math.sqrt(width(k)));
      if (k === 0) continue;
      const weight = (2 * reach * reach) / (width(k - 1) + width(k));
      firsts.push(first + k - 1);
      for (let i = 0; i < WIDTH; i++)
        values.push((third(k, i - 1) - third(k - 1, i)) * Math.sqrt(weight));
      diagonal[k - 1] = diagonal[k - 1] + weight / width(k - 1);
      diagonal[k] = diagonal[k] + weight / width(k);
    }
    for (let k = 0; k < n; k++) {
      const weight = k === 0 ? 0 : (2 * reach * reach) / (width(k - 1) + width(k));
      pivot = diagonal[k] - (k === 0 ? 0 : (weight * weight) / (width(k - 1) * width(k) * pivot));
      logDeterminant += portableLog(pivot);
    }
    logDeterminant += logGram(thirds, n, width);
  }
  const factor: RoughnessFactor = {
    first: Int32Array.from(firsts),
    values: Float64Array.from(values),
  };
  return { power, factor, matrix: square(factor, size), logDeterminant };
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

/** Log determinant of D D', where D takes coefficients to third derivatives times the roots of their intervals; minus infinity when it is lost. */
function logGram(thirds: Float64Array, n: number, width: (k: number) => number): number {
  // Rows are brought to one size first: with a steep power they differ by more than double precision holds.
  const rows = thirds.slice();
  let sum = 0;
  for (let k = 0; k < n; k++) {
    let s = 0;
    for (let i = 0; i < 4; i++) {
      const x = rows[4 * k + i];
      s += x * x;
    }
    for (let i = 0; i < 4; i++) rows[4 * k + i] = rows[4 * k + i] / Math.sqrt(s);
    sum += portableLog(s * width(k));
  }
  const gram = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let j = Math.max(0, k - 3); j <= k; j++) {
      let s = 0;
      for (let i = 0; i < 4 - (k - j); i++) s += rows[4 * k + i] * rows[4 * j + i + k - j];
      gram[k * n + j] = s;
    }
  if (!choleskyFactor(gram, n)) return Number.NEGATIVE_INFINITY;
  for (let k = 0; k < n; k++) sum += 2 * portableLog(gram[k * n + k]);
  return sum;
}

/**
 * The third derivative of a cubic spline in each interval, where it is constant: what four coefficients add to it (de Boor, A Practical Guide to
 * Splines, ch. X), in units of an even spacing.
 *
 * @returns [intervals x 4]
 */
function thirdDerivatives(knots: Float64Array, spacing: number): Float64Array {
  const intervals = knots.length - 1;
  const t = clampKnots(knots);
  const out = new Float64Array(4 * intervals);
  for (let k = 0; k < intervals; k++)
    for (let m = 0; m < 4; m++) {
      const c = [0, 0, 0, 0];
      c[m] = 1;
      // Each derivative takes differences of the coefficients before.
      for (let degree = 3; degree > 0; degree--)
        for (let i = 3; i > 3 - degree; i--)
          c[i] = (degree * spacing * (c[i] - c[i - 1])) / (t[k + i + degree] - t[k + i]);
      out[4 * k + m] = c[3];
    }
  return out;
}
