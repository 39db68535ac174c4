import { spaceOfSet, type TrajectorySet } from "@mclnn/datasets";
import type { Model } from "@mclnn/models";
import type { Force, JsonValue } from "@mclnn/physics";
import type { CompareResults, ModelResults } from "../data/results.ts";
import type { SystemSeries } from "../data/series.ts";
import { lawOf } from "../measure/law-curves.ts";
import { lastStretch } from "../measure/measure.ts";
import {
  type EvaluatedRun,
  particlesOf,
  type RecordedSteps,
  rolloutsAlong,
  stepsAlong,
  withWholeStarts,
} from "./rollouts.ts";
import { summariseModel } from "./summary.ts";

/** A model's runs beside some trajectories, and what they come to. */
export interface Evaluation {
  readonly model: Model;
  /** The true law, where it is known. */
  readonly truth: Force | undefined;
  /** The trajectories that could be compared with: those of which every particle's start was observed. */
  readonly data: TrajectorySet;
  /** One for each of them. */
  readonly runs: readonly EvaluatedRun[];
  readonly results: ModelResults;
}

/**
 * Rolls a model out from the start of each trajectory and compares.
 *
 * Energies are evaluated with the true law; without it only what needs none is told.
 *
 * @param options - `truth`: the true law; `dt`: time step, by default what the provenance of the data says, else the model's; `onSteps`: told the
 * time step before the runs begin
 * @throws MclnnError `missing-start`, `too-few-records`, `uneven-times`, `bad-time-step`, `missing-velocities` for data that cannot be compared with
 */
export function evaluateModel(
  model: Model,
  trajectories: TrajectorySet,
  {
    truth,
    dt,
    onSteps,
  }: {
    readonly truth?: Force | undefined;
    readonly dt?: number | undefined;
    readonly onSteps?: (steps: RecordedSteps) => void;
  } = {},
): Evaluation {
  const data = withWholeStarts(trajectories);
  const steps = stepsAlong(data, model, dt);
  onSteps?.(steps);
  const own = particlesOf(data, model.potential);
  const system = truth === undefined ? own : particlesOf(data, truth);
  const runs = rolloutsAlong(data, system, own, steps);
  const inBox = spaceOfSet(data) !== undefined;
  return { model, truth, data, runs, results: summariseModel(model, runs, truth, inBox) };
}

/** What goes into `results.json`. @param facts - `name`: of the system */
export function evaluationResults(
  { model, truth, runs, results }: Evaluation,
  {
    name,
    ...facts
  }: {
    readonly name: string;
    readonly software: Readonly<Record<string, JsonValue>>;
    readonly command: string;
  },
): CompareResults {
  const start = runs[0]?.truthValues.hamiltonian[0] ?? null;
  return {
    version: 1,
    seed: model.record.seed,
    ...facts,
    systems: {
      [name]: {
        truth: { hamiltonian: truth === undefined ? null : start },
        models: { [model.kind]: { ...results, file: `models/${model.kind}.safetensors` } },
      },
    },
  };
}

/** What the figures of an evaluation draw: its first trajectory, and the law; undefined where there is none. */
export function evaluationSeries({
  model,
  truth,
  data,
  runs,
}: Evaluation): SystemSeries | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const { lagrangian, hamiltonian, ...momenta } = first.truthValues;
  return {
    particles: data.particles,
    dimension: data.dimension,
    rollout: {
      truth: {
        times: first.truth.times,
        // Without a true law the energy of the data is not known.
        values: truth === undefined ? momenta : { lagrangian, hamiltonian, ...momenta },
        path: lastStretch(first.truth),
      },
      models: { [model.kind]: first.series },
    },
    ...("pair" in model ? { law: lawOf(model, { truth: truth?.pair }) } : {}),
  };
}

/** The model's runs as trajectories, by names for files: one set where they are of one length, one each where some diverged. */
export function evaluatedRuns({ model, data, runs }: Evaluation): Record<string, TrajectorySet> {
  const { kind } = model;
  const together = (some: readonly EvaluatedRun[]): TrajectorySet => {
    // Runs that are put into one set are of one length.
    const { times, positions: q, provenance = {} } = (some[0] as EvaluatedRun).run.trajectory;
    const size = q.length;
    const positions = new Float64Array(some.length * size);
    const velocities = new Float64Array(some.length * size);
    some.forEach(({ run: { trajectory } }, t) => {
      positions.set(trajectory.positions, t * size);
      velocities.set(trajectory.velocities as Float64Array, t * size);
    });
    // The model's runs have no gaps.
    const { observed: _, ...whole } = data;
    return {
      ...whole,
      trajectories: some.length,
      records: times.length,
      times,
      positions,
      velocities,
      provenance: { command: "evaluate", law: model.potential.name, ...provenance },
    };
  };
  return runs.every(({ run }) => run.divergedAt === null)
    ? { [kind]: together(runs) }
    : Object.fromEntries(runs.map((run, t) => [`${kind}-${t}`, together([run])]));
}
