import { portableExp, portableLog } from "@mclnn/physics/portable";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { BlockConstant } from "./block.ts";
import { dot, type Fitted, leastSquares, quickChiSquared } from "./least-squares.ts";
import { type Scope, scopesOf } from "./scope.ts";
import { freeOf, type Part, type Sum, withFree } from "./sum.ts";
import { compared, type Target } from "./target.ts";

/** A sum at the constants that fit best. */
export interface FittedSum extends Fitted {
  readonly sum: Sum;
}

/** Step of differences, on the scale of a constant. */
const STEP = 1e-5;
/** Levenberg and Marquardt: damping to begin with, and trials a step. */
const DAMPING = 1e-3;
const TRIALS = 9;
/** The longest step: of logarithms, of powers, and of places as a share of the span. */
const LONGEST = { relative: 0.7, power: 2, place: 0.25 };

/** Fits sums to a target: linear constants exactly, the others by Levenberg and Marquardt with the linear ones projected out. */
export class Fitter {
  readonly target: Target;
  readonly scopes: ReturnType<typeof scopesOf>;
  /** Overwritten by each function that is looked at. [points] */
  private readonly values: Float64Array;
  private readonly kept = new WeakMap<Part, readonly Float64Array[]>();

  constructor(target: Target) {
    this.target = target;
    this.values = new Float64Array(target.r.length);
    this.scopes = scopesOf(target);
  }

  /** A sum's functions as numbers that the target compares, one a linear constant. */
  columns(sum: Sum): Float64Array[] {
    return sum.flatMap((part) => {
      let own = this.kept.get(part);
      if (own === undefined) {
        own = this.columnsAt(part, part.constants);
        this.kept.set(part, own);
      }
      return own;
    });
  }

  private columnsAt({ block }: Part, constants: readonly number[]): Float64Array[] {
    const { r, middle } = this.target;
    const { values } = this;
    return block.slopes.map((slope) => {
      for (let q = 0; q < values.length; q++) {
        const value = slope(r[q], constants, middle);
        values[q] = Number.isFinite(value) ? value : 0;
      }
      return compared(this.target, values);
    });
  }

  solve(sum: Sum): FittedSum | null {
    const fitted = leastSquares(this.columns(sum), this.target.y);
    return fitted !== null && Number.isFinite(fitted.chiSquared) ? { ...fitted, sum } : null;
  }

  quick(sum: Sum): number {
    return quickChiSquared(this.columns(sum), this.target.y);
  }

  scope({ kind }: BlockConstant): Scope {
    return this.scopes[kind];
  }

  /** The best fit near a sum's constants; null where it has none. */
  polish(start: Sum, steps = 40): FittedSum | null {
    const free = freeOf(start).map(([part, place]) => start[part].block.constants[place]);
    let best = this.solve(start);
    if (best === null || free.length === 0) return best;
    let at = freeOf(start).map(([part, place], n) =>
      this.inner(free[n], start[part].constants[place]),
    );
    let damping = DAMPING;
    let still = 0;
    for (let step = 0; step < steps && still < 2; step++) {
      const columns = this.derivatives(best.sum, free, at);
      if (columns === null) break;
      const found = this.descend(best, free, at, columns, damping);
      if (found === null) break;
      const gain = best.chiSquared - found.fit.chiSquared;
      still = gain < 1e-3 + 1e-6 * found.fit.chiSquared ? still + 1 : 0;
      ({ fit: best, at, damping } = found);
    }
    return best;
  }

