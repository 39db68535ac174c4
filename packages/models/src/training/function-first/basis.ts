import { portableExp, portableLog } from "@mclnn/physics/portable";
import { type Cells, cellOf, createCells, curveAt, curveDerivativeAt } from "../../cells.ts";
import { bentKnots, besideKink, type Kink } from "./bent-knots.ts";

/** A stretch of separations without a gap, and its knots. */
export interface Cluster {
  /** The law it belongs to. */
  readonly law: number;
  /** Ends of the data. */
  readonly from: number;
  readonly to: number;
  /** Number of separations in it. */
  readonly population: number;
  /** [cells + 1], increasing; the ends lie a little outside the data. */
  readonly knots: Float64Array;
  /** First coefficient of this cluster, and their number (cells + 3). */
  readonly first: number;
  readonly size: number;
}

/**
 * Cubic B-splines for the V' of each law, one block a cluster of separations, continued linearly outside and in gaps.
 *
 * On a cell only four basis functions differ from zero: `firstBasis[k]` and the next three. Each is a cubic in t there.
 */
export interface SplineBasis {
  readonly size: number;
  readonly clusters: readonly Cluster[];
  readonly cells: Cells;
  /** [cells] */
  readonly firstBasis: Int32Array;
  /** [cells x 4 functions x 4 powers of t] */
  readonly polynomials: Float64Array;
}

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
/** Cells of linear continuation: below the first cluster, in a gap, beyond the last. */
const CELLS_BELOW = 6;
const CELLS_IN_GAP = 24;
const CELLS_BEYOND = 4;

/** Monomial coefficients of a cubic on [0, 1] from its values at 0, 1/3, 2/3, 1. */
const VALUES_TO_POWERS = [
  [1, 0, 0, 0],
  [-5.5, 9, -4.5, 1],
  [9, -22.5, 18, -4.5],
  [-4.5, 13.5, -13.5, 4.5],
] as const;

/** Knots of one law's clusters, with the data they were placed for. */
export interface KnotPlan {
  readonly knots: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly population: number;
}

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
      from: sorted[s.start] as number,
      to: sorted[s.end - 1] as number,
      population,
    };
  });
}

/** Plan for knots that are given; their ends count as the data's. @param knots - one array a cluster, increasing */
export function planOf(knots: readonly Float64Array[]): KnotPlan[] {
  return knots.map((k) => ({
    knots: k,
    from: k[0] as number,
    to: k[k.length - 1] as number,
    population: 0,
  }));
}

/** Builds the basis on given knots. @param laws - the clusters of each law */
export function basisFromKnots(laws: readonly (readonly KnotPlan[])[]): SplineBasis {
  const clusters: Cluster[] = [];
  const blocks: Float64Array[] = [];
  let edges: number[] = [];
  const firstBasis: number[] = [];
  const polynomials: number[] = [];
  /** One cell of the linear continuation from an end of a cluster. */
  const pushLine = (from: number, to: number, end: ClusterEnd): void => {
    edges.push(from);
    firstBasis.push(end.first);
    for (let m = 0; m < 4; m++) {
      const slope = end.derivatives[m] as number;
      polynomials.push(
        (end.values[m] as number) + slope * (from - end.at),
        slope * (to - from),
        0,
        0,
      );
    }
  };
  let first = 0;
  let previous: ClusterEnd | undefined;
  const pushCluster = (plan: KnotPlan, law: number, isLast: boolean): void => {
    const e = plan.knots;
    const n = e.length - 1;
    const clamped = clampKnots(e);
    const a = e[0] as number;
    const b = e[n] as number;
    const left = clusterEnd(clamped, 0, first, a);
    const right = clusterEnd(clamped, n - 1, first + n - 1, b);
    if (previous === undefined) {
      const low = 0.25 * a;
      for (let k = 0; k < CELLS_BELOW; k++)
        pushLine(
          low + ((a - low) * k) / CELLS_BELOW,
          low + ((a - low) * (k + 1)) / CELLS_BELOW,
          left,
        );
    } else {
      const gap = portableLog(a / previous.at);
      for (let k = 0; k < CELLS_IN_GAP; k++) {
        const from = k === 0 ? previous.at : previous.at * portableExp((gap * k) / CELLS_IN_GAP);
        const to =
          k === CELLS_IN_GAP - 1 ? a : previous.at * portableExp((gap * (k + 1)) / CELLS_IN_GAP);
        pushLine(from, to, k < CELLS_IN_GAP / 2 ? previous : left);
      }
    }
    // Three cells a knot interval: network curves use the same cells and need them finer than the spline does.
    for (let k = 0; k < n; k++)
      for (let part = 0; part < CELLS_PER_INTERVAL; part++) {
        const low = e[k] as number;
        const width = (e[k + 1] as number) - low;
        const from = low + (width * part) / CELLS_PER_INTERVAL;
        const to =
          part === CELLS_PER_INTERVAL - 1
            ? (e[k + 1] as number)
            : low + (width * (part + 1)) / CELLS_PER_INTERVAL;
        edges.push(from);
        firstBasis.push(first + k);
        const values = [0, 1, 2, 3].map((q) =>
          bsplineValues(clamped, k + 3, from + ((to - from) * q) / 3),
        );
        for (let m = 0; m < 4; m++)
          for (const row of VALUES_TO_POWERS)
            polynomials.push(
              row[0] * (values[0]?.[m] as number) +
                row[1] * (values[1]?.[m] as number) +
                row[2] * (values[2]?.[m] as number) +
                row[3] * (values[3]?.[m] as number),
            );
      }
    if (isLast) {
      for (let k = 0; k < CELLS_BEYOND; k++)
        pushLine(b * (1 + k / CELLS_BEYOND), b * (1 + (k + 1) / CELLS_BEYOND), right);
      edges.push(2 * b);
    }
    clusters.push({ ...plan, law, first, size: n + 3 });
    first += n + 3;
    previous = right;
  };
  laws.forEach((plans, law) => {
    edges = [];
    previous = undefined;
    plans.forEach((plan, index) => {
      pushCluster(plan, law, index === plans.length - 1);
    });
    blocks.push(Float64Array.from(edges));
  });
  return {
    size: first,
    clusters,
    cells: createCells(blocks),
    firstBasis: Int32Array.from(firstBasis),
    polynomials: Float64Array.from(polynomials),
  };
}

