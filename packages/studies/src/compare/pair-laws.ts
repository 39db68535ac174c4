import { generateTrajectories } from "@mclnn/datasets";
import { type TrainResult, train } from "@mclnn/learning";
import {
  chaosFloor,
  conservation,
  observableSeries,
  shareOutside,
  slopeError,
  summarise,
} from "@mclnn/metrics";
import { encodeModel, type MclnnModel, type SplineModel } from "@mclnn/models";
import { isMclnnError, type PairPotential, type Trajectory } from "@mclnn/physics";
import { builtInPotentials } from "@mclnn/physics/potentials";
import type { JobHooks } from "../data/job-hooks.ts";
import type { SlopeError, SystemResults, TruthResults } from "../data/results.ts";
import type { ChaosSeries, LawSeries, RunSeries } from "../data/series.ts";
import { blame } from "../measure/blame.ts";
import { alignedCurve, lawGrid, lawSeries } from "../measure/law-curves.ts";
import { lastStretch, observablesOf } from "../measure/measure.ts";
import { allSeparations } from "../measure/separation-range.ts";
import { startState, valuesAt } from "../measure/states.ts";
import { type OpenedPlan, type OpenOwn, openPlan } from "./opened-plan.ts";
import { trainingProgress } from "./progress.ts";
import type { SystemPlan, UnseenStart } from "./system-plan.ts";
import { measureModel, type TrainedModel, type TruthRuns } from "./trained-model.ts";
import { trueRun, truthRuns } from "./truth.ts";

/** Shift of the start that the chaos floor is made from. */
const CHAOS_OFFSET = 1e-4;

/** What is known of a system, and its two pair laws; plain data. */
export interface PairLawsOutcome {
  /** The system's part of the results, without the models. */
  readonly system: Omit<SystemResults, "models">;
  readonly truth: {
    readonly runs: Readonly<Record<UnseenStart, Trajectory>>;
    readonly series: Readonly<Record<UnseenStart, RunSeries>>;
  };
  readonly chaos: Readonly<Record<UnseenStart, ChaosSeries>>;
  /** Without the models' curves; absent when training was stopped before there was any. */
  readonly law?: LawSeries;
  /** Those that there was time for. */
  readonly models: readonly TrainedModel[];
}

/** Makes a system's data, learns its two pair laws, and measures them. Null where it was stopped before there was one. */
export async function learnPairLaws(
  plan: SystemPlan,
  { onProgress, signal }: JobHooks,
  openOwn: OpenOwn,
): Promise<PairLawsOutcome | null> {
  try {
    onProgress?.({ fraction: 0, detail: "making data" });
    const opened = await openPlan(plan, openOwn);
    const truth = truthRuns(opened);
    const trained: TrainResult<MclnnModel | SplineModel>[] = [];
    const data = trainingData(opened);
    for (const [kind, part] of [
      ["mclnn", [0.05, 0.7]],
      ["spline", [0.7, 0.9]],
    ] as const) {
      const report = trainingProgress(kind, part);
      const result = await train(data.training, {
        model: kind,
        hidden: plan.hidden,
        seed: plan.seed,
        until: plan.until,
        coupling: opened.pair.coupling ?? "none",
        validation: data.validation,
        onProgress: (progress) => onProgress?.(report(progress)),
        ...(signal === undefined ? {} : { signal }),
      }).catch((error: unknown) => {
        // Stopped before there was a model: the other results are still worth keeping.
        if (isMclnnError(error) && error.code === "aborted") return undefined;
        throw error;
      });
      if (result !== undefined) trained.push(result as TrainResult<MclnnModel | SplineModel>);
    }
    if (trained.length === 0 && signal?.aborted === true) return null;
    onProgress?.({ fraction: 0.9, detail: "rolling out" });
    return outcome(opened, truth, trained, allSeparations(data.training.positions, data.training));
  } catch (error) {
    throw blame(error);
  }
}

function trainingData({ plan, system, trainStart, check }: OpenedPlan): {
  training: ReturnType<typeof generateTrajectories>;
  validation: ReturnType<typeof generateTrajectories>;
} {
  const { trajectories, validationTrajectories, records, dt, stride, seed } = plan;
  const options = { system, start: trainStart, records, dt, stride, seed };
  const training = generateTrajectories({ ...options, trajectories });
  check?.(training.positions, training);
  return {
    training,
    validation: generateTrajectories({
      ...options,
      trajectories: validationTrajectories,
      skip: trajectories,
    }),
  };
}

