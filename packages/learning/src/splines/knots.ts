import {
  basisFromKnots,
  cellOf,
  clampKnots,
  type KnotPlan,
  type SplineBasis,
  splineCurve,
} from "@mclnn/models/parts";
import { portableExp, portableLog } from "@mclnn/physics/portable";
import { bentKnots, besideKink, type Kink } from "./bent-knots.ts";

export interface BasisOptions {
  /** Knot intervals over all clusters. */
  readonly cells?: number;
  /** Neighbouring separations further apart than this factor are in two clusters. */
  readonly gapRatio?: number;
  /** Knots lie outside the data by this share of the cluster's length. */
  readonly margin?: number;
  /** Share of quantile spacing; the rest is logarithmic. */
  readonly quantileShare?: number;
  /** What is known of the law already. */
  readonly shape?: KnotShape;
}

/** A spline law found before, as far as knots follow it. */
export interface KnotShape {
  /** Half of the knots lie where this law needs them. */
  readonly follows: { readonly basis: SplineBasis; readonly coefficients: Float64Array } | null;
  /** Where V'' jumps, knots are so close that the spline's may. */
  readonly kinks: readonly Kink[];
}

const MIN_CELLS = 5;
/** Quantiles and logarithm are mixed on a grid of this many points; one that follows a law's shape is finer. */
const DENSITY_GRID = 400;
const SHAPE_GRID = 4000;
/** Share of the knots that follow the shape. */
const SHAPE_SHARE = 0.5;

/**
 * Builds the basis for the separations that occur.
 *
 * Knots follow the data (quantiles) and the scale (log r): gravity needs many where particles come close, data are dense elsewhere.
 *
 * @param sorted - separations of each law, increasing
 */
export function buildBasis(
  sorted: readonly Float64Array[],
  options: BasisOptions = {},
): SplineBasis {
  return basisFromKnots(sorted.map((separations, law) => planKnots(separations, law, options)));
}

function planKnots(sorted: Float64Array, law: number, options: BasisOptions): KnotPlan[] {
  const { cells = 36, gapRatio = 1.35, margin = 0.01, quantileShare = 0.4 } = options;
  const stretches = splitAtGaps(sorted, gapRatio, margin);
  const logLength = (s: Stretch): number => portableLog(s.knotTo / s.knotFrom);
  const totalLog = stretches.reduce((sum, s) => sum + logLength(s), 0);
  const kinks = (options.shape?.kinks ?? []).filter((kink) => kink.law === law);
  const follows = options.shape?.follows ?? null;
  return stretches.map((s) => {
    const population = s.end - s.start;
    const share =
      quantileShare * (population / sorted.length) +
      (1 - quantileShare) * (logLength(s) / totalLog);
    const knots = placeKnots(sorted, s, Math.max(MIN_CELLS, Math.round(cells * share)), {
      quantileShare,
      shape: follows === null ? null : shapeMass(follows, law, kinks),
    });
    return {
      knots: kinks.length === 0 ? knots : bentKnots(knots, kinks),
      from: sorted[s.start],
      to: sorted[s.end - 1],
      population,
    };
  });
}

interface Stretch {
  /** Range of indices in the sorted separations. */
  readonly start: number;
  readonly end: number;
  readonly knotFrom: number;
  readonly knotTo: number;
}

/** The first index from `i` on that lies beyond a gap, or the end; by leaps, for there is no gap within a stretch as short as one. */
function endOfStretch(sorted: Float64Array, i: number, gapRatio: number): number {
  for (let leap = 1; i < sorted.length; ) {
    const to = Math.min(sorted.length, i + leap);
    if (sorted[to - 1] <= gapRatio * sorted[i - 1]) {
      i = to;
      leap *= 2;
    } else if (to === i + 1) break;
    else leap = Math.max(1, leap >> 2);
  }
  return i;
}

function splitAtGaps(sorted: Float64Array, gapRatio: number, margin: number): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  for (let i = 1; i <= sorted.length; i++) {
    i = endOfStretch(sorted, i, gapRatio);
    const a = sorted[start];
    const b = sorted[i - 1];
    // A lone separation still gets a stretch of its own width.
    const outside = Math.max(margin * (b - a), 1e-3 * b);
    // Not beyond the middle of a gap: the stretch on its other side reaches out as well.
    const low = start === 0 ? 0.5 * a : Math.sqrt(sorted[start - 1] * a);
    const high = i === sorted.length ? 2 * b : Math.sqrt(b * sorted[i]);
    stretches.push({
      start,
      end: i,
      knotFrom: Math.max(a - outside, low),
      knotTo: Math.min(b + outside, high),
    });
    start = i;
  }
  return stretches;
}

