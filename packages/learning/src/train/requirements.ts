import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";

/** Numbers a law needs beside the start states and the motion of the centre of mass: a curve with a few bends, and as many again to judge it by. */
const LEAST_NUMBERS = 20;

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

/**
 * Refuses trajectories that cannot fix a law, and says how much is missing.
 *
 * @param freeStarts - whether start states have to be found as well
 * @param laws - pair laws that are asked for
 * @throws MclnnError `too-few-records`, `too-little-data`, `uneven-times`, `not-finite`
 */
export function checkEnough(
  set: TrajectorySet,
  { freeStarts, laws }: { readonly freeStarts: boolean; readonly laws: number },
): void {
  const { trajectories, records, particles, dimension, times, positions, observed } = set;
  if (records < 2)
    throw new MclnnError("there is nothing to learn from", {
      code: "too-few-records",
      argument: "data",
      expected: "at least 2 records a trajectory",
      got: `${records}`,
      missing: 2 - records,
      addRecords: 2 - records,
    });
  for (let k = 1; k < records; k++)
    if (!(times[k] > times[k - 1]))
      throw new MclnnError("times do not increase", {
        code: "uneven-times",
        argument: "times",
        expected: `more than ${times[k - 1]} at record ${k}`,
        got: String(times[k]),
      });
  if (observed === undefined && !areFinite(positions))
    throw new MclnnError("positions are not finite", {
      code: "not-finite",
      argument: "positions",
      expected: "finite numbers, or `observed` to say which are missing",
      got: "NaN or infinity",
    });
  let numbers = 0;
  for (let t = 0; t < trajectories; t++) numbers += useful(set, t, freeStarts);
  const needed = LEAST_NUMBERS * laws;
  if (numbers >= needed || particles < 2) return;
  const missing = needed - numbers;
  const addRecords = Math.ceil(missing / ((particles - 1) * dimension * trajectories));
  throw new MclnnError("there are too few numbers to learn a law from", {
    code: "too-little-data",
    argument: "data",
    expected: `at least ${needed} numbers beside ${freeStarts ? "start states and " : ""}the motion of the centre of mass${laws > 1 ? `, ${LEAST_NUMBERS} for each of ${laws} laws` : ""}`,
    got: `${numbers}: at least ${missing} are missing`,
    missing,
    addRecords,
    mend: `Add ${addRecords} or more records to each trajectory, or more trajectories${freeStarts && set.velocities === undefined ? ", or velocities" : ""}.`,
  });
}

function areFinite(numbers: Float64Array): boolean {
  for (let k = 0; k < numbers.length; k++) if (!Number.isFinite(numbers[k])) return false;
  return true;
}

/** Numbers of a trajectory that tell of the law: relative coordinates after the start, less what the start itself takes. */
function useful(
  { records, particles, dimension, observed }: TrajectorySet,
  trajectory: number,
  freeStarts: boolean,
): number {
  let count = 0;
  for (let k = freeStarts ? 0 : 1; k < records; k++) {
    let seen = 0;
    for (let i = 0; i < particles; i++)
      if (observed === undefined || observed[(trajectory * records + k) * particles + i] === 1)
        seen++;
    count += Math.max(0, seen - 1) * dimension;
  }
  return Math.max(0, count - (freeStarts ? 2 * (particles - 1) * dimension : 0));
}
