import { createRandom } from "@mclnn/datasets";
import type { SeparationRecord, TrainingRecord } from "@mclnn/models";

/** Normal numbers, for weights. */
export function normals(size: number, seed: number): Float64Array {
  return Float64Array.from({ length: size }, createRandom(seed).normal);
}

/** Where a law with random weights says that it has seen data. */
export const SEPARATIONS: SeparationRecord = {
  ranges: [[0.1, 4]],
  edges: Float64Array.of(0.1, 4),
  counts: Float64Array.of(1),
};

/** What it says of its training. */
export const RECORD: TrainingRecord = {
  seed: 7,
  trainLoss: 0,
  validationLoss: null,
  iterations: 0,
  reachedTarget: true,
  optimizer: "none",
  dt: 0.01,
  stride: 10,
  data: {},
};
