import { portableLog } from "../portable/index.ts";

/** Values of the four B-splines of a cell at its thirds are these rows' times their polynomials. */
const FROM_THIRDS: readonly (readonly number[])[] = [
  [1, 0, 0, 0],
  [-5.5, 9, -4.5, 1],
  [9, -22.5, 18, -4.5],
  [-4.5, 13.5, -13.5, 4.5],
];

/**
 * Cubic B-splines on increasing knots (the ends are repeated by themselves), straight on outside: what curves of terms are made of.
 *
 * {@link at} looks a place up; what is read then is of that place.
 */
export class Spline {
  /** Number of coefficients. */
  readonly size: number;
  /** First of the four coefficients that count at the place. */
  first = 0;
  /** What they are multiplied with for the value there, and for the slope. [4] */
  readonly values: Float64Array = new Float64Array(4);
  readonly slopes: Float64Array = new Float64Array(4);
  private readonly seconds: Float64Array = new Float64Array(4);
  /** Of the place in its cell; null outside, where curves are straight. */
  private share: number | null = null;
  private readonly knots: Float64Array;
  /** Of each cell and each of its four splines, in the share of the cell. [cells x 4 x 4] */
  private readonly polynomials: Float64Array;

  constructor(knots: readonly number[]) {
    this.knots = Float64Array.from(knots);
    const cells = knots.length - 1;
    this.size = cells + 3;
    this.polynomials = new Float64Array(16 * cells);
    const [from, to] = [knots[0], knots[cells]];
    const all = [from, from, from, ...knots, to, to, to];
    for (let cell = 0; cell < cells; cell++) {
      const width = knots[cell + 1] - knots[cell];
      const thirds = [0, 1, 2, 3].map((k) => deBoor(all, cell + 3, knots[cell] + (width * k) / 3));
      for (let e = 0; e < 4; e++)
        for (let m = 0; m < 4; m++)
          this.polynomials[16 * cell + 4 * e + m] = FROM_THIRDS[m].reduce(
            (sum, w, k) => sum + w * thirds[k][e],
            0,
          );
    }
  }

  /** Looks a place up. */
  at(x: number): this {
    const { knots, polynomials, values, slopes } = this;
    const last = knots.length - 2;
    let cell = 0;
    if (x >= knots[last]) cell = last;
    else
      for (let above = last; above - cell > 1; ) {
        const middle = (cell + above) >> 1;
        if (knots[middle] <= x) cell = middle;
        else above = middle;
      }
    const width = knots[cell + 1] - knots[cell];
    const inside = Math.min(Math.max(x, knots[0]), knots[last + 1]);
    const t = (inside - knots[cell]) / width;
    this.first = cell;
    this.share = inside === x ? t : null;
    for (let e = 0; e < 4; e++) {
      const o = 16 * cell + 4 * e;
      const a = polynomials[o];
      const b = polynomials[o + 1];
      const c = polynomials[o + 2];
      const d = polynomials[o + 3];
      slopes[e] = (b + t * (2 * c + t * (3 * d))) / width;
      values[e] = a + t * (b + t * (c + t * d)) + (x - inside) * slopes[e];
    }
    return this;
  }

  /** What coefficients are multiplied with for the second derivative there. [4] */
  bends(): Float64Array {
    const { knots, polynomials, first, share, seconds } = this;
    const width = knots[first + 1] - knots[first];
    const inside = share === null ? 0 : 1 / (width * width);
    for (let e = 0; e < 4; e++) {
      const o = 16 * first + 4 * e;
      seconds[e] = inside * (2 * polynomials[o + 2] + (share ?? 0) * 6 * polynomials[o + 3]);
    }
    return seconds;
  }

  /** Value at the place. @param c - coefficients, those of this curve from `offset` on */
  value(c: Float64Array, offset = 0): number {
    const { values, first } = this;
    const o = offset + first;
    return values[0] * c[o] + values[1] * c[o + 1] + values[2] * c[o + 2] + values[3] * c[o + 3];
  }

