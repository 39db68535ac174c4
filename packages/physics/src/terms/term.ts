import type { Requirement } from "../arguments/requirement.ts";
import type { Bodies } from "../bodies.ts";
import type { Force } from "../force.ts";
import type { Coupling } from "../pair-potential.ts";
import type { JsonValue } from "../trajectory.ts";
import type { Linear } from "./linear.ts";

/** Plain data from which a term is made again: threads, model files and checkpoints keep it. */
export interface TermSpec {
  /** The kind of term, as the catalogue and the command line name it: `drag`, `field`, ... */
  readonly name: string;
  /** Whether the coefficients are accelerations, the same for all particles, forces, which masses divide, or forces a charge. Default: acceleration. */
  readonly per?: "acceleration" | "force" | "charge";
  /** What else the kind has, as {@link TermKind.options} says. */
  readonly [option: string]: JsonValue | undefined;
}

/** A term at given coefficients, as model files keep it. */
export interface TermAt {
  readonly spec: TermSpec;
  /** [size of the term] */
  readonly coefficients: ArrayLike<number>;
}

/** One trajectory at one force evaluation. */
export interface Frame {
  readonly trajectory: number;
  readonly time: number;
  /** [3 x particles], z = 0 in two dimensions. */
  readonly positions: Float64Array;
  /** [3 x particles] */
  readonly velocities: Float64Array;
  /** What all that acts together makes of them, for terms with {@link TermFormula.inertia}; without it bodies are taken not to accelerate. [3 x particles] */
  readonly accelerations?: Float64Array | undefined;
  /** The pair law there, for terms that go by it; kinds in this package do without. */
  readonly pairs?: FramePairs;
}

/** Every pair of a frame with what the pair law says of it. */
export interface FramePairs {
  readonly count: number;
  /** Offset of each pair's first and second particle. [count] */
  readonly pairI: Int32Array;
  readonly pairJ: Int32Array;
  /** Pair weight over mass of the first and second particle. [count] */
  readonly scaleI: Float64Array;
  readonly scaleJ: Float64Array;
  /** Of each pair the unit vector from the second to the first (3), V'/r, V'', and numbers that are the engine's own. [count x stride] */
  readonly lookups: Float64Array;
  readonly stride: number;
}

/** What holds for every term of a kind. */
export interface TermFacts {
  readonly reads: Force["reads"];
  readonly conserves: {
    readonly energy: boolean;
    readonly linearMomentum: boolean;
    readonly angularMomentum: boolean;
  };
  /**
   * Whether the accelerations are linear in the coefficients, and at given ones affine in each particle's own position and velocity, whatever
   * the others do. Kicks then have a closed form, which costs next to nothing. Default: no.
   */
  readonly affine?: true;
}

/** What may act beside a law, as far as asking the data for it needs. */
export interface Candidate {
  /** Number of coefficients. */
  readonly size: number;
  /** Where coefficients begin, and what they are where the term is absent: it accelerates nothing there. Default: all 0. */
  readonly start?: readonly number[];
  /** Tells to first order what each coefficient, position and velocity does to the accelerations; of what is absent only the sources count. */
  linearise(frame: Frame, c: Float64Array, into: Linear): void;
}

/** What a kind of term says of some bodies: a(q, v, t; c). */
export interface TermFormula extends Candidate {
  /** Adds accelerations. @param c - [size] @param out - [3 x particles], added to */
  accelerate(frame: Frame, c: Float64Array, out: Float64Array): void;
  /**
   * Adds what the term adds to masses, over masses: dp_i / dv_i / m_i beside the 1 of m v, row by row. Such a term accelerates by what it makes of
   * accelerations, and who looks for these leaves them out of the frame and divides by the masses. @param out - [9 x particles], added to
   */
  inertia?(frame: Frame, c: Float64Array, out: Float64Array): void;
  /** Adds to momenta what they have beside m v; returns what the kinetic energy has beside m v^2 / 2. @param out - [3 x particles], added to */
  momenta?(frame: Frame, c: Float64Array, out: Float64Array): number;
  /** Total potential energy, 0 for forces that do no work; terms that take or give energy have none. */
  energy?(frame: Frame, c: Float64Array): number;
  /** Whether the coefficients are those of a function of several numbers: they are many, and taken for small. Default: no. */
  readonly small?: true;
  /** Where a step leads; default c + step. */
  moved?(c: Float64Array, step: Float64Array): Float64Array;
  /** Constants by their usual names, with the derivative of each by the coefficients, so that error bars follow. */
  constants(c: Float64Array): readonly TermConstant[];
  /** Coefficients at constants that are known, one number after another as {@link constants} lists them. Default: as they are. */
  coefficients?(constants: readonly number[]): readonly number[];
}

