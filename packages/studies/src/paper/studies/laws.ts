import { dropVelocities } from "@mclnn/datasets";
import { type TrainResult, train } from "@mclnn/learning";
import { conservation, observableSeries, shareOutside, slopeError } from "@mclnn/metrics";
import type { MclnnModel, SplineModel } from "@mclnn/models";
import { createSystem, type PairPotential, pairwise, type State } from "@mclnn/physics";
import type { JobHooks } from "../../data/job-hooks.ts";
import type { StartState, StateValues } from "../../data/results.ts";
import type { ChaosSeries, LawSeries, RunSeries } from "../../data/series.ts";
import { alignedCurve, lawGrid, lawSeries } from "../../measure/law-curves.ts";
import { allSeparations } from "../../measure/separation-range.ts";
import { startState, valuesAt } from "../../measure/states.ts";
import {
  type OpenExperiment,
  openExperiment,
  type StartName,
  withLaw,
} from "../experiment/experiment.ts";
import {
  CHAOS_OFFSET,
  floorOf,
  floorRecords,
  measureFrom,
  type RunResult,
  trueRun,
  truthSeries,
} from "../experiment/rollouts.ts";
import type { SystemName } from "../experiment/settings.ts";
import { paperData } from "../experiment/training-data.ts";

/** MCLNN and the spline law of one system, and everything that is asked of them. */
export interface LawsInput {
  readonly system: SystemName;
  readonly seed: number;
  readonly records: number;
  readonly largerRecords: number;
  /** Loss at which training stops. */
  readonly until: number;
}

export type LawKind = "mclnn" | "spline";

export interface LawMeasures {
  readonly parameters: number;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly iterations: number;
  readonly trainSeconds: number;
  /** |V' - V' true| over the training separations, over the mean |V' true|. */
  readonly slopeError: {
    readonly mean: number;
    readonly max: number;
    readonly relativeMean: number;
  };
  /** Mean |V' - V' true| in the gap between the training ranges; null where there is none. */
  readonly gapSlopeError: number | null;
  /** The same over the mean |V' true| there. */
  readonly gapRelative: number | null;
  /** Mean |V' - V' true| beyond the training separations, up to 15 % of their span, over the mean |V' true| there. */
  readonly outsideRelative: number;
  /** From each unseen start. */
  readonly runs: Readonly<Record<StartName, RunResult>>;
}

/** A run of another number of bodies than the training's. */
export interface LargerRun {
  readonly bodies: number;
  readonly start: StartState;
  /** Share of the separations along the true run that training never saw. */
  readonly outside: number;
  readonly truth: RunSeries;
  readonly floor: ChaosSeries;
  /** Relative error of L: max |L - L true| over max |L true|. */
  readonly lagrangianRelative: number | null;
  readonly run: RunResult;
}

export interface LawsResult {
  readonly title: string;
  readonly formula: string;
  readonly separations: {
    readonly from: number;
    readonly to: number;
    readonly ranges: readonly (readonly [number, number])[];
  };
  /** The law curves, training ranges. */
  readonly law: LawSeries;
  readonly models: Readonly<Record<LawKind, LawMeasures>>;
  readonly starts: Readonly<Record<"train" | StartName, StartState>>;
  readonly startValues: Readonly<Record<"train" | "test", StateValues>>;
  /** Largest |H - H start| of the true velocity Verlet run from the test start. */
  readonly trueDrift: number;
  readonly truth: Readonly<Record<"test" | "moved", RunSeries>>;
  readonly floor: Readonly<Record<"test" | "moved", readonly ChaosSeries[]>>;
  /** Records until L of the truth started 1e-4 away has left the truth. */
  readonly floorRecords: number | null;
  /** Relative mean error of V' of MCLNN trained without any velocity. */
  readonly positionsOnly: number;
  readonly larger: LargerRun;
  readonly harder: LargerRun | null;
}

/** Starts whose runs are drawn. */
const DRAWN: readonly StartName[] = ["test", "moved"];
/** How far extrapolation is judged, as a share of the span of the training separations. */
const BEYOND = 0.15;

