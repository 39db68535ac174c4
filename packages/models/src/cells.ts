/**
 * A partition of the separations into cells, with an index that finds the cell of a separation in constant time.
 *
 * On each cell the slope V' of a law is a cubic in t = (r - edge) / width; four coefficients a cell make a *curve* ([4 x cells], constant
 * term first). A spline law and a tabulated network are both curves, so rollouts, adjoints and sensitivities know nothing else.
 * Below the first edge and beyond the last the outermost cell continues.
 */
export interface Cells {
  readonly count: number;
  /** [count + 1], increasing */
  readonly edges: Float64Array;
  /** [count] */
  readonly inverseWidths: Float64Array;
  /** First cell that overlaps each of equal bins between the outer edges. */
  readonly index: Int32Array;
  readonly binsPerLength: number;
}

/** @param edges - [cells + 1], increasing */
export function createCells(edges: Float64Array): Cells {
  const count = edges.length - 1;
  const inverseWidths = new Float64Array(count);
  let narrowest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < count; k++) {
    const width = (edges[k + 1] as number) - (edges[k] as number);
    inverseWidths[k] = 1 / width;
    narrowest = Math.min(narrowest, width);
  }
  const from = edges[0] as number;
  const length = (edges[count] as number) - from;
  const bins = Math.min(8192, Math.ceil((length / narrowest) * 1.5));
  const binsPerLength = bins / length;
  const index = new Int32Array(bins + 1);
  for (let bin = 0, k = 0; bin <= bins; bin++) {
    const r = from + bin / binsPerLength;
    while (k < count - 1 && (edges[k + 1] as number) <= r) k++;
    index[bin] = k;
  }
  return { count, edges, inverseWidths, index, binsPerLength };
}

/** Cell that holds separation r; the outermost one beyond the ends. */
export function cellOf(cells: Cells, r: number): number {
  const { edges, index } = cells;
  let bin = ((r - (edges[0] as number)) * cells.binsPerLength) | 0;
  if (!(bin > 0)) bin = 0;
  else if (bin >= index.length) bin = index.length - 1;
  let k = index[bin] as number;
  const last = cells.count - 1;
  // A bin is entered at its lower end, which rounding may put one cell too far.
  while (k > 0 && r < (edges[k] as number)) k--;
  while (k < last && r >= (edges[k + 1] as number)) k++;
  return k;
}

/** Value of a curve at separation r. @param curve - [4 x cells] */
export function curveAt(cells: Cells, curve: Float64Array, r: number): number {
  const k = cellOf(cells, r);
  const t = (r - (cells.edges[k] as number)) * (cells.inverseWidths[k] as number);
  const o = 4 * k;
  return (
    (curve[o] as number) +
    t *
      ((curve[o + 1] as number) +
        t * ((curve[o + 2] as number) + t * (curve[o + 3] as number)))
  );
}

/** Derivative of a curve at separation r. */
export function curveDerivativeAt(cells: Cells, curve: Float64Array, r: number): number {
  const k = cellOf(cells, r);
  const inverseWidth = cells.inverseWidths[k] as number;
  const t = (r - (cells.edges[k] as number)) * inverseWidth;
  const o = 4 * k;
  return (
    ((curve[o + 1] as number) +
      t * (2 * (curve[o + 2] as number) + t * 3 * (curve[o + 3] as number))) *
    inverseWidth
  );
}

/**
 * Curve from values and derivatives at the edges (cubic Hermite).
 *
 * Error for a smooth f: at most width^4 max|f''''| / 384. The two outermost cells are straight lines from their inner edges, since they
 * continue beyond the ends, where a cubic would run away.
 *
 * @param values - [cells + 1]
 * @param derivatives - [cells + 1]
 */
export function hermiteCurve(
  cells: Cells,
  values: Float64Array,
  derivatives: Float64Array,
  out: Float64Array = new Float64Array(4 * cells.count),
): Float64Array {
  for (let k = 0; k < cells.count; k++) {
    const width = (cells.edges[k + 1] as number) - (cells.edges[k] as number);
    const a = values[k] as number;
    const b = values[k + 1] as number;
    const p = (derivatives[k] as number) * width;
    const q = (derivatives[k + 1] as number) * width;
    const o = 4 * k;
    const first = k === 0;
    const line = first || k === cells.count - 1;
    out[o] = first ? b - q : a;
    out[o + 1] = first ? q : p;
    out[o + 2] = line ? 0 : 3 * (b - a) - 2 * p - q;
    out[o + 3] = line ? 0 : 2 * (a - b) + p + q;
  }
  return out;
}

/**
 * Transpose of {@link hermiteCurve}: adds the gradient with respect to edge values and derivatives.
 *
 * @param curveGradient - [4 x cells]
 * @param valueGradient - [cells + 1], added to
 * @param derivativeGradient - [cells + 1], added to
 */
export function hermiteCurveTranspose(
  cells: Cells,
  curveGradient: Float64Array,
  valueGradient: Float64Array,
  derivativeGradient: Float64Array,
): void {
  for (let k = 0; k < cells.count; k++) {
    const width = (cells.edges[k + 1] as number) - (cells.edges[k] as number);
    const o = 4 * k;
    const g0 = curveGradient[o] as number;
    const g1 = curveGradient[o + 1] as number;
    const g2 = curveGradient[o + 2] as number;
    const g3 = curveGradient[o + 3] as number;
    if (k === 0) {
      valueGradient[1] = (valueGradient[1] as number) + g0;
      derivativeGradient[1] = (derivativeGradient[1] as number) + width * (g1 - g0);
      continue;
    }
    if (k === cells.count - 1) {
      valueGradient[k] = (valueGradient[k] as number) + g0;
      derivativeGradient[k] = (derivativeGradient[k] as number) + width * g1;
      continue;
    }
    valueGradient[k] = (valueGradient[k] as number) + (g0 - 3 * g2 + 2 * g3);
    valueGradient[k + 1] = (valueGradient[k + 1] as number) + (3 * g2 - 2 * g3);
    derivativeGradient[k] = (derivativeGradient[k] as number) + width * (g1 - 2 * g2 + g3);
    derivativeGradient[k + 1] = (derivativeGradient[k + 1] as number) + width * (g3 - g2);
  }
}

/**
 * Antiderivative of a curve: coefficients of a quartic a cell, continuous across cells, zero at the last edge.
 *
 * @returns [5 x cells], powers of t = (r - edge) / width from 0 to 4
 */
export function integrateCurve(cells: Cells, curve: Float64Array): Float64Array {
  const out = new Float64Array(5 * cells.count);
  let atRight = 0;
  for (let k = cells.count - 1; k >= 0; k--) {
    const width = (cells.edges[k + 1] as number) - (cells.edges[k] as number);
    let sum = 0;
    for (let power = 3; power >= 0; power--) {
      const c = ((curve[4 * k + power] as number) * width) / (power + 1);
      out[5 * k + power + 1] = c;
      sum += c;
    }
    atRight -= sum;
    out[5 * k] = atRight;
  }
  return out;
}

/** Value of an antiderivative from {@link integrateCurve} at separation r. */
export function integralAt(cells: Cells, quartics: Float64Array, r: number): number {
  const k = cellOf(cells, r);
  const t = (r - (cells.edges[k] as number)) * (cells.inverseWidths[k] as number);
  let sum = 0;
  for (let power = 4; power >= 0; power--) sum = sum * t + (quartics[5 * k + power] as number);
  return sum;
}
