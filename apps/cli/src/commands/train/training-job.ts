import type { TrajectorySet } from "@mclnn/datasets";
import {
  type InterimLaw,
  resultToData,
  type TrainOptions,
  type TrainResult,
  type TrainResultData,
  train,
  trainSpecies,
} from "@mclnn/learning";
import { encodeModel } from "@mclnn/models";
import type { JobHooks } from "@mclnn/studies";
import { formatNumber } from "@mclnn/studies/text";

/** A training as plain data. */
export interface TrainingJob {
  readonly data: TrajectorySet | readonly TrajectorySet[];
  readonly options: Omit<TrainOptions, "threads" | "signal" | "onProgress" | "onLaw">;
  readonly separateSpecies: boolean;
  readonly threads: number;
}

/** The model file of a law on the way, and its loss. */
export interface KeptLaw {
  readonly file: Uint8Array;
  readonly loss: number;
}

/** Trains one law. @param separateSpecies - one for each pair of species */
export function trainOnce(
  data: TrajectorySet | readonly TrajectorySet[],
  options: TrainOptions,
  separateSpecies: boolean,
): Promise<TrainResult> {
  const { model = "mclnn" } = options;
  return separateSpecies && model !== "lnn"
    ? trainSpecies(data, { ...options, model })
    : train(data, { ...options, model });
}

/** What is told of progress. */
export const progressOf: (
  tell: NonNullable<JobHooks["onProgress"]>,
) => NonNullable<TrainOptions["onProgress"]> =
  (tell) =>
  ({ phase, iteration, iterations, loss, share }) =>
    tell({
      ...(iterations === undefined ? {} : { fraction: iteration / iterations }),
      detail: `${phase}, loss ${formatNumber(loss)}${share === undefined ? "" : `, ${Math.ceil(100 * share)} % of the most work it may take`}`,
    });

/** A training in a worker. @param hooks - `onNote` is told of laws on the way */
export async function trainingJob(
  { data, options, separateSpecies, threads: count }: TrainingJob,
  {
    onProgress = () => {},
    onNote,
    signal,
  }: JobHooks & { readonly onNote: (note: KeptLaw) => void },
): Promise<TrainResultData> {
  const threads = count === 1 ? null : (await import("./threads.ts")).trainingThreads(count);
  const onLaw = ({ model, loss }: InterimLaw): void => onNote({ file: encodeModel(model), loss });
  try {
    const result = await trainOnce(
      data,
      {
        ...options,
        onProgress: progressOf(onProgress),
        onLaw,
        ...(signal === undefined ? {} : { signal }),
        ...(threads === null ? {} : { threads }),
      },
      separateSpecies,
    );
    return resultToData(result);
  } finally {
    await threads?.close();
  }
}