function placeKnots(
  sorted: Float64Array,
  { start, end, knotFrom, knotTo }: Stretch,
  cells: number,
  { quantileShare, shape }: { quantileShare: number; shape: ((r: number) => number) | null },
): Float64Array {
  const logRatio = portableLog(knotTo / knotFrom);
  const points = shape === null ? DENSITY_GRID : SHAPE_GRID;
  const grid = new Float64Array(points + 1);
  const cumulative = new Float64Array(points + 1);
  const before = shape === null ? 0 : shape(knotFrom);
  const mass = shape === null ? 0 : shape(knotTo) - before;
  for (let g = 0, p = start; g <= points; g++) {
    const r = g === points ? knotTo : knotFrom * portableExp((logRatio * g) / points);
    while (p < end && sorted[p] <= r) p++;
    grid[g] = r;
    const plain =
      quantileShare * ((p - start) / (end - start)) + (1 - quantileShare) * (g / points);
    cumulative[g] =
      shape === null || !(mass > 0)
        ? plain
        : (1 - SHAPE_SHARE) * plain + (SHAPE_SHARE * (shape(r) - before)) / mass;
  }
  const knots = new Float64Array(cells + 1);
  const low = cumulative[0];
  const high = cumulative[points];
  for (let k = 0, g = 0; k <= cells; k++) {
    const y = low + ((high - low) * k) / cells;
    while (g < points - 1 && cumulative[g + 1] < y) g++;
    const y0 = cumulative[g];
    const y1 = cumulative[g + 1];
    const r0 = grid[g];
    knots[k] =
      k === 0 ? knotFrom : k === cells ? knotTo : r0 + (grid[g + 1] - r0) * ((y - y0) / (y1 - y0));
  }
  return knots;
}

/**
 * Integral of |V'''''|^(1/4) up to r: knots at its quantiles make a cubic spline's error for V' the same everywhere (de Boor, A Practical
 * Guide to Splines, ch. XII). The fourth derivative of a cubic spline is told from the jumps of its third.
 */
function shapeMass(
  { basis, coefficients }: NonNullable<KnotShape["follows"]>,
  law: number,
  kinks: readonly Kink[],
): (r: number) => number {
  const curve = splineCurve(basis, coefficients);
  const at: number[] = [];
  const mass: number[] = [];
  let total = 0;
  for (const { knots, law: own } of basis.clusters) {
    if (own !== law) continue;
    const n = knots.length - 1;
    const width = (k: number): number => knots[k + 1] - knots[k];
    const third = Float64Array.from({ length: n }, (_, k) => {
      const cell = cellOf(basis.cells, law, knots[k] + width(k) / 2);
      const inverse = basis.cells.inverseWidths[cell];
      return curve[4 * cell + 3] * 6 * (inverse * inverse * inverse);
    });
    /** At the inner knot between intervals k - 1 and k. */
    const fourth = (k: number): number =>
      Math.abs(third[k] - third[k - 1]) / (0.5 * (width(k) + width(k - 1)));
    at.push(knots[0]);
    mass.push(total);
    for (let k = 0; k < n; k++) {
      // Kinks have knots of their own.
      if (!besideKink(kinks, knots[k], knots[k + 1])) {
        const density = Math.max(fourth(Math.max(1, k)), fourth(Math.min(n - 1, k + 1)));
        total += Math.sqrt(Math.sqrt(density)) * width(k);
      }
      at.push(knots[k + 1]);
      mass.push(total);
    }
  }
  let k = 0;
  return (r) => {
    while (k > 0 && r < at[k]) k--;
    while (k < at.length - 2 && r >= at[k + 1]) k++;
    const [a, b] = [at[k], at[k + 1]];
    const share = b > a ? Math.min(1, Math.max(0, (r - a) / (b - a))) : 0;
    return mass[k] + share * (mass[k + 1] - mass[k]);
  };
}

/** Greville abscissae: the points at which a spline's values determine its coefficients. @returns [size] */
export function collocationPoints(basis: SplineBasis): Float64Array {
  const out = new Float64Array(basis.size);
  for (const { knots, first, size } of basis.clusters) {
    const clamped = clampKnots(knots);
    for (let i = 0; i < size; i++)
      out[first + i] = (clamped[i + 1] + clamped[i + 2] + clamped[i + 3]) / 3;
  }
  return out;
}