/**
 * A kind of force between or on some bodies whose coefficients are to be found.
 *
 * Where the coefficients are not linear in the force (a wave number), `accelerate` and `linearise` are exact all the same; a step of
 * Gauss-Newton then is what it always is.
 */
export interface Term extends TermFormula, TermFacts {
  readonly spec: TermSpec;
  /** Functions of one number among the coefficients. */
  readonly curves?: readonly TermCurve[];
}

/** A function of one number whose shape is to be found: a cubic B-spline. */
export interface TermCurve {
  readonly name: string;
  /** What it is a function of: `|v|`, `x`, `r`. */
  readonly of: string;
  /** Increasing. */
  readonly knots: readonly number[];
  /** Its coefficients, as many as knots and two more, begin here among the term's. */
  readonly first: number;
  /** Whether it is a spline of the square, on the squares of the knots: smooth where the number, a length, is 0. Default: no. */
  readonly square?: true;
  /** Whether it is 0 at the begin of its knots, one coefficient fewer, or 0 and level at their end, two fewer, whatever the data. Default: neither. */
  readonly level?: "begin" | "end";
}

/** A constant of a term: a number, or a vector where it has as many components as space. */
export interface TermConstant {
  readonly name: string;
  readonly value: number | readonly number[];
  /** d value_k / d c, one row a component. [components][size] */
  readonly gradient: readonly (readonly number[])[];
}

/** How a finding names what data show. */
export interface FindingWords {
  /** As programs read it: `drag`, `outside-force`. */
  readonly kind: string;
  /** What was seen. */
  readonly what: string;
  /** What to do about it. */
  readonly mend: string;
}

/** Where particles are in the records and how they move, for terms that are about a place, or have a curve. All but the mean are sorted. */
export interface Seen {
  /** Mean position. [dimension] */
  readonly middle: readonly number[];
  /** Of positions along each axis. [dimension] */
  readonly coordinates: readonly Float64Array[];
  /** Of positions from their mean. */
  readonly distances: Float64Array;
  /** Of positions from the origin. */
  readonly radii: Float64Array;
  readonly speeds: Float64Array;
  /** Of pairs. */
  readonly separations: Float64Array;
  /** Time of the first record. */
  readonly begin: number;
  /** How pair forces go with the masses. Default: they do not. */
  readonly coupling?: Coupling;
}

/** Terms of one family are rivals: each does to some extent what the others do. */
export type TermFamily =
  | "outside"
  | "drag"
  | "velocity"
  | "pair-friction"
  | "across"
  | "one-sided"
  | "time"
  | "three-body"
  | "kinetic";

/** A kind of term: one file, and a line in the catalogue. */
export interface TermKind<S extends TermSpec = TermSpec> extends TermFacts {
  readonly name: S["name"];
  /** What it is, with its formula, in a line. */
  readonly summary: string;
  readonly family: TermFamily;
  /** How general it is in its family, from 0 on: of two that explain as much, the one on the lower rung is the law. */
  readonly rung: number;
  /** Whether it goes with the masses in one way only, so that specs have no `per`: forces between particles, frames that turn. */
  readonly oneForm?: true;
  /** What specs may have beside `name` and `per`. */
  readonly options?: Readonly<Record<string, Requirement>>;
  /** What is said when data ask for it and no law has it; null where another kind stands for it. */
  readonly finding: FindingWords | null;
  /** The spec that data are asked for. Default: those that the name stands for. */
  candidate?(seen: Seen): S;
  /** What there has to be for it, in words. */
  readonly needs?: string;
  /** What the name alone stands for in some records: one spec, or one for each axis; none where they have not what it needs. Default: the name. */
  specs?(seen: Seen, bodies: Bodies): readonly S[];
  /** The function of one number that its first coefficients are, on the `knots` of the spec. Default: there is none. */
  curve?(spec: S): Omit<TermCurve, "knots" | "first">;
  /**
   * The same term, with what it is about (a centre, a wind) taken from its coefficients into the spec: linear there, it is weighed against others where
   * it acts. Default: it is about nothing.
   */
  about?(spec: S, c: Float64Array): TermAt;
  create(spec: S, bodies: Bodies): TermFormula;
}
