import type { TrajectorySet } from "@mclnn/datasets";
import type { TrainOptions, TrainResult } from "../runs/train-options.ts";

/** What a training of one seed came to, as plain data: the model as its file. */
export type PackedResult = Omit<TrainResult, "model"> & { readonly file: Uint8Array };

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
    after: PackedResult | undefined;
  },
  signal: { readonly aborted: boolean },
): (part: number) => Promise<PackedResult> {
  return async (part) => {
    const { train, trainSpecies } = await import("./train.ts");
    const { decodeModel, encodeModel } = await import("@mclnn/models");
    const { file, ...before } = after ?? {};
    const own = {
      ...options,
      seed: seeds[part],
      signal,
      ...(validation === undefined ? {} : { validation }),
      ...(file !== undefined && {
        after: { ...before, model: decodeModel(file, { source: "after" }) } as TrainResult,
      }),
    };
    const { model, ...rest } = separateSpecies
      ? await trainSpecies(data, own as Parameters<typeof trainSpecies>[1])
      : await train(data, own);
    return { ...rest, file: encodeModel(model) };
  };
}
