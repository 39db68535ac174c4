import { rollout } from "@mclnn/integrators";
import { chaosFloor, validTime } from "@mclnn/metrics";
import type { ParticleSystem, State, Trajectory } from "@mclnn/physics";
import type { RolloutErrors } from "../../data/results.ts";
import type { ChaosSeries, Numbers, RunSeries } from "../../data/series.ts";
import { measureRun, observablesOf } from "../../measure/measure.ts";
import { runFrom } from "../../measure/run.ts";

/** How everything is rolled out: as the data were made (paper, A.6). */
export const STEP = { dt: 0.01, stride: 10 } as const;
/** Time between records. */
const RECORD = 0.1;
/** Shift of the chaos floor that every error is drawn with. */
export const CHAOS_OFFSET = 1e-4;

/** An error of L above this share of the span of the true L counts as divergence. */
const DIVERGED_SHARE = 0.1;
/** A momentum off by this much counts as lost. */
const MOMENTUM_BOUND = 0.01;

/** What a run came to. */
export interface RunResult {
  readonly errors: RolloutErrors;
  /** Records until |L - L true| exceeds a tenth of the span of the true L; null when it never does. */
  readonly lagrangianRecords: number | null;
  /** Records until the positions are 0.1 off; null when they never are. */
  readonly positionRecords: number | null;
  /** Records until P and L are 0.01 off; null when they never are. */
  readonly linearMomentumRecords: number | null;
  readonly angularMomentumRecords: number | null;
  /** Where the run is to be drawn. */
  readonly series?: RunSeries;
}

/** The true run from a start. */
export function trueRun(system: ParticleSystem, start: State, records: number): Trajectory {
  return rollout(system, start, { ...STEP, records });
}

/** A true run as figures draw it. */
export function truthSeries(system: ParticleSystem, run: Trajectory): RunSeries {
  return { times: run.times, values: observablesOf(system, run) };
}

/** Rolls a law out beside the true run of the same start. @param keep - whether the series are to be drawn */
export function measureFrom(
  system: ParticleSystem,
  own: ParticleSystem,
  start: State,
  truth: Trajectory,
  { keep }: { readonly keep: boolean },
): RunResult {
  const records = truth.times.length;
  const run = runFrom(own, start, { ...STEP, records, provenance: {} });
  const { errors, series } = measureRun(system, own, run, truth);
  const { times } = run.trajectory;
  const inRecords = (time: number | null | undefined): number | null =>
    time === null || time === undefined ? null : Math.round((time - start.time) / RECORD);
  const until = (errors: Numbers | undefined, bound: number): number | null =>
    inRecords(validTime(times, errors as Float64Array, bound) ?? run.divergedAt);
  const { path: _, ...drawn } = series;
  return {
    errors,
    lagrangianRecords: until(series.errors?.lagrangian, lagrangianBound(system, truth)),
    positionRecords: inRecords(errors.validTime),
    linearMomentumRecords: until(series.errors?.linearMomentum, MOMENTUM_BOUND),
    angularMomentumRecords: until(series.errors?.angularMomentum, MOMENTUM_BOUND),
    ...(keep ? { series: drawn } : {}),
  };
}

/** Error of L that counts as divergence from a true run. */
function lagrangianBound(system: ParticleSystem, truth: Trajectory): number {
  const { lagrangian } = observablesOf(system, truth);
  const most = lagrangian.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const least = lagrangian.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return DIVERGED_SHARE * (most - least);
}

/** Records until L of a floor has left the truth; null when it never does. */
export function floorRecords(
  system: ParticleSystem,
  truth: Trajectory,
  { times, errors }: ChaosSeries,
): number | null {
  const time = validTime(
    Float64Array.from(times),
    Float64Array.from(errors.lagrangian ?? []),
    lagrangianBound(system, truth),
  );
  return time === null ? null : Math.round(time / RECORD);
}

/** Errors of the true system started a little away. */
export function floorOf(
  system: ParticleSystem,
  start: State,
  truth: Trajectory,
  offset: number = CHAOS_OFFSET,
): ChaosSeries {
  const { times, ...errors } = chaosFloor(
    system,
    start,
    truth,
    (from) => trueRun(system, from, truth.times.length),
    offset,
  );
  const { lagrangian, hamiltonian, linearMomentum, angularMomentum, position } = errors;
  return {
    offset,
    times,
    errors: { lagrangian, hamiltonian, linearMomentum, angularMomentum, position },
  };
}
