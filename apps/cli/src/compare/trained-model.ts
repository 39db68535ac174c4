import type { TrainResult } from "@mclnn/learning";
import type { Model } from "@mclnn/models";
import type { ParticleSystem, Provenance, State, Trajectory } from "@mclnn/physics";
import type { LawCurve, ModelResults, RunSeries, TrainingSeries } from "@mclnn/report";
import { measureRun } from "./measure.ts";
import { runFrom } from "./run.ts";
import { type SystemPlan, type UnseenStart, unseenStarts } from "./system-plan.ts";

/** One trained model with all that is told of it; plain data. */
export interface TrainedModel {
  readonly kind: Model["kind"];
  readonly results: ModelResults;
  /** The model file. */
  readonly file: Uint8Array;
  readonly runs: Readonly<Record<UnseenStart, Trajectory>>;
  readonly series: Readonly<Record<UnseenStart, RunSeries>>;
  readonly training: TrainingSeries;
  /** On the system's grid; pair models only. */
  readonly law?: LawCurve;
}

export const MODEL_TITLES: Readonly<Record<Model["kind"], string>> = {
  mclnn: "MCLNN",
  spline: "spline",
  lnn: "LNN",
  species: "laws by species",
};

/** The true runs that models are compared with. */
export interface TruthRuns {
  readonly system: ParticleSystem;
  readonly starts: Readonly<Record<UnseenStart, State>>;
  readonly runs: Readonly<Record<UnseenStart, Trajectory>>;
}

/** Rolls a trained model out from the unseen starts and measures it. */
export function measureModel(
  { model, ...training }: TrainResult,
  { system, starts, runs: truth }: TruthRuns,
  plan: SystemPlan,
): Omit<TrainedModel, "file"> {
  const { kind, parameterCount, potential } = model;
  const own: ParticleSystem = { ...system, potential };
  const measured = unseenStarts.map((name) => {
    const run = runFrom(own, starts[name], {
      dt: plan.dt,
      stride: plan.stride,
      records: plan.rolloutRecords,
      provenance: runProvenance(plan, name, kind),
    });
    return { name, run, ...measureRun(system, own, run, truth[name]) };
  });
  const byStart = <T>(pick: (each: (typeof measured)[number]) => T): Record<UnseenStart, T> =>
    Object.fromEntries(measured.map((each) => [each.name, pick(each)])) as Record<UnseenStart, T>;
  const errors = byStart((each) => each.errors);
  const lossKind = lossKindOf(model);
  return {
    kind,
    results: {
      title: MODEL_TITLES[kind],
      parameters: parameterCount,
      trainLoss: training.trainLoss,
      validationLoss: training.validationLoss,
      lossKind,
      trainSeconds: training.trainSeconds,
      iterations: training.iterations,
      reachedTarget: training.reachedTarget,
      milestones: training.milestones,
      slopeError: null,
      rollout: errors.rollout,
      tilted: errors.tilted,
    },
    runs: byStart((each) => each.run.trajectory),
    series: byStart((each) => each.series),
    training: {
      seconds: training.history.map(({ seconds }) => seconds),
      loss: training.history.map(({ loss }) => loss),
      iterations: training.history.map(({ iteration }) => iteration),
      lossKind,
    },
  };
}

/** What the model's loss measures: accelerations, where its record says so. */
export function lossKindOf({ record }: Model): "rollout" | "acceleration" {
  return record.loss === "acceleration" ? "acceleration" : "rollout";
}

/** How a run of a comparison came to be. */
export function runProvenance(plan: SystemPlan, start: UnseenStart, law: string): Provenance {
  const { name, seed, dt, stride } = plan;
  return {
    command: "compare",
    system: name,
    law,
    start: start === "rollout" ? "test" : start,
    seed,
    dt,
    stride,
    integrator: "velocity-verlet",
  };
}