export async function studyLaws(
  { system: name, seed, records, largerRecords, until }: LawsInput,
  { onProgress, signal }: JobHooks,
): Promise<LawsResult> {
  const experiment = openExperiment(name);
  const { system, pair, starts, trainStart, dimension } = experiment;
  const { training, validation } = paperData(experiment);
  const seen = allSeparations(training.positions, training);
  onProgress?.({ fraction: 0, detail: "training" });
  const options = { seed, until, validation, ...(signal === undefined ? {} : { signal }) };
  const mclnn = await train(training, { ...options, model: "mclnn" });
  const spline = await train(training, { ...options, model: "spline" });
  onProgress?.({ fraction: 0.3, detail: "training without velocities" });
  const blind = await train(dropVelocities(training), {
    ...options,
    validation: dropVelocities(validation),
    model: "mclnn",
    velocities: "unknown",
  });
  onProgress?.({ fraction: 0.5, detail: "rolling out" });
  const truths = byStart(starts, (start) => trueRun(system, start, records));
  const { ranges, edges } = mclnn.model.separations;
  const [from, to] = [edges[0] as number, edges[edges.length - 1] as number];
  const measures = (trained: TrainResult<MclnnModel | SplineModel>): LawMeasures => ({
    ...learnedLaw(trained, pair, { seen, ranges, from, to }),
    runs: byStart(starts, (start, key) =>
      measureFrom(system, withLaw(system, trained.model.potential), start, truths[key], {
        keep: DRAWN.includes(key),
      }),
    ),
  });
  const grid = lawGrid(mclnn.model.separations);
  const test = observableSeries(system, truths.test);
  const offsets = name === "quartic-spring" ? [CHAOS_OFFSET, 1e-8] : [CHAOS_OFFSET];
  const drawn = <T>(make: (start: "test" | "moved") => T): Record<"test" | "moved", T> => ({
    test: make("test"),
    moved: make("moved"),
  });
  const floor = drawn((start) =>
    offsets.map((offset) => floorOf(system, starts[start], truths[start], offset)),
  );
  onProgress?.({ fraction: 0.8, detail: "larger systems" });
  const { larger, harder } = experiment;
  return {
    title: experiment.title,
    formula: pair.name,
    separations: { from, to, ranges },
    law: lawSeries(grid, mclnn.model.separations, pair, {
      mclnn: alignedCurve(mclnn.model.pair, pair, grid, seen),
      spline: alignedCurve(spline.model.pair, pair, grid, seen),
    }),
    models: { mclnn: measures(mclnn), spline: measures(spline) },
    starts: {
      train: startState(trainStart, dimension),
      ...byStart(starts, (start) => startState(start, dimension)),
    },
    startValues: { train: valuesAt(system, trainStart), test: valuesAt(system, starts.test) },
    trueDrift: conservation(test.times, test.hamiltonian).maxDrift,
    truth: drawn((start) => truthSeries(system, truths[start])),
    floor,
    floorRecords: floorRecords(system, truths.test, floor.test[0] as ChaosSeries),
    positionsOnly: slopeError(blind.model.pair, pair, { separations: seen }).relativeMean as number,
    larger: largerRun(experiment, larger, mclnn.model, largerRecords),
    harder: harder === undefined ? null : largerRun(experiment, harder, mclnn.model, largerRecords),
  };
}

/** How a training went, and how far V' is from the truth where it was seen, in gaps between and beyond. */
function learnedLaw(
  { model, ...result }: TrainResult<MclnnModel | SplineModel>,
  truth: PairPotential,
  { seen, ranges, from, to }: LawsResult["separations"] & { readonly seen: Float64Array },
): Omit<LawMeasures, "runs"> {
  const over = (where: LawsResult["separations"]["ranges"]) =>
    slopeError(model.pair, truth, { ranges: where });
  const gaps = ranges.slice(1).map(([end], k) => [ranges[k]?.[1] as number, end] as const);
  const gap = gaps.length === 0 ? null : over(gaps);
  const beyond = BEYOND * (to - from);
  const { mean, max, relativeMean } = slopeError(model.pair, truth, { separations: seen, ranges });
  const { trainLoss, validationLoss, iterations, trainSeconds } = result;
  return {
    parameters: model.parameterCount,
    trainLoss,
    validationLoss,
    iterations,
    trainSeconds,
    slopeError: { mean, max, relativeMean: relativeMean as number },
    gapSlopeError: gap?.mean ?? null,
    gapRelative: gap?.relativeMean ?? null,
    outsideRelative: over([
      [Math.max(from - beyond, from / 2), from],
      [to, to + beyond],
    ]).relativeMean as number,
  };
}

/** MCLNN on more bodies than it was trained with. */
function largerRun(
  { pair, dimension }: OpenExperiment,
  { masses, start }: { readonly masses: Float64Array; readonly start: State },
  model: MclnnModel | SplineModel,
  records: number,
): LargerRun {
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  const truth = trueRun(system, start, records);
  const run = measureFrom(system, withLaw(system, model.potential), start, truth, { keep: true });
  const series = truthSeries(system, truth);
  const size = largest(series.values.lagrangian as Float64Array);
  const { max } = run.errors.lagrangian;
  return {
    bodies: masses.length,
    start: startState(start, dimension),
    outside: shareOutside(allSeparations(truth.positions, truth), model.separations.ranges),
    truth: series,
    floor: floorOf(system, start, truth),
    lagrangianRelative: max === null ? null : max / size,
    run,
  };
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function byStart<T>(
  starts: Readonly<Record<StartName, State>>,
  make: (start: State, name: StartName) => T,
): Record<StartName, T> {
  return Object.fromEntries(
    Object.entries(starts).map(([name, start]) => [name, make(start, name as StartName)]),
  ) as Record<StartName, T>;
}
