import type { TrajectorySet } from "@mclnn/datasets";
import type { TrainResultData } from "../runs/result-data.ts";
import type { TrainOptions } from "../runs/train-options.ts";

/** Trainings of one seed each, for any thread. */
export function seedsTask(
  { data, validation }: { data: TrajectorySet; validation?: TrajectorySet },
  {
    seeds,
    options,
    separateSpecies,
    after,
  }: {
    seeds: readonly number[];
    options: Omit<
      TrainOptions,
      "seed" | "signal" | "onProgress" | "checkpoints" | "validation" | "threads" | "after"
    >;
    separateSpecies: boolean;
    after: TrainResultData | undefined;
  },
  signal: { readonly aborted: boolean },
): (part: number) => Promise<TrainResultData> {
  return async (part) => {
    const { train, trainSpecies } = await import("./train.ts");
    const { resultFromData, resultToData } = await import("../runs/result-data.ts");
    const own = {
      ...options,
      seed: seeds[part],
      signal,
      ...(validation === undefined ? {} : { validation }),
      ...(after !== undefined && { after: resultFromData(after, "after") }),
    };
    return resultToData(
      separateSpecies
        ? await trainSpecies(data, own as Parameters<typeof trainSpecies>[1])
        : await train(data, own),
    );
  };
}
