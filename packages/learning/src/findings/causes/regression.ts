import { choleskyFactor, choleskySolve } from "../../algebra/linear-algebra.ts";

/** Keeps columns that say the same from failing the factorisation. */
const FLOOR = 1e-10;

/** A linear regression, row by row. */
export class Regression {
  readonly size: number;
  readonly metric: Float64Array;
  readonly right: Float64Array;
  squares = 0;
  rows = 0;

  constructor(size: number) {
    this.size = size;
    this.metric = new Float64Array(size * size);
    this.right = new Float64Array(size);
  }

  /** Adds a row: values of some columns, and what they are to add up to. */
  add(columns: readonly number[], values: readonly number[], target: number): void {
    const { size, metric, right } = this;
    for (let a = 0; a < columns.length; a++) {
      const x = values[a];
      right[columns[a]] += x * target;
      for (let b = 0; b < columns.length; b++)
        metric[columns[a] * size + columns[b]] += x * values[b];
    }
    this.squares += target * target;
    this.rows++;
  }

  /** The same with columns that are one: `of[column]` is the column that it becomes. */
  merged(of: readonly number[], size: number): Regression {
    const out = new Regression(size);
    for (let a = 0; a < this.size; a++) {
      out.right[of[a]] += this.right[a];
      for (let b = 0; b < this.size; b++)
        out.metric[of[a] * size + of[b]] += this.metric[a * this.size + b];
    }
    out.squares = this.squares;
    out.rows = this.rows;
    return out;
  }

  /** Coefficients of least squares. */
  solved(): Float64Array {
    const { size, right } = this;
    const system = this.metric.slice();
    let most = 0;
    for (let a = 0; a < size; a++) most = Math.max(most, system[a * size + a]);
    for (let a = 0; a < size; a++)
      system[a * size + a] += FLOOR * most + (system[a * size + a] > 0 ? 0 : most);
    const solution = right.slice();
    if (!(most > 0) || !choleskyFactor(system, size)) return new Float64Array(size);
    return choleskySolve(system, size, solution);
  }

  /** Sum of squares that is left. */
  left(): number {
    const c = this.solved();
    let explained = 0;
    for (let a = 0; a < this.size; a++) explained += c[a] * this.right[a];
    return Math.max(0, this.squares - explained);
  }
}

/** Piecewise linear functions of the separation, between quantiles of those that are visited. */
export class Hats {
  readonly knots: Float64Array;

  constructor(separations: Float64Array, count: number) {
    const sorted = separations.slice().sort();
    const knots = Float64Array.from(
      { length: count },
      (_, k) => sorted[Math.floor((k * (sorted.length - 1)) / (count - 1))],
    );
    this.knots = Float64Array.from(new Set(knots));
  }

  get size(): number {
    return this.knots.length;
  }

  /** The two functions that are not 0 at a separation: the number of the first, and its value; the other has the rest. */
  at(r: number): { first: number; value: number } {
    const { knots } = this;
    let k = 0;
    while (k < knots.length - 2 && r > knots[k + 1]) k++;
    const x = (r - knots[k]) / (knots[k + 1] - knots[k]);
    return { first: k, value: 1 - Math.min(1, Math.max(0, x)) };
  }
}