  /** Slope at the place. */
  slope(c: Float64Array, offset = 0): number {
    const { slopes, first } = this;
    const o = offset + first;
    return slopes[0] * c[o] + slopes[1] * c[o + 1] + slopes[2] * c[o + 2] + slopes[3] * c[o + 3];
  }

  /** The integral from the first knot to x. */
  integral(c: Float64Array, x: number): number {
    const { knots, polynomials } = this;
    const cells = knots.length - 1;
    let sum = 0;
    for (let cell = 0; cell < cells && (cell === 0 || x > knots[cell]); cell++) {
      const width = knots[cell + 1] - knots[cell];
      const t = Math.min(Math.max((x - knots[cell]) / width, 0), 1);
      for (let e = 0; e < 4; e++) {
        const o = 16 * cell + 4 * e;
        let powers = 0;
        for (let m = 3; m >= 0; m--) powers = t * (polynomials[o + m] / (m + 1) + powers);
        sum += width * c[cell + e] * powers;
      }
    }
    const outside = x < knots[0] ? x - knots[0] : Math.max(0, x - knots[cells]);
    if (outside !== 0) {
      this.at(x - outside);
      sum += outside * (this.value(c) + 0.5 * outside * this.slope(c));
    }
    return sum;
  }
}

/** The four B-splines at a place of the cell after the i-th of all knots (de Boor). */
function deBoor(knots: readonly number[], i: number, x: number): number[] {
  const out = [1, 0, 0, 0];
  for (let degree = 1; degree <= 3; degree++) {
    let saved = 0;
    for (let k = 0; k < degree; k++) {
      const right = knots[i + 1 + k] - x;
      const left = x - knots[i + 1 + k - degree];
      const share = out[k] / (right + left);
      out[k] = saved + right * share;
      saved = left * share;
    }
    out[degree] = saved;
  }
  return out;
}

/** Share of the knots that follow the data; the rest is even. */
const BY_DATA = 0.5;
/** Knots lie beyond the data by this share. */
const MARGIN = 0.01;
/** From here on numbers above 0 span so much that even means even in their logarithm. */
const WIDE = 1.5;
const BISECTIONS = 60;

/** Knots for a curve of what was seen: half by quantiles, half even, or even in the logarithm where that is wide. @param sorted - increasing */
export function knotsFor(sorted: Float64Array, cells: number): number[] {
  const n = sorted.length;
  const [least, most] = [sorted[0], sorted[n - 1]];
  const margin = MARGIN * (most - least) || MARGIN * Math.abs(most) || 1;
  const from = least > 0 ? Math.max(least - margin, 0.99 * least) : least - margin;
  const to = most + margin;
  const scale = from > 0 && to / from > WIDE ? portableLog : (x: number): number => x;
  const [low, high] = [scale(from), scale(to)];
  const below = (x: number): number => {
    let [a, b] = [0, n];
    while (a < b) {
      const middle = (a + b) >> 1;
      if (sorted[middle] <= x) a = middle + 1;
      else b = middle;
    }
    return a / n;
  };
  const knots = (byData: number): number[] =>
    knotsBy((x) => byData * below(x) + (1 - byData) * ((scale(x) - low) / (high - low)));
  const knotsBy = (share: (x: number) => number): number[] =>
    Array.from({ length: cells + 1 }, (_, k) => {
      if (k === 0 || k === cells) return k === 0 ? from : to;
      let [a, b] = [from, to];
      for (let step = 0; step < BISECTIONS; step++) {
        const middle = 0.5 * (a + b);
        if (share(middle) < k / cells) a = middle;
        else b = middle;
      }
      return b;
    });
  const own = knots(BY_DATA);
  // Where many numbers are the same, quantiles fall together.
  return own.every((x, k) => k === 0 || x > own[k - 1]) ? own : knots(0);
}