  /** One step that lowers chi-squared. */
  private descend(
    best: FittedSum,
    free: readonly BlockConstant[],
    at: readonly number[],
    columns: readonly Float64Array[],
    from: number,
  ): { fit: FittedSum; at: number[]; damping: number } | null {
    const n = free.length;
    let damping = from;
    for (let trial = 0; trial < TRIALS; trial++) {
      const a = new Float64Array(n * n);
      const step = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < n; k++) a[i * n + k] = dot(columns[i], columns[k]);
        a[i * n + i] += damping * (a[i * n + i] + 1e-12);
        step[i] = -dot(columns[i], best.residual);
      }
      if (choleskyFactor(a, n)) {
        choleskySolve(a, n, step);
        const share = free.reduce((least, constant, i) => {
          const most = this.longest(constant) / Math.max(Math.abs(step[i]), 1e-300);
          return Math.min(least, most);
        }, 1);
        const next = at.map((x, i) => x + share * step[i]);
        const sum = withFree(best.sum, this.outer(free, next));
        const fit = this.solve(sum);
        if (fit !== null && fit.chiSquared < best.chiSquared) {
          const kept = freeOf(sum).map(([part, place], i) =>
            this.inner(free[i], sum[part].constants[place]),
          );
          return { fit, at: kept, damping: Math.max(0.1 * damping, 1e-12) };
        }
      }
      damping *= damping < 1e-6 ? 100 : 8;
    }
    return null;
  }

  /** What each free constant does to the residual, the linear ones following. */
  private derivatives(
    sum: Sum,
    free: readonly BlockConstant[],
    at: readonly number[],
  ): Float64Array[] | null {
    const out: Float64Array[] = [];
    for (let n = 0; n < free.length; n++) {
      const { step } = this.scope(free[n]);
      const h = STEP * (step === "relative" ? 1 : step);
      const moved = (by: number): FittedSum | null =>
        this.solve(
          withFree(
            sum,
            this.outer(
              free,
              at.map((x, k) => (k === n ? x + by : x)),
            ),
          ),
        );
      const up = moved(h);
      const down = moved(-h);
      if (up === null || down === null) return null;
      out.push(up.residual.map((x, i) => (x - down.residual[i]) / (2 * h)));
    }
    return out;
  }

  /** What each free constant does to the sum of the parts, the linear ones held. */
  sensitivities({ sum, coefficients }: FittedSum): Float64Array[] {
    let first = 0;
    return sum.flatMap((part) => {
      const { block, constants, fixed } = part;
      const own = coefficients.subarray(first, first + block.slopes.length);
      first += block.slopes.length;
      return block.constants.flatMap((constant, place) => {
        if (fixed[place]) return [];
        const { step } = this.scope(constant);
        const h = STEP * (step === "relative" ? Math.abs(constants[place]) : step);
        const moved = (by: number): Float64Array[] =>
          this.columnsAt(
            part,
            constants.map((c, k) => (k === place ? c + by : c)),
          );
        const up = moved(h);
        const down = moved(-h);
        const out = new Float64Array(this.target.y.length);
        own.forEach((a, j) => {
          for (let i = 0; i < out.length; i++)
            out[i] = out[i] + (a * (up[j][i] - down[j][i])) / (2 * h);
        });
        return [out];
      });
    });
  }

  /** Whether a free constant has run to the end of where it means something. */
  atBound(sum: Sum): boolean {
    return sum.some(({ block, constants, fixed }) =>
      block.constants.some((constant, place) => {
        if (fixed[place]) return false;
        const [low, high] = this.boundsOf(constant);
        const room = 1e-3 * Math.abs(constants[place]);
        return constants[place] <= low + room || constants[place] >= high - room;
      }),
    );
  }

  private boundsOf(constant: BlockConstant): readonly [number, number] {
    return constant.bounds ?? this.scope(constant).bounds;
  }

  /** A constant as steps see it: its logarithm where it is above 0 by nature. */
  private inner(constant: BlockConstant, value: number): number {
    return this.scope(constant).step === "relative" ? portableLog(value) : value;
  }

  private outer(free: readonly BlockConstant[], inner: readonly number[]): number[] {
    return inner.map((x, n) => {
      const [low, high] = this.boundsOf(free[n]);
      const value = this.scope(free[n]).step === "relative" ? portableExp(x) : x;
      return Math.min(high, Math.max(low, value));
    });
  }

  private longest({ kind }: BlockConstant): number {
    const { step } = this.scopes[kind];
    if (step === "relative") return LONGEST.relative;
    return kind === "power" ? LONGEST.power : LONGEST.place * step;
  }
}
