import type { SeparationRecord } from "@mclnn/models";
import {
  basisFromKnots,
  basisValues,
  curveAt,
  type LawUncertainty,
  planOf,
  type SplineBasis,
  splineCurve,
} from "@mclnn/models/parts";
import { diagonalMean, inverse } from "../algebra/linear-algebra.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { dot } from "./least-squares.ts";

/**
 * What the records say of V' as least squares: chi-squared of any function f is |root f(r) - y|^2.
 *
 * f is projected on the spline that was fitted, the records' own metric weighs what is between them, and what the spline cannot resolve is no
 * distance.
 */
export interface Target {
  /** Where functions are looked at: four Gauss points a knot interval. [points] */
  readonly r: Float64Array;
  /** [numbers x points] */
  readonly root: Float64Array;
  /** [numbers] */
  readonly y: Float64Array;
  /** Chi-squared of the spline itself. */
  readonly own: number;
  /** Separations seen. */
  readonly from: number;
  readonly to: number;
  /** Geometric mean of the two. */
  readonly middle: number;
  /** V' of the spline at r. */
  slope(r: number): number;
  /** Whether the records were taken as exact: then the spline's own resolution limits, not noise. */
  readonly exact: boolean;
  /** Directions that the fit has left away from their minimum: what the quadratic form says of them is wrong, and is left out. */
  readonly dropped: number;
}

const GAUSS = [
  [0.06943184420297371, 0.17392742256872692],
  [0.33000947820757187, 0.32607257743127305],
  [0.6699905217924281, 0.32607257743127305],
  [0.9305681557975263, 0.17392742256872692],
] as const;
/** Weight of separations that were not seen, of the mean of those that were. */
const UNSEEN = 0.02;
/** Information below this share of the largest is roundoff. */
const LOST = 1e-12;
/** Standard deviations from the minimum beyond which a fit has not come to its end there. */
const AWAY = 5;

export interface TargetOptions {
  readonly uncertainty: LawUncertainty & Required<Pick<LawUncertainty, "likelihood">>;
  readonly separations: SeparationRecord;
  readonly exact: boolean;
}

export function createTarget({ uncertainty, separations, exact }: TargetOptions): Target {
  const { knots, coefficients, likelihood, variance } = uncertainty;
  const basis = basisFromKnots([planOf(knots)]);
  const n = basis.size;
  const curve = splineCurve(basis, coefficients);
  const slope = (r: number): number => curveAt(basis.cells, curve, 0, r);
  const { edges } = separations;
  const from = edges[0];
  const to = edges[edges.length - 1];
  const points = pointsOf(knots, separations);
  const project = projection(basis, points);
  const error = basisError(basis, coefficients, slope, exact);
  const scaled = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++)
      scaled[i * n + k] = (error[i] * error[k] * likelihood.metric[i * n + k]) / variance;
  const { values, vectors } = symmetricEigen(scaled, n);
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  const rows: { row: Float64Array; y: number }[] = [];
  let dropped = 0;
  for (let v = 0; v < n; v++) {
    const information = values[v];
    if (!(information > LOST * largest)) continue;
    const share = Math.sqrt(information / (1 + information));
    const row = new Float64Array(n);
    let pull = 0;
    for (let i = 0; i < n; i++) {
      row[i] = (share * vectors[i * n + v]) / error[i];
      pull += (vectors[i * n + v] * error[i] * likelihood.gradient[i]) / variance;
    }
    const away = (share / information) * pull;
    if (!exact && Math.abs(away) > AWAY) dropped++;
    else rows.push({ row, y: dot(row, coefficients) - away });
  }
  const root = new Float64Array(rows.length * points.r.length);
  rows.forEach(({ row }, a) => {
    root.set(timesProjection(row, project, points.r.length), a * points.r.length);
  });
  const y = Float64Array.from(rows, (each) => each.y);
  const own = rows.reduce((sum, each) => {
    const d = dot(each.row, coefficients) - each.y;
    return sum + d * d;
  }, 0);
  const middle = Math.sqrt(from * to);
  return { r: points.r, root, y, own, from, to, middle, slope, exact, dropped };
}