const CELLS_PER_INTERVAL = 3;

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
    if ((sorted[to - 1] as number) <= gapRatio * (sorted[i - 1] as number)) {
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
    const a = sorted[start] as number;
    const b = sorted[i - 1] as number;
    // A lone separation still gets a stretch of its own width.
    const outside = Math.max(margin * (b - a), 1e-3 * b);
    // Not beyond the middle of a gap: the stretch on its other side reaches out as well.
    const low = start === 0 ? 0.5 * a : Math.sqrt((sorted[start - 1] as number) * a);
    const high = i === sorted.length ? 2 * b : Math.sqrt(b * (sorted[i] as number));
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
    while (p < end && (sorted[p] as number) <= r) p++;
    grid[g] = r;
    const plain =
      quantileShare * ((p - start) / (end - start)) + (1 - quantileShare) * (g / points);
    cumulative[g] =
      shape === null || !(mass > 0)
        ? plain
        : (1 - SHAPE_SHARE) * plain + (SHAPE_SHARE * (shape(r) - before)) / mass;
  }
  const knots = new Float64Array(cells + 1);
  const low = cumulative[0] as number;
  const high = cumulative[points] as number;
  for (let k = 0, g = 0; k <= cells; k++) {
    const y = low + ((high - low) * k) / cells;
    while (g < points - 1 && (cumulative[g + 1] as number) < y) g++;
    const y0 = cumulative[g] as number;
    const y1 = cumulative[g + 1] as number;
    const r0 = grid[g] as number;
    knots[k] =
      k === 0
        ? knotFrom
        : k === cells
          ? knotTo
          : r0 + ((grid[g + 1] as number) - r0) * ((y - y0) / (y1 - y0));
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
    const width = (k: number): number => (knots[k + 1] as number) - (knots[k] as number);
    const third = Float64Array.from({ length: n }, (_, k) => {
      const cell = cellOf(basis.cells, law, (knots[k] as number) + width(k) / 2);
      const inverse = basis.cells.inverseWidths[cell] as number;
      return (curve[4 * cell + 3] as number) * 6 * (inverse * inverse * inverse);
    });
    /** At the inner knot between intervals k - 1 and k. */
    const fourth = (k: number): number =>
      Math.abs((third[k] as number) - (third[k - 1] as number)) / (0.5 * (width(k) + width(k - 1)));
    at.push(knots[0] as number);
    mass.push(total);
    for (let k = 0; k < n; k++) {
      // Kinks have knots of their own.
      if (!besideKink(kinks, knots[k] as number, knots[k + 1] as number)) {
        const density = Math.max(fourth(Math.max(1, k)), fourth(Math.min(n - 1, k + 1)));
        total += Math.sqrt(Math.sqrt(density)) * width(k);
      }
      at.push(knots[k + 1] as number);
      mass.push(total);
    }
  }
  let k = 0;
  return (r) => {
    while (k > 0 && r < (at[k] as number)) k--;
    while (k < at.length - 2 && r >= (at[k + 1] as number)) k++;
    const [a, b] = [at[k] as number, at[k + 1] as number];
    const share = b > a ? Math.min(1, Math.max(0, (r - a) / (b - a))) : 0;
    return (mass[k] as number) + share * ((mass[k + 1] as number) - (mass[k] as number));
  };
}

