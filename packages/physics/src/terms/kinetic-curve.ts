import { type CurveSpec, levelFrom, splineSize } from "./curve.ts";
import type { Linear } from "./linear.ts";
import { knotsFor, Spline } from "./spline.ts";
import type { TermCurve } from "./term.ts";

/**
 * What is added to masses, as a function of a length: a spline of the square of it, so that it is smooth where the length is 0. At one end of its knots it is 0
 * whatever the data.
 */
export class KineticCurve {
  readonly size: number;
  /** Value and slope by the square that was looked up. */
  value = 0;
  slope = 0;
  private readonly spline: Spline;
  /** Of the spline's coefficients the first that is the term's. */
  private readonly first: number;

  constructor({ knots }: CurveSpec, level: NonNullable<TermCurve["level"]>) {
    this.spline = new Spline(knots.map((x) => x * x));
    this.size = splineSize({ knots, level });
    this.first = levelFrom(level);
  }

  at(square: number, c: Float64Array): this {
    const { values, slopes } = this.spline.at(square);
    this.value = this.sum(values, c);
    this.slope = this.sum(slopes, c);
    return this;
  }

  /** Second derivative there. */
  bend(c: Float64Array): number {
    return this.sum(this.spline.bends(), c);
  }

  private sum(splines: Float64Array, c: Float64Array): number {
    const o = this.spline.first - this.first;
    let sum = 0;
    for (let k = 0; k < 4; k++) if (o + k >= 0 && o + k < this.size) sum += splines[k] * c[o + k];
    return sum;
  }

  /** Tells what each coefficient that counts at the place does to a row: `byValue` times its spline's value there, and `bySlope` times its slope. */
  source(into: Linear, row: number, byValue: number, bySlope: number): void {
    const { spline, size } = this;
    for (let k = 0; k < 4; k++) {
      const own = spline.first + k - this.first;
      if (own >= 0 && own < size)
        into.source(row, own, byValue * spline.values[k] + bySlope * spline.slopes[k]);
    }
  }

  /** Half the integral by the square from 0: that of B(s) s from 0 to the length. */
  moment(square: number, c: Float64Array): number {
    const all = new Float64Array(this.spline.size);
    all.set(c.subarray(0, this.size), this.first);
    return 0.5 * this.spline.integral(all, square);
  }
}

const CELLS = 8;

/** Knots from 0 on for numbers that were seen. @param sorted - increasing */
export const knotsFrom0 = (sorted: Float64Array): number[] =>
  knotsFor(Float64Array.of(0, ...sorted), CELLS).map((x, k) => (k === 0 ? 0 : x));
