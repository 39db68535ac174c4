import type { ModelKind, SeparationRecord, TrainingRecord } from "@mclnn/models";
import type { Coupling, Provenance } from "@mclnn/physics";
import type { SlopeFunction, SplineFit } from "../fit/spline-fit.ts";
import type { Dynamics } from "../records/dynamics.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Units } from "../records/units.ts";
import type { Retreat } from "../runs/descend.ts";
import type { LossLog } from "../runs/loss-log.ts";
import type { StateKeeper } from "../runs/state-keeper.ts";
import type {
  FittedMass,
  StartStates,
  StopSignal,
  TrainProgress,
  TrainResult,
} from "../runs/train-options.ts";
import type { KnotShape } from "../splines/knots.ts";

/** Checked options, defaults filled in. */
export interface TrainSettings {
  readonly model: ModelKind;
  readonly hidden: readonly number[];
  readonly seed: number;
  readonly until: number;
  readonly optimizer: "auto" | "adam" | "lbfgs";
  readonly learningRate: number;
  readonly coupling: Coupling;
  readonly velocities: "auto" | "given" | "unknown";
  readonly integrator: string | undefined;
  readonly substeps: number | undefined;
  readonly dt: number | undefined;
  readonly epochs: number | undefined;
  /** Milliseconds. */
  readonly timeLimit: number | undefined;
  readonly signal: StopSignal | undefined;
  readonly onProgress: ((progress: TrainProgress) => void) | undefined;
}

/** All that a trainer of pair laws needs. */
export interface TrainingProblem {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  /** For sensitivities. */
  readonly tangents: Schedule;
  readonly validation: { readonly data: TrainingData; readonly schedule: Schedule } | null;
  readonly dynamics: Dynamics;
  /** Time step in the data's units. */
  readonly dt: number;
  readonly startStates: StartStates;
  readonly units: Units;
  /** Pairs of species with a law each; null where there is one law for all. */
  readonly species: readonly (readonly [number, number])[] | null;
  /** Masses that were fitted, in the data's unit; null where they are as given. */
  readonly masses: readonly FittedMass[] | null;
  /** Species of each particle, where the data say. */
  readonly particleSpecies: Int32Array | undefined;
  /** What a search before has found. */
  readonly hint: Hint | null;
  /** Parts of trajectories that there are in all, where the data are those that can be followed, and records of the trajectories; else null. */
  readonly parts: { readonly of: number; readonly records: number } | null;
  /** The fit with the defaults of `fitSpline`, where it has shown that the data are exact. */
  readonly exactFit: SplineFit | null;
  readonly provenance: Provenance;
  readonly settings: TrainSettings;
  readonly log: LossLog;
  /** Hands out states to go on from, and gives one back. */
  readonly keeper: StateKeeper;
}

/** A law that is close, and the fit that found it. */
export interface Hint {
  readonly slope: SlopeFunction;
  readonly cells: number;
  /** The law that knots were placed for; undefined where they follow the data alone. */
  readonly shape: KnotShape | undefined;
  readonly separations: readonly Float64Array[];
  /** sigma of positions over sigma of velocities. */
  readonly velocityWeight: number;
  /** Mean square residual of each body; undefined where start states are exact. */
  readonly bodyVariances?: Float64Array;
  /** Mean square difference between steps and half steps, where it is too large for the records; else null. */
  readonly unresolved: number | null;
}

/** How a training ended, in training units, before it is made into a result. */
export interface Ending {
  readonly optimizer: string;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly iterations: number;
  readonly stopped: TrainResult["stopped"];
  readonly retreats?: readonly Retreat[];
}

/** The record that the model keeps of its training. */
export function trainingRecord(
  { data, dt, dynamics, startStates, units, provenance, settings }: TrainingProblem,
  { optimizer, trainLoss, validationLoss, iterations }: Ending,
): TrainingRecord {
  const area = units.length * units.length;
  return {
    seed: settings.seed,
    optimizer,
    until: settings.until * area,
    trainLoss: trainLoss * area,
    validationLoss: validationLoss === null ? null : validationLoss * area,
    iterations,
    reachedTarget: trainLoss <= settings.until,
    integrator: dynamics.integrator,
    dt,
    stride: dynamics.substeps,
    startStates,
    trajectories: data.trajectories,
    records: data.records,
    particles: data.particles,
    data: provenance,
  };
}

const HISTOGRAM_BINS = 128;

/** Ranges and histogram of the separations seen. @param sorted - increasing @param ranges - without gaps */
export function separationRecord(
  sorted: Float64Array,
  ranges: readonly (readonly [number, number])[],
): SeparationRecord {
  const from = sorted[0];
  const to = sorted[sorted.length - 1];
  const width = (to - from) / HISTOGRAM_BINS;
  const edges = Float64Array.from({ length: HISTOGRAM_BINS + 1 }, (_, k) =>
    k === HISTOGRAM_BINS ? to : from + width * k,
  );
  const binOf = (r: number): number =>
    width > 0 ? Math.min(HISTOGRAM_BINS - 1, Math.floor((r - from) / width)) : 0;
  const counts = new Float64Array(HISTOGRAM_BINS);
  for (let start = 0; start < sorted.length; ) {
    const bin = binOf(sorted[start]);
    // They increase, so those of a bin end where a bisection says.
    let end = start + 1;
    for (let beyond = sorted.length; end < beyond; ) {
      const middle = (end + beyond) >> 1;
      if (binOf(sorted[middle]) > bin) beyond = middle;
      else end = middle + 1;
    }
    counts[bin] = end - start;
    start = end;
  }
  return { ranges, edges, counts };
}