/** Knots with their ends four-fold: coefficient i belongs to knots i to i + 4. */
export function clampKnots(knots: Float64Array): Float64Array {
  const n = knots.length - 1;
  const out = new Float64Array(n + 7);
  out.fill(knots[0] as number, 0, 3);
  out.set(knots, 3);
  out.fill(knots[n] as number, n + 4);
  return out;
}

/** The four cubic B-splines that differ from zero on [knots[i], knots[i + 1]], at r (Cox-de Boor). */
function bsplineValues(knots: Float64Array, i: number, r: number): Float64Array {
  const values = Float64Array.of(1, 0, 0, 0);
  const left = new Float64Array(4);
  const right = new Float64Array(4);
  for (let j = 1; j <= 3; j++) {
    left[j] = r - (knots[i + 1 - j] as number);
    right[j] = (knots[i + j] as number) - r;
    let saved = 0;
    for (let k = 0; k < j; k++) {
      const t = (values[k] as number) / ((right[k + 1] as number) + (left[j - k] as number));
      values[k] = saved + (right[k + 1] as number) * t;
      saved = (left[j - k] as number) * t;
    }
    values[j] = saved;
  }
  return values;
}

/** Values and derivatives at an end of a cluster of the four basis functions there. */
interface ClusterEnd {
  readonly at: number;
  readonly first: number;
  readonly values: Float64Array;
  readonly derivatives: Float64Array;
}

function clusterEnd(clamped: Float64Array, cell: number, first: number, at: number): ClusterEnd {
  // The cubic on the end cell, differentiated exactly through its values at four points.
  const a = clamped[cell + 3] as number;
  const b = clamped[cell + 4] as number;
  const samples = [0, 1, 2, 3].map((q) => bsplineValues(clamped, cell + 3, a + ((b - a) * q) / 3));
  const atLeft = at === a;
  const derivatives = new Float64Array(4);
  for (let m = 0; m < 4; m++) {
    const [, c1, c2, c3] = VALUES_TO_POWERS.map((row) =>
      row.reduce<number>((sum, w, q) => sum + w * (samples[q]?.[m] as number), 0),
    ) as [number, number, number, number];
    derivatives[m] = (atLeft ? c1 : c1 + 2 * c2 + 3 * c3) / (b - a);
  }
  return { at, first, values: samples[atLeft ? 0 : 3] as Float64Array, derivatives };
}

/** Curve (four powers of t a cell) of a spline with these coefficients. @param coefficients - [size] */
export function splineCurve(
  basis: SplineBasis,
  coefficients: Float64Array,
  out: Float64Array = new Float64Array(4 * basis.cells.count),
): Float64Array {
  const { cells, firstBasis, polynomials } = basis;
  for (let k = 0; k < cells.count; k++)
    for (let power = 0; power < 4; power++) {
      let s = 0;
      for (let m = 0; m < 4; m++)
        s +=
          (coefficients[(firstBasis[k] as number) + m] as number) *
          (polynomials[16 * k + 4 * m + power] as number);
      out[4 * k + power] = s;
    }
  return out;
}

/**
 * Makes a spline's curve continuous across gaps: between two clusters the two linear continuations give way to the cubic in log r that has
 * their values and slopes at the ends. No data decide there; a law that is simulated should have no jumps.
 *
 * @param curve - [4 x cells], changed in place
 */
export function bridgeGaps({ clusters, cells }: SplineBasis, curve: Float64Array): void {
  clusters.forEach((right, index) => {
    const left = clusters[index - 1];
    if (left === undefined || left.law !== right.law) return;
    const { law } = right;
    const from = left.knots[left.knots.length - 1] as number;
    const to = right.knots[0] as number;
    const width = portableLog(to / from);
    // Cells hold their left edge: the first cell of the gap starts at `from` and lies on the left cluster's tangent.
    const a = curveAt(cells, curve, law, from);
    const b = curveAt(cells, curve, law, to);
    const p = from * curveDerivativeAt(cells, curve, law, from) * width;
    const q = to * curveDerivativeAt(cells, curve, law, to) * width;
    const c2 = 3 * (b - a) - 2 * p - q;
    const c3 = 2 * (a - b) + p + q;
    const value = (r: number): number => {
      const t = portableLog(r / from) / width;
      return a + t * (p + t * (c2 + t * c3));
    };
    const slope = (r: number): number => {
      const t = portableLog(r / from) / width;
      return (p + t * (2 * c2 + t * 3 * c3)) / (width * r);
    };
    for (let k = cellOf(cells, law, from); (cells.left[k] as number) < to; k++) {
      const r0 = cells.left[k] as number;
      const w = 1 / (cells.inverseWidths[k] as number);
      const [f0, f1, g0, g1] = [value(r0), value(r0 + w), slope(r0) * w, slope(r0 + w) * w];
      curve.set([f0, g0, 3 * (f1 - f0) - 2 * g0 - g1, 2 * (f0 - f1) + g0 + g1], 4 * k);
    }
  });
}

