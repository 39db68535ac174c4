import type { TrajectorySet } from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import { MclnnError } from "@mclnn/physics";
import { now } from "../clock.ts";
import { trainLnnOnTrajectories } from "../lnn/train-on-trajectories.ts";
import type { ModelByKind, ModelKind } from "../model.ts";
import { checkHidden } from "../network.ts";
import { createSchedule } from "../rollout/schedule.ts";
import { LossLog } from "./loss-log.ts";
import type { TrainingProblem, TrainSettings } from "./problem.ts";
import { trainByGradient } from "./train-by-gradient.ts";
import { trainMclnn } from "./train-mclnn.ts";
import { trainMeasured } from "./train-measured.ts";
import type { TrainOptions, TrainResult } from "./train-options.ts";
import { trainSpline } from "./train-spline.ts";
import { chooseTimeStep, createTrainingData } from "./training-data.ts";

/** Loss at which training stops by default: the paper's (Table 1). */
export const PAPER_LOSS = 1e-8;

/**
 * Learns a law from trajectories.
 *
 * `mclnn` with optimizer `auto` solves for the function V' first and fits the network to it second; `adam` and `lbfgs` descend the
 * rollout loss (Eq. 6) itself. `spline` is the function alone; `lnn` the baseline, one network over all positions.
 *
 * @throws MclnnError of kind `input` for data or options that cannot be used, of kind `failure` when training diverges or is stopped
 * before there is any model
 */
export async function train<K extends ModelKind = "mclnn">(
  data: TrajectorySet,
  options: TrainOptions & { readonly model?: K } = {},
): Promise<TrainResult<ModelByKind[K]>> {
  // The kind asked for is the kind that `byKind` makes; the compiler cannot follow that through the switch.
  return (await byKind(data, options)) as TrainResult<ModelByKind[K]>;
}

async function byKind(data: TrajectorySet, options: TrainOptions): Promise<TrainResult> {
  const started = now();
  const settings = checkOptions(options, data.velocities !== undefined);
  if (settings.model === "lnn") return trainLnnOnTrajectories(data, options);
  const step = chooseTimeStep(data, options.dt);
  const { coupling } = settings;
  const prepare = (set: TrajectorySet, { dt, stride }: { dt: number; stride: number }) => {
    const prepared = createTrainingData(set, { coupling, needVelocities: !settings.freeStarts });
    return {
      data: prepared,
      schedule: createSchedule(prepared.times, velocityVerlet.stages, stride, dt),
    };
  };
  const problem: TrainingProblem = {
    ...prepare(data, step),
    validation:
      options.validation === undefined
        ? null
        : prepare(options.validation, chooseTimeStep(options.validation, step.dt)),
    dt: step.dt,
    stride: step.stride,
    dtSource: step.source,
    provenance: data.provenance,
    settings,
    log: new LossLog(started, settings),
  };
  if (settings.freeStarts) return trainMeasured(problem);
  if (settings.model === "spline") return trainSpline(problem);
  return settings.optimizer === "auto" ? trainMclnn(problem) : trainByGradient(problem);
}

function checkOptions(options: TrainOptions, hasVelocities: boolean): TrainSettings {
  const {
    model = "mclnn",
    hidden = [10, 10],
    seed = 100,
    until = PAPER_LOSS,
    optimizer = "auto",
    learningRate = 1e-3,
    coupling = "none",
    velocities = "auto",
    epochs,
    timeLimit,
    signal,
    onProgress,
  } = options;
  checkHidden(hidden);
  const positive = (argument: string, value: number | undefined, whole = false): void => {
    if (value === undefined) return;
    if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
      throw new MclnnError(`${argument} cannot be used`, {
        code: "bad-option",
        argument,
        expected: whole ? "a positive whole number" : "a positive number",
        got: String(value),
      });
  };
  positive("until", until);
  positive("learningRate", learningRate);
  positive("epochs", epochs, true);
  positive("timeLimit", timeLimit);
  if (!Number.isInteger(seed))
    throw new MclnnError("seed cannot be used", {
      code: "bad-option",
      argument: "seed",
      expected: "a whole number",
      got: String(seed),
    });
  if (!["auto", "given", "unknown"].includes(velocities))
    throw new MclnnError("velocities cannot be used", {
      code: "bad-option",
      argument: "velocities",
      expected: "auto, given or unknown",
      got: String(velocities),
    });
  return {
    model,
    hidden,
    seed,
    until,
    optimizer,
    learningRate,
    coupling,
    freeStarts: velocities === "unknown" || (velocities === "auto" && !hasVelocities),
    epochs,
    timeLimit: timeLimit === undefined ? undefined : timeLimit * 1000,
    signal,
    onProgress,
  };
}
