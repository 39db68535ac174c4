import type { TrajectorySet } from "@mclnn/datasets";
import type { InputOptions } from "../../inputs/input-options.ts";
import { readTrajectories, stepOf } from "../../inputs/trajectories.ts";
import { required } from "../../options/required.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** What a training is given. */
export interface TrainingInput {
  readonly data: TrajectorySet;
  readonly validation: TrajectorySet | undefined;
  /** The time step asked for; undefined where --dt only says how far apart records are. */
  readonly dt: number | undefined;
}

/** The trajectories that the options name. @throws MclnnError of kind `input` */
export async function readTrainingInput(
  options: InputOptions & { readonly data?: string; readonly validation?: string },
  terminal: Pick<Terminal, "remark">,
): Promise<TrainingInput> {
  const path = required(options.data, "--data", "FILE, trajectories");
  const read = await readTrajectories(path, "--data", { options, terminal, for: "motion" });
  const validation =
    options.validation === undefined
      ? undefined
      : await readTrajectories(options.validation, "--validation", {
          options,
          terminal,
          for: "motion",
        });
  return { data: read.set, validation: validation?.set, dt: stepOf(options.dt, read) };
}
