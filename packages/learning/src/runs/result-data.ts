import { decodeModel, encodeModel, type Model } from "@mclnn/models";
import type { TrainResult } from "./train-options.ts";

/** What a training came to, as plain data: it can be kept, or sent to another thread. The model is its file. */
export type TrainResultData = Omit<TrainResult, "model"> & { readonly model: Uint8Array };

/** A result as plain data. */
export function resultToData({ model, ...rest }: TrainResult): TrainResultData {
  return { ...rest, model: encodeModel(model) };
}

/**
 * The result again, its model with all that it can do.
 *
 * @param source - what the data are, for errors
 * @throws MclnnError as `decodeModel`
 */
export function resultFromData<M extends Model = Model>(
  { model, ...rest }: TrainResultData,
  source = "a training",
): TrainResult<M> {
  return { ...rest, model: decodeModel(model, { source }) as M };
}
