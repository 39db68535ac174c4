import { checkArgument, type Requirement } from "@mclnn/physics/arguments";
import { checkEdges } from "../numbers.ts";

/**
 * Partitions of the separations into cells, one block a law, with an index that finds the cell of a separation in constant time.
 *
 * On each cell the slope V' of a law is a cubic in t = (r - edge) / width; four coefficients a cell make a *curve* ([4 x cells], constant
 * term first). A spline law and a tabulated network are both curves, so rollouts, adjoints and sensitivities know nothing else.
 * Below the first edge of a block and beyond its last the outermost cell continues.
 *
 * Several laws (one a pair of species) lie one after another in the same arrays: block b owns cells `firstCell[b]` to `firstCell[b + 1] - 1`.
 */
export interface Cells {
  /** Cells of all blocks. */
  readonly count: number;
  readonly blocks: number;
  /** [blocks + 1] */
  readonly firstCell: Int32Array;
  /** Left edge and inverse width of each cell. [count] */
  readonly left: Float64Array;
  readonly inverseWidths: Float64Array;
  /** Right end of each block. [blocks] */
  readonly end: Float64Array;
  /** First cell that overlaps each of the equal bins of a block; block b owns bins `firstBin[b]` to `firstBin[b + 1] - 1`. */
  readonly index: Int32Array;
  /** [blocks + 1] */
  readonly firstBin: Int32Array;
  /** Bins per unit of length. [blocks] */
  readonly binsPerLength: Float64Array;
}

/** What {@link createCells} makes. */
export const CELLS: Requirement = {
  count: "count",
  blocks: "count",
  firstCell: "numbers",
  left: "floats",
  inverseWidths: "floats",
  end: "floats",
  index: "numbers",
  firstBin: "numbers",
  binsPerLength: "floats",
};

const MAX_BINS = 8192;

/**
 * @param blocks - edges of each block, increasing. [cells + 1] each
 * @throws MclnnError `bad-argument`, `not-finite`, `bad-knots`
 */
export function createCells(blocks: readonly Float64Array[]): Cells {
  checkArgument("blocks", blocks, "list");
  Array.from(blocks).forEach((edges, b) => {
    checkArgument(`blocks[${b}]`, edges, "numbers");
    checkEdges(`blocks[${b}]`, edges);
  });
  const count = blocks.reduce((sum, edges) => sum + edges.length - 1, 0);
  const left = new Float64Array(count);
  const inverseWidths = new Float64Array(count);
  const firstCell = new Int32Array(blocks.length + 1);
  const firstBin = new Int32Array(blocks.length + 1);
  const binsPerLength = new Float64Array(blocks.length);
  const end = new Float64Array(blocks.length);
  const index: number[] = [];
  blocks.forEach((edges, b) => {
    const n = edges.length - 1;
    const first = firstCell[b];
    const from = edges[0];
    const to = edges[n];
    let narrowest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < n; k++) {
      const width = edges[k + 1] - edges[k];
      left[first + k] = edges[k];
      inverseWidths[first + k] = 1 / width;
      narrowest = Math.min(narrowest, width);
    }
    const bins = Math.min(MAX_BINS, Math.ceil(((to - from) / narrowest) * 1.5));
    const perLength = bins / (to - from);
    for (let bin = 0, k = 0; bin <= bins; bin++) {
      const r = from + bin / perLength;
      while (k < n - 1 && edges[k + 1] <= r) k++;
      index.push(first + k);
    }
    binsPerLength[b] = perLength;
    end[b] = to;
    firstCell[b + 1] = first + n;
    firstBin[b + 1] = index.length;
  });
  return {
    count,
    blocks: blocks.length,
    firstCell,
    left,
    inverseWidths,
    end,
    index: Int32Array.from(index),
    firstBin,
    binsPerLength,
  };
}

/** Cell of a block that holds separation r; the outermost one beyond the ends. */
export function cellOf(cells: Cells, block: number, r: number): number {
  const { left, index, firstCell, firstBin } = cells;
  const first = firstCell[block];
  const last = firstCell[block + 1] - 1;
  const bins = firstBin[block + 1] - firstBin[block];
  let bin = ((r - left[first]) * cells.binsPerLength[block]) | 0;
  // Stryker disable next-line EqualityOperator: bin 0 stays bin 0
  if (!(bin > 0)) bin = 0;
  else if (bin >= bins) bin = bins - 1;
  let k = index[firstBin[block] + bin];
  // A bin is entered at its lower end, which rounding may put one cell too far.
  // Stryker disable next-line EqualityOperator: who goes down a cell too far comes up again
  while (k > first && r < left[k]) k--;
  while (k < last && r >= left[k + 1]) k++;
  return k;
}

/** Edges of one block. [cells + 1] */
export function edgesOf(cells: Cells, block: number): Float64Array {
  const first = cells.firstCell[block];
  const last = cells.firstCell[block + 1];
  const out = new Float64Array(last - first + 1);
  out.set(cells.left.subarray(first, last));
  out[last - first] = cells.end[block];
  return out;
}

