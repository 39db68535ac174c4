import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";

/** Whether every particle's start was observed. */
export function startsComplete({
  trajectories,
  records,
  particles,
  observed,
}: TrajectorySet): boolean {
  if (observed === undefined) return true;
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++)
      if (observed[t * records * particles + i] !== 1) return false;
  return true;
}

/** Refuses data that nothing can be learnt from. @throws MclnnError */
export function checkEnough({ records, times, positions, observed }: TrajectorySet): void {
  if (records < 2)
    throw new MclnnError("there is nothing to learn from", {
      code: "too-few-records",
      argument: "data",
      expected: "at least 2 records a trajectory",
      got: `${records}`,
    });
  for (let k = 1; k < records; k++)
    if (!((times[k] as number) > (times[k - 1] as number)))
      throw new MclnnError("times do not increase", {
        code: "uneven-times",
        argument: "times",
        expected: `more than ${times[k - 1]} at record ${k}`,
        got: String(times[k]),
      });
  if (observed === undefined && !positions.every(Number.isFinite))
    throw new MclnnError("positions are not finite", {
      code: "not-finite",
      argument: "positions",
      expected: "finite numbers, or `observed` to say which are missing",
      got: "NaN or infinity",
    });
}