/** Values of all basis functions of one law at separation r. @returns [size] */
export function basisValues(basis: SplineBasis, law: number, r: number): Float64Array {
  const { cells, firstBasis, polynomials } = basis;
  const out = new Float64Array(basis.size);
  const k = cellOf(cells, law, r);
  const t = (r - (cells.left[k] as number)) * (cells.inverseWidths[k] as number);
  for (let m = 0; m < 4; m++) {
    const o = 16 * k + 4 * m;
    out[(firstBasis[k] as number) + m] =
      (polynomials[o] as number) +
      t *
        ((polynomials[o + 1] as number) +
          t * ((polynomials[o + 2] as number) + t * (polynomials[o + 3] as number)));
  }
  return out;
}

/** One law's part of a basis: a basis of its own, and where its coefficients begin. */
export interface LawBlock {
  readonly basis: SplineBasis;
  readonly first: number;
}

/** The parts of a basis, one a law. */
export function lawBlocks(basis: SplineBasis): LawBlock[] {
  const { clusters, cells } = basis;
  if (cells.blocks === 1) return [{ basis, first: 0 }];
  return Array.from({ length: cells.blocks }, (_, law) => {
    const own = clusters.filter((cluster) => cluster.law === law);
    return { basis: basisFromKnots([own]), first: own[0]?.first ?? 0 };
  });
}

/** The block of a symmetric matrix from `first` on. @param matrix - [size x size] @returns [n x n] */
export function diagonalBlock(
  matrix: Float64Array,
  size: number,
  first: number,
  n: number,
): Float64Array {
  if (n === size) return matrix;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) out[i * n + k] = matrix[(first + i) * size + first + k] as number;
  return out;
}

/** Greville abscissae: the points at which a spline's values determine its coefficients. @returns [size] */
export function collocationPoints(basis: SplineBasis): Float64Array {
  const out = new Float64Array(basis.size);
  for (const { knots, first, size } of basis.clusters) {
    const clamped = clampKnots(knots);
    for (let i = 0; i < size; i++)
      out[first + i] =
        ((clamped[i + 1] as number) + (clamped[i + 2] as number) + (clamped[i + 3] as number)) / 3;
  }
  return out;
}

/** Coefficients around one whose size its roughness is measured by. */
const AMPLITUDE_REACH = 3;
/** No coefficient counts as smaller than this share of their mean. */
const LEAST_AMPLITUDE = 1e-3;

/**
 * Squared third differences of the coefficients inside each cluster: the roughness prior.
 *
 * @param relativeTo - coefficients whose local size the differences are divided by. [size]
 * @returns [size x size]
 */
export function roughness(basis: SplineBasis, relativeTo?: Float64Array): Float64Array {
  const { size } = basis;
  const out = new Float64Array(size * size);
  const stencil = [-1, 3, -3, 1];
  const amplitude = relativeTo === undefined ? null : localAmplitudes(basis, relativeTo);
  for (const cluster of basis.clusters)
    for (let k = cluster.first; k + 3 < cluster.first + cluster.size; k++) {
      let scale = 1;
      if (amplitude !== null) {
        const mean =
          ((amplitude[k] as number) +
            (amplitude[k + 1] as number) +
            (amplitude[k + 2] as number) +
            (amplitude[k + 3] as number)) /
          4;
        scale = 1 / (mean * mean);
      }
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) {
          const o = (k + i) * size + k + j;
          out[o] = (out[o] as number) + scale * (stencil[i] as number) * (stencil[j] as number);
        }
    }
  return out;
}

/** Mean size of the coefficients around each, relative to all. */
function localAmplitudes(
  { size, clusters }: SplineBasis,
  coefficients: Float64Array,
): Float64Array {
  let all = 0;
  for (const c of coefficients) all += Math.abs(c) / size;
  const out = new Float64Array(size).fill(1);
  if (!(all > 0) || !Number.isFinite(all)) return out;
  for (const { first, size: m } of clusters)
    for (let i = first; i < first + m; i++) {
      const from = Math.max(first, i - AMPLITUDE_REACH);
      const to = Math.min(first + m - 1, i + AMPLITUDE_REACH);
      let sum = 0;
      for (let j = from; j <= to; j++) sum += Math.abs(coefficients[j] as number);
      out[i] = Math.max(sum / (to - from + 1), LEAST_AMPLITUDE * all) / all;
    }
  return out;
}
