import type { Coupling, Force, JsonValue, Potential } from "@mclnn/physics";
import type { TermAt } from "@mclnn/physics/terms";
import type { LawTable, SmoothLaw } from "./law-table.ts";
import type { LawUncertainty } from "./uncertainty.ts";

/** The kinds of model that `train` makes. */
export type ModelKind = "mclnn" | "spline" | "lnn";

/** What is kept of a model's training. Nothing in it depends on the clock: the same training gives the same file. */
export interface TrainingRecord {
  readonly seed: number;
  readonly trainLoss: number;
  /** null when there were no validation trajectories. */
  readonly validationLoss: number | null;
  readonly iterations: number;
  readonly reachedTarget: boolean;
  readonly optimizer: string;
  /** Time step the model was rolled out with, and substeps a record. */
  readonly dt: number;
  readonly stride: number;
  /** Provenance of the data, software versions and whatever else should be kept; plain JSON. */
  readonly [key: string]: JsonValue;
}

/** Separations seen in training: their ranges (gaps between), and a histogram. */
export interface SeparationRecord {
  /** Ranges with data, increasing, not overlapping: [[0.84, 1.81]]. */
  readonly ranges: readonly (readonly [number, number])[];
  /** [bins + 1] */
  readonly edges: Float64Array;
  /** [bins] number of separations in each bin. */
  readonly counts: Float64Array;
}

/** A term of a law beside its pairs, at its coefficients. */
export interface LawTerm extends TermAt {
  /** [size of the term] */
  readonly coefficients: Float64Array;
  /** Of the coefficients; null where they were given. [size x size] */
  readonly covariance: Float64Array | null;
}

/** A pair of particles that feel each other: how strongly, times the law, and with what standard deviation; null where it was given. */
export type LawBond = readonly [first: number, second: number, weight: number, sd: number | null];

interface ModelBase {
  /** The model's forces for a whole configuration, and its energy where all of them have one: for rollouts, by the tables of pair laws. */
  readonly potential: Force;
  /** The forces of the pairs alone, where others act beside them. */
  readonly pairs?: Force;
  /** What acts beside the pairs; undefined where nothing does. */
  readonly terms?: readonly LawTerm[];
  /** Who feels whom; undefined where the law holds between all pairs. */
  readonly bonds?: readonly LawBond[];
  /** Number of trained numbers. */
  readonly parameterCount: number;
  readonly record: TrainingRecord;
}

/** Momentum Conserving Lagrangian Neural Network: one network from separation to pair energy. */
export interface MclnnModel extends ModelBase {
  readonly kind: "mclnn";
  /** The law itself. */
  readonly pair: SmoothLaw;
  /** The law as a table, which `potential` evaluates: many times faster, and within 1e-9 of the law (see `table.slopeError`). */
  readonly table: LawTable;
  readonly coupling: Coupling;
  /** Separation from which on the law is 0; undefined where it has no end. */
  readonly cutoff?: number;
  /** Hidden widths, for example [10, 10]. */
  readonly hidden: readonly number[];
  /** Flat weights, in the order of `networkLayout([1, ...hidden, 1])`. */
  readonly weights: Float64Array;
  readonly separations: SeparationRecord;
  /** The posterior of V', where training estimated the noise. */
  readonly uncertainty?: LawUncertainty;
  /** One posterior standard deviation of V' at r. */
  slopeDeviation?(r: number): number;
  /** One posterior standard deviation of V at r, relative to the largest separation seen, where V is 0. */
  energyDeviation?(r: number): number;
}

/** Cubic B-spline for V', one block a cluster of separations, linear outside, smooth across gaps. */
export interface SplineModel extends ModelBase {
  readonly kind: "spline";
  /** The law itself. */
  readonly pair: SmoothLaw;
  /** The law as a table, which `potential` evaluates: many times faster, and within 1e-9 of the law (see `table.slopeError`). */
  readonly table: LawTable;
  readonly coupling: Coupling;
  /** Separation from which on the law is 0; undefined where it has no end. */
  readonly cutoff?: number;
  /** Knots of each cluster (without the repeated end knots), increasing. */
  readonly knots: readonly Float64Array[];
  /** [sum over clusters of (knots + 2)] */
  readonly coefficients: Float64Array;
  readonly separations: SeparationRecord;
  /** The posterior of V', where training estimated the noise. */
  readonly uncertainty?: LawUncertainty;
  /** One posterior standard deviation of V' at r. */
  slopeDeviation?(r: number): number;
  /** One posterior standard deviation of V at r, relative to the largest separation seen, where V is 0. */
  energyDeviation?(r: number): number;
}

/** Baseline: one network from all positions to the total potential energy. */
export interface LnnModel extends ModelBase {
  readonly kind: "lnn";
  readonly potential: Potential;
  readonly particles: number;
  readonly dimension: 2 | 3;
  readonly masses: Float64Array;
  readonly hidden: readonly number[];
  readonly weights: Float64Array;
  /** Inputs are (positions - centre) / inputScale. [particles x dimension] */
  readonly centre: Float64Array;
  readonly inputScale: number;
  /** Energy of the network in the data's units: energyScale x output. */
  readonly energyScale: number;
}

/** Pair laws of several species, learned together: one for each pair of species. */
export interface SpeciesModel extends ModelBase {
  readonly kind: "species";
  readonly lawKind: "mclnn" | "spline";
  readonly laws: readonly {
    /** In increasing order. */
    readonly species: readonly [number, number];
    readonly model: MclnnModel | SplineModel;
  }[];
}

export type Model = MclnnModel | SplineModel | LnnModel | SpeciesModel;

/** The model that each kind names. */
export interface ModelByKind {
  readonly mclnn: MclnnModel;
  readonly spline: SplineModel;
  readonly lnn: LnnModel;
}
