import { basisFromKnots, type SplineBasis } from "@mclnn/models/parts";
import { createTerms, type Term, type TermSpec } from "@mclnn/physics/terms";
import type { Tracks } from "./tracks.ts";

/** Columns of a law that is looked for: f = -V' of pairs as splines that end smoothly at the cutoff, and terms beside them. */
export interface MotionLaw {
  /** One law a pair of kinds; knots evenly from the nearest separation to the cutoff. */
  readonly basis: SplineBasis;
  /** Law of two kinds. [kinds x kinds] */
  readonly lawOf: Int32Array;
  readonly cutoff: number;
  /** Number of coefficients: those of the basis, then of the terms. */
  readonly size: number;
  /** Which of them are free: the last three of a law are 0, so that it ends with its first two derivatives. [size] */
  readonly free: Uint8Array;
  readonly terms: readonly Term[];
}

/** Functions that are not 0, with two derivatives, at the end of a clamped cubic spline. */
const AT_THE_END = 3;

/**
 * @param nearest - where the knots of each law begin
 * @param inertia - what forces on each particle are divided by. [particles]
 */
export function motionLaw(
  { kinds, dimension }: Pick<Tracks, "kinds" | "dimension">,
  {
    nearest,
    cutoff,
    cells,
    terms,
    inertia,
  }: {
    nearest: readonly number[];
    cutoff: number;
    cells: number;
    terms: readonly TermSpec[];
    inertia: Float64Array;
  },
): MotionLaw {
  const basis = basisFromKnots(
    nearest.map((from) => {
      const knots = Float64Array.from(
        { length: cells + 1 },
        (_, k) => from + ((cutoff - from) * k) / cells,
      );
      return [{ knots, from, to: cutoff, population: 0 }];
    }),
  );
  const lawOf = new Int32Array(kinds * kinds);
  for (let a = 0, law = 0; a < kinds; a++)
    for (let b = a; b < kinds; b++, law++) {
      lawOf[a * kinds + b] = law;
      lawOf[b * kinds + a] = law;
    }
  const made = createTerms(terms, { masses: inertia, dimension });
  const size = made.reduce((sum, term) => sum + term.size, basis.size);
  const free = new Uint8Array(size).fill(1);
  for (const { first, size: n } of basis.clusters) free.fill(0, first + n - AT_THE_END, first + n);
  return { basis, lawOf, cutoff, size, free, terms: made };
}