/** A function's values at the points as the numbers that chi-squared compares. @returns [numbers] */
export function compared({ root, y, r }: Target, values: Float64Array): Float64Array {
  const out = new Float64Array(y.length);
  for (let a = 0; a < out.length; a++) {
    let s = 0;
    const o = a * r.length;
    for (let q = 0; q < r.length; q++) s += root[o + q] * values[q];
    out[a] = s;
  }
  return out;
}

interface Points {
  readonly r: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss points of every knot interval, weighed by how often their separations were seen. */
function pointsOf(knots: readonly Float64Array[], { edges, counts }: SeparationRecord): Points {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const first = edges[0];
  const span = edges[edges.length - 1] - first;
  const seen = (r: number): number => {
    const bin = Math.floor(((r - first) / span) * counts.length);
    return counts[Math.min(counts.length - 1, Math.max(0, bin))] / mean;
  };
  const r: number[] = [];
  const weights: number[] = [];
  for (const cluster of knots)
    for (let k = 0; k + 1 < cluster.length; k++)
      for (const [at, weight] of GAUSS) {
        const width = cluster[k + 1] - cluster[k];
        const point = cluster[k] + width * at;
        r.push(point);
        weights.push(width * weight * (seen(point) + UNSEEN));
      }
  return { r: Float64Array.from(r), weights: Float64Array.from(weights) };
}

/** Coefficients of the spline nearest to values at the points. [n x points] */
function projection(basis: SplineBasis, { r, weights }: Points): Float64Array {
  const n = basis.size;
  const rows = Array.from(r, (x) => basisValues(basis, 0, x));
  const normal = new Float64Array(n * n);
  rows.forEach((row, q) => {
    for (let i = 0; i < n; i++) {
      const x = weights[q] * row[i];
      if (x !== 0) for (let k = 0; k < n; k++) normal[i * n + k] += x * row[k];
    }
  });
  const ridge = 1e-13 * diagonalMean(normal, n);
  for (let i = 0; i < n; i++) normal[i * n + i] += ridge;
  const back = inverse(normal, n);
  const out = new Float64Array(n * r.length);
  if (back === null) return out;
  rows.forEach((row, q) => {
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += back[i * n + k] * row[k];
      out[i * r.length + q] = s * weights[q];
    }
  });
  return out;
}

function timesProjection(row: Float64Array, project: Float64Array, points: number): Float64Array {
  const out = new Float64Array(points);
  for (let i = 0; i < row.length; i++)
    for (let q = 0; q < points; q++) out[q] = out[q] + row[i] * project[i * points + q];
  return out;
}

/**
 * How far the best spline of these knots may be from a smooth law, a coefficient: h^4 |f''''| / 384, the fourth derivative from jumps of the third.
 *
 * Where there is noise those jumps are noise too: only half of it counts.
 */
function basisError(
  { clusters }: SplineBasis,
  coefficients: Float64Array,
  slope: (r: number) => number,
  exact: boolean,
): Float64Array {
  const size = Math.sqrt(dot(coefficients, coefficients) / coefficients.length);
  const out = new Float64Array(coefficients.length);
  for (const { knots, first } of clusters) {
    const cells = knots.length - 1;
    const third = Float64Array.from({ length: cells }, (_, k) => {
      const width = knots[k + 1] - knots[k];
      const at = (t: number): number => slope(knots[k] + width * t);
      const h = 0.3 * width;
      return (at(0.95) - 3 * at(0.65) + 3 * at(0.35) - at(0.05)) / (h * h * h);
    });
    for (let i = 0; i < cells + 3; i++) {
      const cell = Math.min(cells - 1, Math.max(0, i - 1));
      let fourth = 0;
      let width = 0;
      for (let k = Math.max(1, cell - 1); k <= Math.min(cells - 1, cell + 1); k++) {
        const h = 0.5 * (knots[k + 1] - knots[k - 1]);
        fourth = Math.max(fourth, Math.abs(third[k] - third[k - 1]) / h);
        width = Math.max(width, h);
      }
      const square = width * width;
      const missed = (fourth * square * square) / 384;
      const least = Math.abs(coefficients[first + i]) + 1e-3 * size;
      out[first + i] = exact ? 2 * (missed + 1e-9 * least) : 0.5 * missed + 1e-6 * least;
    }
  }
  return out;
}
