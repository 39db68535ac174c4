import { accelerationPoints } from "@mclnn/datasets";
import { type TrainResult, train, trainBaseline } from "@mclnn/learning";
import type { Model } from "@mclnn/models";
import type { TrainingSeries } from "@mclnn/report";
import { trainingProgress } from "../../compare/progress.ts";
import type { JobHooks } from "../../jobs/job-hooks.ts";
import { openExperiment } from "../experiment.ts";
import { STEP } from "../rollouts.ts";
import type { SystemName } from "../settings.ts";
import { paperData } from "../training-data.ts";

/** The paper's literal recipe (A.6): Adam at 1e-3, full batch, on the same data as ours. */
export interface RecipeInput {
  readonly system: SystemName;
  readonly model: "mclnn" | "lnn";
  readonly how: "paper" | "ours";
  readonly seed: number;
  /** Epochs of the paper's recipe; ours stops by itself. */
  readonly epochs: number;
  readonly points: number;
  readonly validationPoints: number;
}

export interface RecipeResult {
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly iterations: number;
  readonly trainSeconds: number;
  readonly history: TrainingSeries;
}

/** Loss at which our own training of MCLNN stops. */
const UNTIL = 1e-12;
/** A loss that no training reaches: the paper's recipe ends with its epochs. */
const NEVER = 1e-30;

export async function studyRecipe(
  input: RecipeInput,
  { onProgress, signal }: JobHooks,
): Promise<RecipeResult> {
  const report = trainingProgress(input.model, [0, 1]);
  const result = await learn(input, {
    onProgress: (progress) => onProgress?.(report(progress)),
    ...(signal === undefined ? {} : { signal }),
  });
  const { trainLoss, validationLoss, iterations, trainSeconds, history } = result;
  return {
    trainLoss,
    validationLoss,
    iterations,
    trainSeconds,
    history: {
      seconds: history.map(({ seconds }) => seconds),
      loss: history.map(({ loss }) => loss),
      iterations: history.map(({ iteration }) => iteration),
      lossKind: input.model === "mclnn" ? "rollout" : "acceleration",
    },
  };
}

async function learn(
  { system: name, model, how, seed, epochs, points, validationPoints }: RecipeInput,
  hooks: Pick<NonNullable<Parameters<typeof train>[1]>, "onProgress" | "signal">,
): Promise<TrainResult<Model>> {
  const experiment = openExperiment(name);
  const paper = { optimizer: "adam", epochs } as const;
  if (model === "mclnn") {
    const { training, validation } = paperData(experiment);
    return train(training, {
      model: "mclnn",
      seed,
      validation,
      ...hooks,
      ...(how === "paper" ? { ...paper, until: NEVER } : { until: UNTIL }),
    });
  }
  const from = { start: experiment.trainStart, ...STEP };
  return trainBaseline(accelerationPoints(experiment.system, { ...from, points }), {
    seed,
    validation: accelerationPoints(experiment.system, {
      ...from,
      points: validationPoints,
      first: points,
    }),
    ...hooks,
    ...(how === "paper" ? paper : {}),
  });
}

/** Epochs that a forecast of the recipe's duration is measured on. */
const FORECAST_EPOCHS = 12;

/** Seconds that a job of the paper's recipe will take, from a few of its epochs. */
export async function forecastRecipe(input: RecipeInput): Promise<number> {
  const short = { ...input, epochs: FORECAST_EPOCHS };
  await learn(short, {});
  const { trainSeconds } = await learn(short, {});
  return (trainSeconds * input.epochs) / FORECAST_EPOCHS;
}
