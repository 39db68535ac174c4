import type { TrajectorySet } from "@mclnn/datasets";
import type { InputOptions } from "../../inputs/input-options.ts";
import { readTrajectories, stepOf } from "../../inputs/trajectories.ts";
import { required } from "../../options/required.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** What a training is given. */
export interface TrainingInput {
  readonly data: TrajectorySet;
  /** Other sets that obey the same law. */
  readonly more: readonly TrajectorySet[];
  readonly validation: TrajectorySet | undefined;
  /** The time step asked for; undefined where --dt only says how far apart records are. */
  readonly dt: number | undefined;
}

/** The trajectories that the options name; says what they hold and the training does not use. @throws MclnnError of kind `input` */
export async function readTrainingInput(
  options: InputOptions & {
    readonly data?: string;
    readonly more?: readonly string[];
    readonly validation?: string;
    readonly coupling?: string;
  },
  terminal: Pick<Terminal, "remark">,
): Promise<TrainingInput> {
  const path = required(options.data, "--data", "FILE, trajectories");
  const read = await readTrajectories(path, "--data", { options, terminal, for: "motion" });
  if (read.set.charges !== undefined && options.coupling !== "charge-product")
    terminal.remark(
      `${path} holds charges, which this law does not use: --coupling charge-product does.`,
    );
  const more: TrajectorySet[] = [];
  for (const file of options.more ?? [])
    more.push((await readTrajectories(file, "--data", { options, terminal, for: "motion" })).set);
  const validation =
    options.validation === undefined
      ? undefined
      : await readTrajectories(options.validation, "--validation", {
          options,
          terminal,
          for: "motion",
        });
  return { data: read.set, more, validation: validation?.set, dt: stepOf(options.dt, read) };
}
