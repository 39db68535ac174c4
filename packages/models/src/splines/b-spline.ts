import { portableExp, portableLog } from "@mclnn/physics/portable";
import { type Cells, cellOf, createCells, curveAt, curveDerivativeAt } from "./cells.ts";

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

/** Plan for knots that are given; their ends count as the data's. @param knots - one array a cluster, increasing */
export function planOf(knots: readonly Float64Array[]): KnotPlan[] {
  return knots.map((k) => ({
    knots: k,
    from: k[0],
    to: k[k.length - 1],
    population: 0,
  }));
}

/** Builds the basis on given knots. @param laws - the clusters of each law */
export function basisFromKnots(laws: readonly (readonly KnotPlan[])[]): SplineBasis {
  const clusters: Cluster[] = [];
  const cells = new CellList();
  let first = 0;
  const blocks = laws.map((plans, law) => {
    let previous: ClusterEnd | undefined;
    cells.edges = [];
    for (const plan of plans) {
      const { knots } = plan;
      const n = knots.length - 1;
      const clamped = clampKnots(knots);
      const left = clusterEnd(clamped, 0, first, knots[0]);
      const low = 0.25 * left.at;
      if (previous !== undefined) cells.pushGap(previous, left);
      else
        cells.pushLines(
          CELLS_BELOW,
          (k) => low + ((left.at - low) * k) / CELLS_BELOW,
          () => left,
        );
      cells.pushSpline(knots, clamped, first);
      clusters.push({ ...plan, law, first, size: n + 3 });
      previous = clusterEnd(clamped, n - 1, first + n - 1, knots[n]);
      first += n + 3;
    }
    if (previous !== undefined) {
      const right = previous;
      const edge = (k: number): number => right.at * (1 + k / CELLS_BEYOND);
      cells.pushLines(CELLS_BEYOND, edge, () => right);
      cells.edges.push(edge(CELLS_BEYOND));
    }
    return Float64Array.from(cells.edges);
  });
  return {
    size: first,
    clusters,
    cells: createCells(blocks),
    firstBasis: Int32Array.from(cells.firstBasis),
    polynomials: Float64Array.from(cells.polynomials),
  };
}

/** Cells of a basis in the making, from left to right. */
class CellList {
  /** Of the law whose cells are pushed. */
  edges: number[] = [];
  readonly firstBasis: number[] = [];
  readonly polynomials: number[] = [];

  /** Linear continuations from both ends of a gap to its middle, evenly in log r. */
  pushGap(before: ClusterEnd, after: ClusterEnd): void {
    const gap = portableLog(after.at / before.at);
    const edge = (k: number): number => {
      if (k === 0) return before.at;
      if (k === CELLS_IN_GAP) return after.at;
      return before.at * portableExp((gap * k) / CELLS_IN_GAP);
    };
    this.pushLines(CELLS_IN_GAP, edge, (k) => (k < CELLS_IN_GAP / 2 ? before : after));
  }

  /** Three cells a knot interval: network curves use the same cells and need them finer than the spline does. */
  pushSpline(knots: Float64Array, clamped: Float64Array, first: number): void {
    for (let k = 0; k + 1 < knots.length; k++)
      for (let part = 0; part < CELLS_PER_INTERVAL; part++) {
        const low = knots[k];
        const width = knots[k + 1] - low;
        const edge = (part: number): number =>
          part === CELLS_PER_INTERVAL ? knots[k + 1] : low + (width * part) / CELLS_PER_INTERVAL;
        this.edges.push(edge(part));
        this.firstBasis.push(first + k);
        this.polynomials.push(...cubics(clamped, k + 3, edge(part), edge(part + 1)).flat());
      }
  }

  /** Cells of linear continuation, each from an end of a cluster. @param edge - where cell k begins */
  pushLines(count: number, edge: (k: number) => number, endOf: (k: number) => ClusterEnd): void {
    for (let k = 0; k < count; k++) {
      const { at, first, values, derivatives } = endOf(k);
      const from = edge(k);
      this.edges.push(from);
      this.firstBasis.push(first);
      derivatives.forEach((slope, m) => {
        this.polynomials.push(values[m] + slope * (from - at), slope * (edge(k + 1) - from), 0, 0);
      });
    }
  }
}

const CELLS_PER_INTERVAL = 3;

/** The four B-splines that differ from zero on [knots[i], knots[i + 1]] as cubics in t from 0 to 1 between two places there. [functions][powers of t] */
function cubics(knots: Float64Array, i: number, from: number, to: number): number[][] {
  const samples = [0, 1, 2, 3].map((q) => bsplineValues(knots, i, from + ((to - from) * q) / 3));
  return [0, 1, 2, 3].map((m) =>
    VALUES_TO_POWERS.map((row) =>
      row.reduce<number>((sum, weight, q) => sum + weight * samples[q][m], 0),
    ),
  );
}

/** Knots with their ends four-fold: coefficient i belongs to knots i to i + 4. */
export function clampKnots(knots: Float64Array): Float64Array {
  const n = knots.length - 1;
  const out = new Float64Array(n + 7);
  out.fill(knots[0], 0, 3);
  out.set(knots, 3);
  out.fill(knots[n], n + 4);
  return out;
}

/** The four cubic B-splines that differ from zero on [knots[i], knots[i + 1]], at r (Cox-de Boor). */
function bsplineValues(knots: Float64Array, i: number, r: number): Float64Array {
  const values = Float64Array.of(1, 0, 0, 0);
  const left = new Float64Array(4);
  const right = new Float64Array(4);
  for (let j = 1; j <= 3; j++) {
    left[j] = r - knots[i + 1 - j];
    right[j] = knots[i + j] - r;
    let saved = 0;
    for (let k = 0; k < j; k++) {
      const t = values[k] / (right[k + 1] + left[j - k]);
      values[k] = saved + right[k + 1] * t;
      saved = left[j - k] * t;
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
  readonly derivatives: readonly number[];
}

function clusterEnd(clamped: Float64Array, cell: number, first: number, at: number): ClusterEnd {
  // The cubic on the end cell, differentiated exactly.
  const a = clamped[cell + 3];
  const b = clamped[cell + 4];
  const derivatives = cubics(clamped, cell + 3, a, b).map(
    ([, c1, c2, c3]) => (at === a ? c1 : c1 + 2 * c2 + 3 * c3) / (b - a),
  );
  const end = a + ((b - a) * (at === a ? 0 : 3)) / 3;
  return { at, first, values: bsplineValues(clamped, cell + 3, end), derivatives };
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
        s += coefficients[firstBasis[k] + m] * polynomials[16 * k + 4 * m + power];
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
    const from = left.knots[left.knots.length - 1];
    const to = right.knots[0];
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
    for (let k = cellOf(cells, law, from); cells.left[k] < to; k++) {
      const r0 = cells.left[k];
      const w = 1 / cells.inverseWidths[k];
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
  const t = (r - cells.left[k]) * cells.inverseWidths[k];
  for (let m = 0; m < 4; m++) {
    const o = 16 * k + 4 * m;
    out[firstBasis[k] + m] =
      polynomials[o] + t * (polynomials[o + 1] + t * (polynomials[o + 2] + t * polynomials[o + 3]));
  }
  return out;
}
