import type { AccelerationPoints, TrajectorySet } from "@mclnn/datasets";
import type { LnnModel } from "@mclnn/models";
import { now } from "../runs/clock.ts";
import type { TrainResult } from "../runs/train-options.ts";
import type { BaselineOptions } from "./baseline.ts";
import type { LnnTrajectoryOptions } from "./train-on-trajectories.ts";

/**
 * Trains the baseline LNN (paper, 4.1.2) on accelerations: V(all positions) from one network, kinetic energy known.
 *
 * The loss is the mean over points, particles and components of the squared acceleration error; velocities are not used. `auto` runs
 * Levenberg-Marquardt from five starts, of which the best goes on: in seconds what Adam at 1e-3 needs 100,000 epochs for. More `epochs` than
 * the default number of iterations lengthen the run of the best start and switch off its early end, unless `patience` says when to end. `adam` is
 * the paper's recipe.
 *
 * The same points and seed give the same weights, whatever the clock says, unless `timeLimit` or `signal` cuts training short.
 *
 * @throws MclnnError of kind `input` for points or options that cannot be used, `diverged` (failure)
 */
export async function trainBaseline(
  points: AccelerationPoints,
  options: BaselineOptions = {},
): Promise<TrainResult<LnnModel>> {
  const started = now();
  const { fitBaseline } = await import("./training.ts");
  return fitBaseline(points, options, started);
}

/**
 * Trains the baseline LNN on trajectories with the rollout loss (Eq. 6): what MCLNN is given, no more and no less.
 *
 * `auto` fits accelerations estimated from the records first (Levenberg-Marquardt), then descends the rollout loss by L-BFGS; `adam` and
 * `lbfgs` descend the rollout loss from random weights; `epochs` bounds the iterations of each stage. Losses are mean squared
 * position errors over trajectories, records after the first, particles and components. Validation trajectories choose the best weights.
 *
 * @throws MclnnError of kind `input` for data or options that cannot be used, `diverged` (failure)
 */
export async function trainLnnOnTrajectories(
  data: TrajectorySet,
  options: LnnTrajectoryOptions = {},
): Promise<TrainResult<LnnModel>> {
  const started = now();
  const { fitLnnToTrajectories } = await import("./training.ts");
  return fitLnnToTrajectories(data, options, started);
}
