import {
  basisFromKnots,
  basisValues,
  type KnotPlan,
  type SplineBasis,
  splineCurve,
} from "@mclnn/models/parts";
import { choleskyFactor, choleskySolve, diagonalMean } from "../algebra/linear-algebra.ts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import { collocation } from "../prior/metric.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import { type Kink, spacingAt } from "../splines/bent-knots.ts";

/** Each knot interval is divided into so many: bends are told apart that closely. */
const FINER = 4;
/** Knot intervals at the ends of a cluster where no bend is looked for. */
const MARGIN = 2;
/** Keeps directions that data do not fix from failing the factorisation. */
const FLOOR = 1e-13;
/** What is left of a function beside the spline is roundoff below this share of it. */
const APART = 1e-12;

/** A fit of V' to exact data whose residuals may ask for a bend. */
export interface Bendable {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly tangents: Schedule;
  readonly basis: SplineBasis;
  readonly coefficients: Float64Array;
  readonly starts: Starts;
}

/** A bend that residuals ask for. */
export interface SoughtBend {
  readonly kink: Kink;
  /** Share of the sum of squared residuals that it takes. */
  readonly share: number;
}

/**
 * Where V'' jumps by the residuals of a fit: the hinge max(0, r - a), added to V', that takes most of their sum of squares while the spline
 * follows (score test). Null where nothing can be told.
 */
export function soughtBend(fit: Bendable): SoughtBend | null {
  const shareOf = sharesOf(fit);
  if (shareOf === null) return null;
  let best: SoughtBend | null = null;
  for (const { law, knots } of fit.basis.clusters)
    for (let k = MARGIN * FINER; k <= (knots.length - 1 - MARGIN) * FINER; k++) {
      const left = knots[Math.floor(k / FINER)];
      const at = left + (spacingAt(knots, left) * (k % FINER)) / FINER;
      const share = shareOf(law, (r) => Math.max(0, r - at));
      if (best === null || share > best.share)
        best = { kink: { law, at, width: spacingAt(knots, at) }, share };
    }
  return best;
}

/** What a function added to the V' of a law would take of the sum of squared residuals, as a share. */
type Share = (law: number, f: (r: number) => number) => number;

/** Shares of functions on a basis of finer knots, the fit's own coefficients eliminated; null where these are not determined. */
function sharesOf({
  data,
  schedule,
  tangents,
  basis,
  coefficients,
  starts,
}: Bendable): Share | null {
  const fine = finer(basis);
  const n = fine.size;
  const m = basis.size;
  const { points, toCoefficients } = collocation(fine);
  const embedding = product(toCoefficients, valuesAt(fine, points, basis), n, n, m);
  const own = times(embedding, coefficients);
  const pass = new SensitivityPass(data, schedule, fine, { tangents });
  const { metric, gradient, sum } = pass.normalEquations(splineCurve(fine, own), { starts });
  /** What finer coefficients and those of the fit have in common. [n x m] */
  const cross = product(metric, embedding, n, n, m);
  const turned = transposed(embedding, n, m);
  const inner = product(turned, cross, m, n, m);
  const floor = FLOOR * diagonalMean(inner, m);
  for (let i = 0; i < m; i++) inner[i * m + i] = inner[i * m + i] + floor;
  if (!(sum > 0) || !choleskyFactor(inner, m)) return null;
  const pulled = choleskySolve(inner, m, times(turned, gradient));
  const common = transposed(cross, n, m);
  return (law, f) => {
    // Laws have coefficients of their own: those of the others stay 0.
    const own = fine.clusters.filter((cluster) => cluster.law === law);
    const rows = { first: n, end: 0 };
    const values = new Float64Array(n);
    for (const { first, size } of own) {
      for (let i = first; i < first + size; i++) values[i] = f(points[i]);
      rows.first = Math.min(rows.first, first);
      rows.end = Math.max(rows.end, first + size);
    }
    const added = times(toCoefficients, values, rows, rows);
    const shared = times(common, added, { first: 0, end: m }, rows);
    const whole = dot(added, times(metric, added, rows, rows));
    const left = whole - dot(shared, choleskySolve(inner, m, shared.slice()));
    const wanted = dot(shared, pulled) - dot(added, gradient);
    return left > APART * whole ? (wanted * wanted) / (left * sum) : 0;
  };
}

/** The same clusters with finer knots. */
function finer({ clusters }: SplineBasis): SplineBasis {
  const laws: KnotPlan[][] = [];
  for (const { law, knots, from, to, population } of clusters) {
    const between = Float64Array.from({ length: FINER * (knots.length - 1) + 1 }, (_, k) => {
      const left = knots[Math.floor(k / FINER)];
      return k % FINER === 0
        ? left
        : left + ((knots[Math.floor(k / FINER) + 1] - left) * (k % FINER)) / FINER;
    });
    laws[law] ??= [];
    laws[law].push({ knots: between, from, to, population });
  }
  return basisFromKnots(laws);
}

/** Values of a basis' functions at the collocation points of a finer one. [fine.size x basis.size] */
function valuesAt(fine: SplineBasis, points: Float64Array, basis: SplineBasis): Float64Array {
  const out = new Float64Array(fine.size * basis.size);
  for (const { law, first, size, knots } of fine.clusters) {
    // The last point lies on the last knot, which belongs to the cell beyond it.
    const end = knots.at(-1) as number;
    for (let i = first; i < first + size; i++) {
      const r = Math.min(points[i], end - 1e-12 * end);
      out.set(basisValues(basis, law, r), i * basis.size);
    }
  }
  return out;
}

interface Range {
  readonly first: number;
  readonly end: number;
}

/** A matrix of x.length columns times a vector. @param rows - others stay 0 @param columns - x is 0 in others */
function times(
  matrix: Float64Array,
  x: Float64Array,
  rows: Range = { first: 0, end: matrix.length / x.length },
  columns: Range = { first: 0, end: x.length },
): Float64Array {
  const n = x.length;
  const out = new Float64Array(matrix.length / n);
  for (let row = rows.first; row < rows.end; row++) {
    let sum = 0;
    for (let k = columns.first; k < columns.end; k++) sum += matrix[row * n + k] * x[k];
    out[row] = sum;
  }
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** [n x m] as [m x n]. */
function transposed(a: Float64Array, n: number, m: number): Float64Array {
  return Float64Array.from(a, (_, k) => a[(k % n) * m + Math.floor(k / n)]);
}

/** [n x l] times [l x m]. */
function product(a: Float64Array, b: Float64Array, n: number, l: number, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < l; k++) {
      const x = a[i * l + k];
      if (x === 0) continue;
      for (let j = 0; j < m; j++) out[i * m + j] = out[i * m + j] + x * b[k * m + j];
    }
  return out;
}
