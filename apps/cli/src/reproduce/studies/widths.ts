import { PAPER_LOSS, train } from "@mclnn/learning";
import { slopeError } from "@mclnn/metrics";
import { allSeparations } from "../../inputs/separation-range.ts";
import type { JobHooks } from "../../jobs/job-hooks.ts";
import { openExperiment } from "../experiment.ts";
import type { SystemName } from "../settings.ts";
import { paperData } from "../training-data.ts";

/** MCLNN of one width, from several seeds, to the paper's loss and as low as it goes (Table 1). */
export interface WidthsInput {
  readonly system: SystemName;
  readonly width: number;
  readonly seeds: readonly number[];
  /** Iterations of "as low as it goes". */
  readonly deepIterations: number;
}

export interface WidthRun {
  readonly seed: number;
  readonly target: "paper" | "deep";
  readonly trainLoss: number;
  readonly validationLoss: number;
  readonly iterations: number;
  readonly trainSeconds: number;
  readonly reachedTarget: boolean;
  /** Mean |V' - V' true| over the training separations, over the mean |V' true|. */
  readonly slopeError: number;
}

export interface WidthsResult {
  readonly parameters: number;
  readonly runs: readonly WidthRun[];
}

/** No training gets there: what is left when iterations end or nothing more is gained. */
const DEEP = 1e-30;

export async function studyWidths(
  { system: name, width, seeds, deepIterations }: WidthsInput,
  { onProgress, signal }: JobHooks,
): Promise<WidthsResult> {
  const experiment = openExperiment(name);
  const { training, validation } = paperData(experiment);
  const seen = allSeparations(training.positions, training);
  const runs: WidthRun[] = [];
  let parameters = 0;
  for (const seed of seeds)
    for (const target of ["paper", "deep"] as const) {
      onProgress?.({
        fraction: runs.length / (2 * seeds.length),
        detail: `seed ${seed}, ${target === "paper" ? "to 1e-8" : "as low as it goes"}`,
      });
      const { model, ...result } = await train(training, {
        model: "mclnn",
        hidden: [width, width],
        seed,
        validation,
        until: target === "paper" ? PAPER_LOSS : DEEP,
        ...(target === "paper" ? {} : { epochs: deepIterations }),
        ...(signal === undefined ? {} : { signal }),
      });
      parameters = model.parameterCount;
      runs.push({
        seed,
        target,
        trainLoss: result.trainLoss,
        validationLoss: result.validationLoss as number,
        iterations: result.iterations,
        trainSeconds: result.trainSeconds,
        reachedTarget: result.trainLoss <= PAPER_LOSS,
        slopeError: slopeError(model.pair, experiment.pair, { separations: seen })
          .relativeMean as number,
      });
      if (signal?.aborted === true) return { parameters, runs };
    }
  return { parameters, runs };
}
