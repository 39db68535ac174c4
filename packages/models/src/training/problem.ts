import type { Coupling, Provenance } from "@mclnn/physics";
import type { ModelKind, SeparationRecord, TrainingRecord } from "../model.ts";
import type { Schedule } from "../rollout/schedule.ts";
import type { LossLog } from "./loss-log.ts";
import type { StopSignal, TrainProgress, TrainResult } from "./train-options.ts";
import type { TimeStepSource, TrainingData } from "./training-data.ts";

/** Checked options, defaults filled in. */
export interface TrainSettings {
  readonly model: ModelKind;
  readonly hidden: readonly number[];
  readonly seed: number;
  readonly until: number;
  readonly optimizer: "auto" | "adam" | "lbfgs";
  readonly learningRate: number;
  readonly coupling: Coupling;
  /** Whether start states are unknowns. */
  readonly freeStarts: boolean;
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
  readonly validation: { readonly data: TrainingData; readonly schedule: Schedule } | null;
  /** Time step, and substeps a record. */
  readonly dt: number;
  readonly stride: number;
  readonly dtSource: TimeStepSource;
  readonly provenance: Provenance;
  readonly settings: TrainSettings;
  readonly log: LossLog;
}

/** How a training ended, before it is made into a result. */
export interface Ending {
  readonly optimizer: string;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly iterations: number;
  readonly stopped: TrainResult["stopped"];
}

/** The record that the model keeps of its training. */
export function trainingRecord(
  { data, dt, stride, provenance, settings }: TrainingProblem,
  { optimizer, trainLoss, validationLoss, iterations }: Ending,
): TrainingRecord {
  return {
    seed: settings.seed,
    optimizer,
    until: settings.until,
    trainLoss,
    validationLoss,
    iterations,
    reachedTarget: trainLoss <= settings.until,
    dt,
    stride,
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
  const from = sorted[0] as number;
  const to = sorted[sorted.length - 1] as number;
  const width = (to - from) / HISTOGRAM_BINS;
  const edges = Float64Array.from({ length: HISTOGRAM_BINS + 1 }, (_, k) =>
    k === HISTOGRAM_BINS ? to : from + width * k,
  );
  const counts = new Float64Array(HISTOGRAM_BINS);
  for (const r of sorted) {
    const bin = width > 0 ? Math.min(HISTOGRAM_BINS - 1, Math.floor((r - from) / width)) : 0;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { ranges, edges, counts };
}
