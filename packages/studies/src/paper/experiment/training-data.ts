import { generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import type { OpenExperiment } from "./experiment.ts";
import { STEP } from "./rollouts.ts";

/** Records of a training trajectory (paper, A.6). */
export const SEGMENT = 20;
/** Validation segments (notes): those that follow the training ones. */
const VALIDATION = 20;

/** The paper's data: segments of one run from the A.6 start, and those that follow to judge by. */
export function paperData(
  { system, trainStart }: OpenExperiment,
  {
    trajectories = 100,
    records = SEGMENT,
    skip = 0,
    validation = VALIDATION,
  }: {
    readonly trajectories?: number;
    /** Records a trajectory. */
    readonly records?: number;
    readonly skip?: number;
    readonly validation?: number;
  } = {},
): { readonly training: TrajectorySet; readonly validation: TrajectorySet } {
  const options = { system, start: trainStart, records, ...STEP };
  return {
    training: generateTrajectories({ ...options, trajectories, skip }),
    validation: generateTrajectories({
      ...options,
      trajectories: validation,
      skip: skip + trajectories,
    }),
  };
}
