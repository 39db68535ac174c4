import {
  type AccelerationPoints,
  checkAccelerationPoints,
  checkTrajectorySet,
  type TrajectorySet,
} from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import {
  descendInStages,
  stageDefaults,
  type TfjsTrainOptions,
  type TfjsTrainResult,
} from "./descent.ts";
import { checkLagrangian, type TfjsLagrangian } from "./lagrangian.ts";
import { LagrangianAccelerationLoss, LagrangianRolloutLoss } from "./lagrangian-losses.ts";

export interface TfjsLagrangianTrainOptions extends TfjsTrainOptions {
  /** Runge-Kutta steps between two records, for trajectories. Default 1. */
  readonly substeps?: number;
}

/**
 * Trains a Lagrangian on accelerations (mean squared error), or on trajectories by the rollout loss (Eq. 6, classical Runge-Kutta).
 *
 * Its variables hold the best weights found afterwards. Only the motion is learned: L itself is determined up to a factor and a time
 * derivative, which the initial weights decide.
 *
 * @throws MclnnError `bad-variables`, `bad-shape`, `missing-velocities`, `bad-option`; `diverged` (failure)
 */
export async function trainTfjsLagrangian(
  data: AccelerationPoints | TrajectorySet,
  lagrangian: TfjsLagrangian,
  options: TfjsLagrangianTrainOptions = {},
): Promise<TfjsTrainResult> {
  checkArgument("data", data, {});
  if ("accelerations" in data) checkAccelerationPoints("data", data);
  else checkTrajectorySet("data", data);
  checkLagrangian(lagrangian);
  checkArgument("options", options, { substeps: "count?" });
  const { substeps = 1 } = options;
  if (lagrangian.parameterCount === 0)
    throw new MclnnError("the Lagrangian has nothing to train", {
      code: "bad-variables",
      argument: "variables",
      expected: "at least one variable",
      got: "none",
      mend: "Give tfjsLagrangian the variables of its function.",
    });
  if (data.particles * data.dimension !== lagrangian.coordinates)
    throw new MclnnError("the data are not of this Lagrangian's system", {
      code: "bad-shape",
      argument: "data",
      expected: `${lagrangian.coordinates} coordinates`,
      got: `${data.particles} particles in ${data.dimension} dimensions`,
    });
  const settings = stageDefaults(options, 1e-6);
  const byAccelerations = "accelerations" in data;
  if (!byAccelerations) checkTrajectories(data);
  const { motion, backend } = lagrangian.internals;
  const weights = motion.parameters.read();
  const result = await descendInStages(
    weights,
    [
      {
        phase: byAccelerations ? "accelerations" : "rollout",
        objective: byAccelerations
          ? new LagrangianAccelerationLoss(lagrangian, data)
          : new LagrangianRolloutLoss(lagrangian, data, substeps),
        counts: true,
        ...settings,
      },
    ],
    options,
  );
  backend.run(() => motion.parameters.write(weights));
  return result;
}

function checkTrajectories({ velocities, observed, records }: TrajectorySet): void {
  if (velocities === undefined || observed !== undefined)
    throw new MclnnError("the trajectories are not complete", {
      code: "missing-velocities",
      argument: "data",
      expected: "positions at every record and velocities at the start",
      got: velocities === undefined ? "no velocities" : "missing observations",
    });
  if (records < 2)
    throw new MclnnError("there is nothing to learn from", {
      code: "too-few-records",
      argument: "data",
      expected: "at least 2 records a trajectory",
      got: String(records),
      missing: 2 - records,
      addRecords: 2 - records,
    });
}
