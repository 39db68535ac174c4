import type { Linear } from "./linear.ts";

/** Plain data from which a term is made again: threads, model files and checkpoints keep it. */
export interface TermSpec {
  /** The kind of term, as the catalogue and the command line name it: `drag`, `field`, ... */
  readonly name: string;
  /** What every particle's share of it goes with; an acceleration is the same for all, a force is divided by the mass. Default: acceleration. */
  readonly per?: "acceleration" | "force";
}

/** One trajectory at one force evaluation. */
export interface Frame {
  readonly trajectory: number;
  readonly time: number;
  /** [3 x particles], z = 0 in two dimensions. */
  readonly positions: Float64Array;
  /** [3 x particles] */
  readonly velocities: Float64Array;
}

/** The particles that a term acts on. */
export interface Bodies {
  readonly particles: number;
  readonly dimension: number;
  /** [particles] */
  readonly masses: Float64Array;
}

/**
 * A kind of force whose coefficients are to be found: a(q, v, t; c).
 *
 * Where the coefficients are not linear in the force (a trap's centre), `accelerate` and `linearise` are exact all the same; a step of
 * Gauss-Newton then is what it always is.
 */
export interface Term {
  readonly spec: TermSpec;
  /** Number of coefficients. */
  readonly size: number;
  readonly reads: "positions" | "positions-and-velocities" | "positions-velocities-and-time";
  readonly conserves: {
    readonly energy: boolean;
    readonly linearMomentum: boolean;
    readonly angularMomentum: boolean;
  };
  /** Adds accelerations. @param c - [size] @param out - [3 x particles], added to */
  accelerate(frame: Frame, c: Float64Array, out: Float64Array): void;
  /** Tells to first order what each coefficient, position and velocity does to the accelerations. */
  linearise(frame: Frame, c: Float64Array, into: Linear): void;
  /** Where a step leads; default c + step. */
  moved?(c: Float64Array, step: Float64Array): Float64Array;
  /** Constants by their usual names, with the derivative of each by the coefficients, so that error bars follow. */
  constants(c: Float64Array): readonly TermConstant[];
  /** For findings and reports. */
  readonly words: { readonly what: string; readonly mend: string };
}

/** A constant of a term: a number, or a vector where it has as many components as space. */
export interface TermConstant {
  readonly name: string;
  readonly value: number | readonly number[];
  /** d value_k / d c, one row a component. [components][size] */
  readonly gradient: readonly (readonly number[])[];
}
