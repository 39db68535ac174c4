import { accelerationPoints } from "@mclnn/datasets";
import { trainBaseline } from "@mclnn/learning";
import { encodeModel } from "@mclnn/models";
import { isMclnnError } from "@mclnn/physics";
import { blame } from "../inputs/blame.ts";
import type { JobHooks } from "../jobs/job-hooks.ts";
import { openPlan } from "./opened-plan.ts";
import { trainingProgress } from "./progress.ts";
import type { SystemPlan } from "./system-plan.ts";
import { measureModel, type TrainedModel } from "./trained-model.ts";
import { truthRuns } from "./truth.ts";

/** The baseline, where there was time for it; plain data. */
export interface BaselineOutcome {
  readonly models: readonly TrainedModel[];
}

/** Trains the baseline LNN on accelerations of the training run, and measures it. */
export async function learnBaseline(
  plan: SystemPlan,
  { onProgress, signal }: JobHooks,
): Promise<BaselineOutcome> {
  try {
    onProgress?.({ fraction: 0, detail: "making data" });
    const opened = await openPlan(plan);
    const { system, trainStart } = opened;
    const { dt, stride, baselinePoints, baselineValidationPoints, baselineEpochs } = plan;
    const { hidden, seed } = plan;
    const options = { start: trainStart, dt, stride };
    const points = accelerationPoints(system, { ...options, points: baselinePoints });
    const validation = accelerationPoints(system, {
      ...options,
      points: baselineValidationPoints,
      first: baselinePoints,
    });
    const report = trainingProgress("lnn", [0.05, 0.85]);
    const result = await trainBaseline(points, {
      hidden,
      seed,
      validation,
      dt,
      stride,
      onProgress: (progress) => onProgress?.(report(progress)),
      ...(baselineEpochs === null ? {} : { epochs: baselineEpochs }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((error: unknown) => {
      if (isMclnnError(error) && error.code === "aborted") return undefined;
      throw error;
    });
    // One that was not finished is not worth the time that measuring it takes.
    if (result === undefined || signal?.aborted === true) return { models: [] };
    onProgress?.({ fraction: 0.85, detail: "rolling out" });
    const truth = truthRuns(opened);
    return {
      models: [{ ...measureModel(result, truth, plan), file: encodeModel(result.model) }],
    };
  } catch (error) {
    throw blame(error);
  }
}
