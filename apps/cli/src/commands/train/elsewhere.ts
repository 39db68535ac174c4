import type { TrajectorySet } from "@mclnn/datasets";
import { resultFromData, type TrainResult, type TrainResultData } from "@mclnn/learning";
import type { JobHooks } from "@mclnn/studies";
import { doElsewhereAlone } from "../../jobs/job-pool.ts";
import { threadEntry } from "../../process/thread-entry.ts";
import type { KeptLaw, TrainingJob } from "./training-job.ts";

/** Numbers that the rollouts of one pass carry above which a step may last longer than Ctrl-C should wait. */
const LONG = 200_000;
/** Milliseconds that a training has to end between two steps once it is to stop. */
const PATIENCE = 1200;

/** Whether a step of a training may last seconds: records times pairs, and times the unknowns of a start state where those are fitted. */
export function mayBeLong(
  { trajectories, records, particles, dimension, velocities }: TrajectorySet,
  how: "auto" | "given" | "unknown",
): boolean {
  const fitted = how === "unknown" || velocities === undefined;
  const tangents = fitted ? 2 * particles * dimension : 1;
  return (trajectories * records * particles * particles * tangents) / 2 > LONG * (fitted ? 10 : 1);
}

/** Trains in a worker: signals are heard, whatever the training is at. @throws MclnnError as the training; `aborted` where it did not end by itself */
export async function trainElsewhere(
  job: TrainingJob,
  hooks: JobHooks & {
    readonly signal: AbortSignal;
    readonly onNote: (law: KeptLaw) => void;
  },
): Promise<TrainResult> {
  const crew = { worker: threadEntry("commands/train/worker"), title: () => "the training" };
  const data = await doElsewhereAlone<TrainingJob, TrainResultData>(job, crew, hooks, PATIENCE);
  return resultFromData(data);
}
