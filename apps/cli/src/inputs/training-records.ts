import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import type { Model, TrainingRecord } from "@mclnn/models";
import type { JsonValue } from "@mclnn/physics";
import { givenInputs, type InputOptions } from "./input-options.ts";

/** Where the records of a training are, and how they were read. */
export interface TrainingRecords {
  readonly path: string;
  readonly options: InputOptions;
}

/**
 * A model that keeps where its records are, from its own file, and how they were read, so that they are found again when both have moved.
 *
 * @param out - where the model goes
 */
export function withRecords<M extends Model>(
  model: M,
  { path, options }: TrainingRecords,
  out: string,
): M {
  const file = relative(dirname(out), path);
  // On another drive there is no way from one to the other.
  if (isAbsolute(file)) return model;
  const told = givenInputs(options) as Readonly<Record<string, JsonValue>>;
  const reading = { file: file.split(sep).join("/"), options: told };
  return { ...model, record: { ...model.record, reading } };
}

/** The records of a model's training, where they are still there; undefined where they are not, or the model does not say. */
export async function recordsOf(
  modelPath: string,
  { reading }: TrainingRecord,
): Promise<TrainingRecords | undefined> {
  if (typeof reading !== "object" || reading === null || Array.isArray(reading)) return undefined;
  const { file, options } = reading as Readonly<Record<string, JsonValue>>;
  if (typeof file !== "string" || typeof options !== "object" || options === null) return undefined;
  const path = join(dirname(modelPath), file);
  const there = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  return there ? { path, options: options as InputOptions } : undefined;
}
