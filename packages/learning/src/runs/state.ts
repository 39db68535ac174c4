import { MclnnError } from "@mclnn/physics";

/** Data and nothing else: what a state is made of, and what a checkpoint can hold. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | Float64Array
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/**
 * A training between two iterations, complete: with the same data and options it goes on to the same bits as if it had never stopped.
 *
 * What a clock said is kept apart in `clock`: it goes into reports, and nothing depends on it.
 */
export interface TrainingState {
  /** Iterations done. */
  readonly iteration: number;
  /** What is being done; names what `values` are. */
  readonly stage: string;
  readonly values: Plain;
  /** Losses that were noted on the way. */
  readonly log: { readonly iterations: Float64Array; readonly losses: Float64Array };
  /** Seconds of training so far, and at each entry of the log. */
  readonly clock: { readonly seconds: number; readonly log: Float64Array };
}

/** How a training keeps its state, so that it can go on after whatever stops it. */
export interface CheckpointOptions {
  /** Iterations between two states. */
  readonly every: number;
  /** Keeps a state; it is the caller's own, and training waits until it is kept. */
  readonly save: (state: TrainingState) => void | Promise<void>;
  /** A state to go on from, of a training with the same data and options. */
  readonly resume?: TrainingState | undefined;
}

/** A copy of a value that shares nothing with it. */
export function copyOf<T>(value: T): T {
  if (value instanceof Float64Array) return value.slice() as T;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyOf(each)])) as T;
  return value;
}

/** Writes a value over one of the same form, without allocating: arrays as long, the same keys. */
export function overwrite(target: object, source: object): void {
  if (target instanceof Float64Array) {
    target.set(source as Float64Array);
    return;
  }
  for (const key in source) {
    const value = (source as Record<string, unknown>)[key];
    if (value !== null && typeof value === "object")
      overwrite((target as Record<string, object>)[key], value);
    else (target as Record<string, unknown>)[key] = value;
  }
}

/**
 * A copy of `value`, if it has the form of `template`: the same keys, arrays as long, numbers for numbers. A template's null and its empty lists
 * stand for anything.
 *
 * @throws MclnnError `wrong-state` naming the first part that differs
 */
export function restored<T>(template: T, value: unknown, path = "state"): T {
  const refuse = (expected: string, got: string): never => {
    throw new MclnnError("the state is not one of this training", {
      code: "wrong-state",
      argument: path,
      expected,
      got,
      mend: "Go on with the data, the options and the version that the state was made with.",
    });
  };
  if (template === null) return copyOf(value) as T;
  if (template instanceof Float64Array) {
    if (!(value instanceof Float64Array) || value.length !== template.length)
      return refuse(`${template.length} numbers`, kindOf(value));
    return value.slice() as T;
  }
  if (Array.isArray(template)) {
    if (!Array.isArray(value)) return refuse("a list", kindOf(value));
    if (template.length === 0) return copyOf(value) as T;
    if (value.length > template.length)
      return refuse(`at most ${template.length} entries`, `${value.length}`);
    return value.map((each, k) => restored(template[k] as unknown, each, `${path}[${k}]`)) as T;
  }
  if (typeof template === "object") {
    if (value === null || typeof value !== "object" || value instanceof Float64Array)
      return refuse("an object", kindOf(value));
    const expected = Object.keys(template).sort().join(", ");
    const got = Object.keys(value).sort().join(", ");
    if (got !== expected) return refuse(expected, got);
    return Object.fromEntries(
      Object.entries(template).map(([key, each]) => [
        key,
        restored(each, (value as Record<string, unknown>)[key], `${path}.${key}`),
      ]),
    ) as T;
  }
  if (typeof value !== typeof template) return refuse(`a ${typeof template}`, kindOf(value));
  return value as T;
}

function kindOf(value: unknown): string {
  if (value instanceof Float64Array) return `${value.length} numbers`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value === undefined ? "nothing" : value === null ? "null" : `a ${typeof value}`;
}
