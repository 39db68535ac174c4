import type { TrainProgress } from "@mclnn/learning";
import type { JobProgress } from "../jobs/job-hooks.ts";
import { formatNumber } from "../terminal/numbers.ts";

/**
 * A training's progress as a part of a job's.
 *
 * @param what - name of the model
 * @param part - where in the job this training begins and ends, 0 to 1
 */
export function trainingProgress(
  what: string,
  [begin, end]: readonly [number, number],
): (progress: TrainProgress) => JobProgress {
  return ({ phase, iteration, iterations, loss }) => ({
    fraction:
      iterations === undefined
        ? begin
        : begin + (end - begin) * Math.min(1, iteration / iterations),
    detail: `${what}: ${phase}, loss ${formatNumber(loss)}`,
  });
}
