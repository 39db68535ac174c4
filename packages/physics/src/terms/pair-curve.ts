import type { Bodies } from "../bodies.ts";
import { type CurveSpec, emptyPush, type Push } from "./curve.ts";
import { Spline } from "./spline.ts";
import type { Frame, TermFormula } from "./term.ts";

/** What a curve of the separation does to a pair, as of {@link Push}: of the vector from the second particle to the first, and of their relative velocity. */
export interface PairPush extends Push {
  /** d along / d relative velocity, row by row. [3 x 3] */
  readonly spin: Float64Array;
}

/** Two particles. */
export interface Pair {
  /** Unit vector from the second to the first, and their distance. [3] */
  readonly u: Float64Array;
  readonly r: number;
  /** Velocity of the first less that of the second, and its part along u. [3] */
  readonly w: Float64Array;
  readonly s: number;
}

/** Forces on both particles of a pair by a curve of their separation. */
export interface PairCurve {
  /** Of a force on the first particle the second feels this: the opposite, or the same. Default -1. */
  readonly back?: -1 | 1;
  /** Pairs that feel it; which of the two is the first. Default: all, the one that comes first. */
  readonly order?: (i: number, j: number) => 1 | -1 | 0;
  /** What forces of a pair are multiplied with. Default 1. */
  readonly weight?: (i: number, j: number) => number;
  /** Says what the curve does to the first: `along`, and where it is not 0 `turn` and `spin`. */
  look(pair: Pair, push: PairPush, frame: Frame): void;
}

const FORWARD = (): 1 => 1;
const ALIKE = (): number => 1;

/** Offsets of the first and second particle of each pair, and what makes accelerations of forces on the first. */
function pairsOf(
  masses: Float64Array,
  { order = FORWARD, weight = ALIKE, back = -1 }: PairCurve,
): { readonly i: number; readonly j: number; readonly wi: number; readonly wj: number }[] {
  const out = [];
  for (let i = 0; i < masses.length; i++)
    for (let j = i + 1; j < masses.length; j++) {
      const way = order(i, j);
      if (way === 0) continue;
      const [a, b] = way > 0 ? [i, j] : [j, i];
      const w = weight(a, b);
      out.push({ i: 3 * a, j: 3 * b, wi: w / masses[a], wj: (w * back) / masses[b] });
    }
  return out;
}

/** The formula of such forces. */
export function pairCurve(
  { knots }: CurveSpec,
  { masses, dimension }: Bodies,
  kind: PairCurve,
): Pick<TermFormula, "size" | "accelerate" | "linearise"> {
  const spline = new Spline(knots);
  const { size, values } = spline;
  const push: PairPush = { ...emptyPush(), spin: new Float64Array(9) };
  const { along, turn, spin } = push;
  const vector = (): Float64Array => new Float64Array(3);
  const pair = { u: vector(), w: vector(), r: 0, s: 0 };
  const { u, w } = pair;
  const { look } = kind;
  const pairs = pairsOf(masses, kind);
  const at = (frame: Frame, i: number, j: number): void => {
    const { positions: q, velocities: v } = frame;
    let square = 0;
    for (let a = 0; a < dimension; a++) {
      u[a] = q[i + a] - q[j + a];
      w[a] = v[i + a] - v[j + a];
      square += u[a] * u[a];
    }
    pair.r = Math.sqrt(square);
    pair.s = 0;
    for (let a = 0; a < dimension; a++) {
      u[a] /= pair.r;
      pair.s += u[a] * w[a];
    }
    look(pair, push, frame);
    spline.at(pair.r);
  };
  return {
    size,
    accelerate(frame, c, out) {
      for (const { i, j, wi, wj } of pairs) {
        at(frame, i, j);
        const f = spline.value(c);
        for (let a = 0; a < dimension; a++) {
          out[i + a] += wi * f * along[a];
          out[j + a] += wj * f * along[a];
        }
      }
    },
    linearise(frame, c, into) {
      for (const { i, j, wi, wj } of pairs) {
        at(frame, i, j);
        const { first } = spline;
        const [f, slope] = [spline.value(c), spline.slope(c)];
        for (let a = 0; a < dimension; a++) {
          for (let k = 0; k < 4; k++) {
            const x = values[k] * along[a];
            into.source(i + a, first + k, wi * x);
            into.source(j + a, first + k, wj * x);
          }
          if (f === 0 && slope === 0) continue;
          for (let b = 0; b < dimension; b++) {
            const x = slope * along[a] * u[b] + f * turn[3 * a + b];
            into.stiffness(i + a, i + b, wi * x);
            into.stiffness(i + a, j + b, -wi * x);
            into.stiffness(j + a, i + b, wj * x);
            into.stiffness(j + a, j + b, -wj * x);
            const y = f * spin[3 * a + b];
            if (y === 0) continue;
            into.damping(i + a, i + b, wi * y);
            into.damping(i + a, j + b, -wi * y);
            into.damping(j + a, i + b, wj * y);
            into.damping(j + a, j + b, -wj * y);
          }
        }
      }
    },
  };
}

/** The push of friction along the line of a pair, times a factor: -s u, s the part of the relative velocity along it. */
export function frictionAlong(
  { u, r, w, s }: Pair,
  { along, turn, spin }: PairPush,
  factor: number,
): void {
  for (let a = 0; a < 3; a++) {
    along[a] = -factor * s * u[a];
    for (let b = 0; b < 3; b++) {
      const uu = u[a] * u[b];
      turn[3 * a + b] = (-factor * (u[a] * (w[b] - s * u[b]) + s * ((a === b ? 1 : 0) - uu))) / r;
      spin[3 * a + b] = -factor * uu;
    }
  }
}
