import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import type { Beside } from "./addends.ts";

/** Whose rollouts are differentiated. */
export interface GradientProblem {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly cells: Cells;
  readonly starts: Starts;
  /** Terms beside the pair law. Default: none but those that act in the records. */
  readonly beside?: Beside;
}

/** What the residuals of a chunk ask of all that its rollouts depend on: weight x J' residuals. */
export interface ChunkGradient {
  /** Sum of squared residuals. */
  readonly sum: number;
  /** In the curve. [4 x cells] */
  readonly gradient: Float64Array;
  /** In the coefficients of terms beside the pair law. [size of the terms] */
  readonly beside: Float64Array;
  /** In positions and velocities of the start states; null where these are given. [trajectories of the chunk x 2 x components] */
  readonly starts: Float64Array | null;
}

/** Room for the gradients in so many start states, where these are unknowns. */
export function roomForStarts(
  { data, starts }: GradientProblem,
  trajectories: number,
): Float64Array | null {
  return starts.velocityWeight === null
    ? null
    : new Float64Array(2 * trajectories * data.components);
}

/** Adds what a start state is itself compared with. @param residuals - of the trajectory @param gradient - [2 x components] */
export function addStartResiduals(
  { data, starts: { velocityWeight } }: GradientProblem,
  trajectory: number,
  weight: number,
  residuals: Float64Array,
  gradient: Float64Array,
): void {
  const { components, records, particles, weights } = data;
  const first = trajectory * records * particles;
  for (let c = 0; c < components; c++) {
    const observed = weights === null ? 1 : weights[first + ((c / 3) | 0)];
    gradient[c] = gradient[c] + weight * observed * residuals[c];
    gradient[components + c] =
      gradient[components + c] +
      weight * (velocityWeight ?? 0) * residuals[records * components + c];
  }
}