function outcome(
  opened: OpenedPlan,
  truth: TruthRuns,
  trained: readonly TrainResult<MclnnModel | SplineModel>[],
  seen: Float64Array,
): PairLawsOutcome {
  const { plan, system, pair, trainStart, starts } = opened;
  const chaos = {
    rollout: chaosOf(opened, truth, "rollout"),
    tilted: chaosOf(opened, truth, "tilted"),
  };
  const series = (name: UnseenStart): RunSeries => {
    const run = truth.runs[name];
    return {
      times: run.times,
      values: observablesOf(system, run),
      path: lastStretch(run),
    };
  };
  const separations = trained[0]?.model.separations;
  const grid = separations === undefined ? undefined : lawGrid(separations);
  const visited = allSeparations(truth.runs.rollout.positions, truth.runs.rollout);
  const models = trained.map((result): TrainedModel => {
    const { model } = result;
    const measured = measureModel(result, truth, plan);
    return {
      ...measured,
      results: {
        ...measured.results,
        slopeError: lawError(model, pair, seen, visited),
      },
      file: encodeModel(model),
      law: alignedCurve(model.pair, pair, grid as Float64Array, seen),
    };
  });
  const { rollout: floor } = chaos;
  return {
    system: {
      title: plan.title,
      formula: formulaOf(opened),
      ...(pair.parameters === undefined ? {} : { parameters: pair.parameters }),
      coupling: pair.coupling ?? "none",
      masses: Array.from(system.masses),
      dimension: system.dimension,
      dt: plan.dt,
      stride: plan.stride,
      integrator: "velocity-verlet",
      trainingData: {
        trajectories: plan.trajectories,
        records: plan.records,
        validationTrajectories: plan.validationTrajectories,
        scheme: "segments",
        noise: 0,
        seed: plan.seed,
        accelerationPoints: plan.baselinePoints,
      },
      starts: {
        train: startState(trainStart, system.dimension),
        test: startState(starts.rollout, system.dimension),
        tilted: startState(starts.tilted, system.dimension),
      },
      truth: truthOf(opened, truth),
      chaosFloor: {
        offset: floor.offset,
        position: summarise(floor.errors.position as Float64Array),
        hamiltonian: summarise(floor.errors.hamiltonian as Float64Array),
      },
    },
    truth: {
      runs: truth.runs,
      series: { rollout: series("rollout"), tilted: series("tilted") },
    },
    chaos,
    ...(grid === undefined || separations === undefined
      ? {}
      : { law: lawSeries(grid, separations, pair, {}) }),
    models,
  };
}

/** @param seen - separations of the training data. @param visited - those of the true run that the law is judged by */
function lawError(
  { pair, separations: { ranges } }: MclnnModel | SplineModel,
  truth: PairPotential,
  seen: Float64Array,
  visited: Float64Array,
): SlopeError {
  const { mean, max, relativeMean, range } = slopeError(pair, truth, { separations: seen, ranges });
  return { mean, max, relativeMean, range, outside: shareOutside(visited, range) };
}

/** Observables at the training start and at the unseen one, and how well the true run of the latter keeps its energy. */
function truthOf({ system, trainStart, starts }: OpenedPlan, { runs }: TruthRuns): TruthResults {
  const { times, hamiltonian: energy } = observableSeries(system, runs.rollout);
  return {
    ...valuesAt(system, trainStart),
    testStart: valuesAt(system, starts.rollout),
    hamiltonianDrift: conservation(times, energy).maxDrift,
  };
}

function chaosOf(
  opened: OpenedPlan,
  { system, starts, runs }: TruthRuns,
  name: UnseenStart,
): ChaosSeries {
  const { times, ...errors } = chaosFloor(
    system,
    starts[name],
    runs[name],
    (start) => trueRun(opened, start),
    CHAOS_OFFSET,
  );
  return { offset: CHAOS_OFFSET, times, errors };
}

/** V(r) in text: of a built-in as it is listed, else as it was given. */
function formulaOf({ plan: { source }, pair }: OpenedPlan): string {
  const listed = builtInPotentials.find(({ name }) => name === pair.name);
  return listed?.formula ?? (source.kind === "own" ? source.potential : pair.name);
}