/** Value of a curve at separation r. @param curve - [4 x cells] */
export function curveAt(cells: Cells, curve: Float64Array, block: number, r: number): number {
  const k = cellOf(cells, block, r);
  const t = (r - cells.left[k]) * cells.inverseWidths[k];
  const o = 4 * k;
  return curve[o] + t * (curve[o + 1] + t * (curve[o + 2] + t * curve[o + 3]));
}

/** Derivative of a curve at separation r. */
export function curveDerivativeAt(
  cells: Cells,
  curve: Float64Array,
  block: number,
  r: number,
): number {
  const k = cellOf(cells, block, r);
  const inverseWidth = cells.inverseWidths[k];
  const t = (r - cells.left[k]) * inverseWidth;
  const o = 4 * k;
  return (curve[o + 1] + t * (2 * curve[o + 2] + t * 3 * curve[o + 3])) * inverseWidth;
}

/**
 * Curve of one block from values and derivatives at its edges (cubic Hermite).
 *
 * Error for a smooth f: at most width^4 max|f''''| / 384. The two outermost cells are straight lines from their inner edges, since they
 * continue beyond the ends, where a cubic would run away.
 *
 * @param values - [cells of the block + 1]
 * @param derivatives - [cells of the block + 1]
 * @param out - [4 x cells], the block's part is overwritten
 */
export function hermiteCurve(
  cells: Cells,
  block: number,
  values: Float64Array,
  derivatives: Float64Array,
  out: Float64Array,
): void {
  const first = cells.firstCell[block];
  const n = cells.firstCell[block + 1] - first;
  for (let k = 0; k < n; k++) {
    const width = 1 / cells.inverseWidths[first + k];
    const a = values[k];
    const b = values[k + 1];
    const p = derivatives[k] * width;
    const q = derivatives[k + 1] * width;
    const o = 4 * (first + k);
    const low = k === 0;
    const line = low || k === n - 1;
    out[o] = low ? b - q : a;
    out[o + 1] = low ? q : p;
    out[o + 2] = line ? 0 : 3 * (b - a) - 2 * p - q;
    out[o + 3] = line ? 0 : 2 * (a - b) + p + q;
  }
}

/**
 * Transpose of {@link hermiteCurve}: adds the gradient with respect to edge values and derivatives of one block.
 *
 * @param curveGradient - [4 x cells]
 * @param valueGradient - [cells of the block + 1], added to
 * @param derivativeGradient - [cells of the block + 1], added to
 */
export function hermiteCurveTranspose(
  cells: Cells,
  block: number,
  curveGradient: Float64Array,
  valueGradient: Float64Array,
  derivativeGradient: Float64Array,
): void {
  const first = cells.firstCell[block];
  const n = cells.firstCell[block + 1] - first;
  const add = (target: Float64Array, k: number, x: number): void => {
    target[k] = target[k] + x;
  };
  for (let k = 0; k < n; k++) {
    const width = 1 / cells.inverseWidths[first + k];
    const o = 4 * (first + k);
    const g0 = curveGradient[o];
    const g1 = curveGradient[o + 1];
    const g2 = curveGradient[o + 2];
    const g3 = curveGradient[o + 3];
    if (k === 0) {
      add(valueGradient, 1, g0);
      add(derivativeGradient, 1, width * (g1 - g0));
    } else if (k === n - 1) {
      add(valueGradient, k, g0);
      add(derivativeGradient, k, width * g1);
    } else {
      add(valueGradient, k, g0 - 3 * g2 + 2 * g3);
      add(valueGradient, k + 1, 3 * g2 - 2 * g3);
      add(derivativeGradient, k, width * (g1 - 2 * g2 + g3));
      add(derivativeGradient, k + 1, width * (g3 - g2));
    }
  }
}

/**
 * Antiderivative of a curve: coefficients of a quartic a cell, continuous across the cells of a block, zero at its end.
 *
 * @returns [5 x cells], powers of t = (r - edge) / width from 0 to 4
 */
export function integrateCurve(cells: Cells, curve: Float64Array): Float64Array {
  const out = new Float64Array(5 * cells.count);
  for (let b = 0; b < cells.blocks; b++) {
    let atRight = 0;
    for (let k = cells.firstCell[b + 1] - 1; k >= cells.firstCell[b]; k--) {
      const width = 1 / cells.inverseWidths[k];
      let sum = 0;
      for (let power = 3; power >= 0; power--) {
        const c = (curve[4 * k + power] * width) / (power + 1);
        out[5 * k + power + 1] = c;
        sum += c;
      }
      atRight -= sum;
      out[5 * k] = atRight;
    }
  }
  return out;
}

/** Value of an antiderivative from {@link integrateCurve} at separation r. */
export function integralAt(cells: Cells, quartics: Float64Array, block: number, r: number): number {
  const k = cellOf(cells, block, r);
  const t = (r - cells.left[k]) * cells.inverseWidths[k];
  let sum = 0;
  for (let power = 4; power >= 0; power--) sum = sum * t + quartics[5 * k + power];
  return sum;
}
