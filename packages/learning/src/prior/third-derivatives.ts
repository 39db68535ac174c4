import { clampKnots } from "@mclnn/models/parts";
import { portableLog } from "@mclnn/physics/portable";
import { choleskyFactor } from "../algebra/linear-algebra.ts";

/** How rough a cubic spline is in each interval: what four coefficients, from the interval's own on, add to its third derivative there. */
export interface ThirdDerivatives {
  /** [intervals x 4] */
  readonly stencils: Float64Array;
  /** Of the intervals, in units of an even spacing. [intervals] */
  readonly widths: Float64Array;
}

/** By divided differences of the coefficients at their collocation points. @param points - of one cluster */
export function byDifferences(points: Float64Array): ThirdDerivatives {
  const n = points.length - 3;
  const spacing = (points[n + 2] - points[0]) / (n + 2);
  const stencils = new Float64Array(4 * n);
  for (let k = 0; k < n; k++)
    stencils.set(thirdDifference(points.subarray(k, k + 4), spacing), 4 * k);
  // The width that a difference stands for is in it already.
  return { stencils, widths: new Float64Array(n).fill(1) };
}

/**
 * Weights of four values at uneven points for their third divided difference, in units of an even spacing: as rough as the third derivative, times the
 * root of the interval it stands for.
 */
function thirdDifference(x: Float64Array, spacing: number): Float64Array {
  const out = new Float64Array(4);
  const width = (x[3] - x[0]) / 3 / spacing;
  for (let i = 0; i < 4; i++) {
    let product = 1;
    for (let j = 0; j < 4; j++) if (j !== i) product *= (x[i] - x[j]) / spacing;
    out[i] = (6 * Math.sqrt(width)) / product;
  }
  return out;
}

/** By the derivative of the spline itself. @param knots - of one cluster */
export function byDerivatives(knots: Float64Array): ThirdDerivatives {
  const n = knots.length - 1;
  const spacing = (knots[n] - knots[0]) / n;
  return {
    stencils: thirdDerivatives(knots, spacing),
    widths: Float64Array.from({ length: n }, (_, k) => (knots[k + 1] - knots[k]) / spacing),
  };
}

/** Log determinant of D D', where D takes coefficients to third derivatives times the roots of their intervals; minus infinity when it is lost. */
export function logGram({ stencils, widths }: ThirdDerivatives): number {
  const n = widths.length;
  // Rows are brought to one size first: with a steep power they differ by more than double precision holds.
  const rows = stencils.slice();
  let sum = 0;
  for (let k = 0; k < n; k++) {
    let s = 0;
    for (let i = 0; i < 4; i++) {
      const x = rows[4 * k + i];
      s += x * x;
    }
    for (let i = 0; i < 4; i++) rows[4 * k + i] = rows[4 * k + i] / Math.sqrt(s);
    sum += portableLog(s * widths[k]);
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
