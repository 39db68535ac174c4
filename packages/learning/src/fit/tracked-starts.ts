import type { Cells, SplineBasis } from "@mclnn/models/parts";
import { isMclnnError } from "@mclnn/physics";
import type { Beside } from "../engine/addends.ts";
import { ALONE, rolloutSums } from "../engine/pair-rollout.ts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import type { Schedule } from "../records/schedule.ts";
import { firstRecords, someTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Starts, someStarts } from "../rollout/starts.ts";
import { cubicPath, SMOOTH, smoothPaths, startsOnPath } from "./along-the-path.ts";
import { descended, type FitProblem } from "./gauss-newton.ts";
import { startsAlone } from "./problems.ts";
import { RULES } from "./rules.ts";

/** A trajectory that leaves so many times the median, and where so many at most do, has its start in another valley. */
const FAR_OFF = 4;
const FEW = 0.25;
/** Records that a start is first found for, and how many times more they become. */
const FIRST_RECORDS = 6;
const LONGER = 1.5;

/** Mean square residual of each trajectory. @param beside - other terms, at their values */
export function lossesOf(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
  beside: Beside = ALONE,
): Float64Array {
  const { trajectories, residualCounts, startCounts } = data;
  const sums = new Float64Array(trajectories);
  const all = { first: 0, end: trajectories };
  rolloutSums(data, schedule, cells, curve, starts, all, sums, beside);
  return sums.map((sum, t) =>
    Number.isFinite(sum)
      ? sum / Math.max(1, residualCounts[t] + startCounts[t])
      : Number.POSITIVE_INFINITY,
  );
}

/** The few trajectories that lie far off while the others are followed; none where many do. */
export function outliersOf(losses: Float64Array): number[] {
  const median = losses.slice().sort()[Math.floor(losses.length / 2)];
  const far = [...losses.keys()].filter((t) => losses[t] > FAR_OFF * median);
  return far.length <= FEW * losses.length ? far : [];
}

/** Schedules for other times. */
export type SchedulesOf = (times: Float64Array) => { schedule: Schedule; tangents: Schedule };

/**
 * Start states that a law asks for, found along more and more records: over the first few a start that is only roughly right is in the right
 * valley, and each time the end is, too. Every trajectory moves by itself, and begins from several paths through its first records.
 *
 * @returns the best of those found and those given, of each trajectory; null where none is better than given
 */
export function trackStarts(
  data: TrainingData,
  schedulesOf: SchedulesOf,
  basis: SplineBasis,
  curve: Float64Array,
  given: Starts,
  { terms, values }: Beside = ALONE,
): Starts | null {
  const { trajectories, records, components, times } = data;
  const lengths: number[] = [];
  for (let n = FIRST_RECORDS; n < records; n = Math.ceil(n * LONGER)) lengths.push(n);
  lengths.push(records);
  const schedules = lengths.map((length) => schedulesOf(times.slice(0, length)));
  const whole = (schedules.at(-1) as (typeof schedules)[number]).schedule;
  const positions = given.positions.slice();
  const velocities = given.velocities.slice();
  let found = false;
  for (let t = 0; t < trajectories; t++) {
    const one = someTrajectories(data, [t]);
    const passes = lengths.map((length, k) => {
      const { schedule, tangents } = schedules[k];
      const own = firstRecords(one, length);
      return new SensitivityPass(own, schedule, basis, { freeStarts: true, tangents, terms });
    });
    const problems = passes.map((pass) => startsAlone({ data: one, pass }, curve, values));
    const better = tracked(one, whole, problems, someStarts(data, given, [t]));
    if (better === null) continue;
    found = true;
    positions.set(better.positions, t * components);
    velocities.set(better.velocities, t * components);
  }
  return found ? { ...given, positions, velocities } : null;
}

/** The same of one trajectory. @param problems - along its first records, more and more of them */
function tracked(
  data: TrainingData,
  schedule: Schedule,
  problems: readonly FitProblem<Starts>[],
  given: Starts,
): Starts | null {
  const lossOf = (starts: Starts): number => {
    const loss = problems.at(-1)?.loss(starts);
    return loss !== undefined && Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
  };
  let best: Starts | null = null;
  let least = lossOf(given);
  const { times } = data;
  for (const path of [...smoothPaths(times, schedule, SMOOTH.start), cubicPath(times, schedule)]) {
    let starts = startsOnPath(data, schedule, path, given.velocityWeight);
    try {
      // Rollouts that left all bounds have no derivatives to go by.
      for (const problem of problems)
        if (Number.isFinite(problem.loss(starts)))
          starts = descended(problem, { at: starts }, RULES.outlyingStart()).at;
    } catch (error) {
      // Too little was observed, or the law throws particles out of all bounds: such a start stays.
      if (!isMclnnError(error) || error.code !== "start-not-determined") throw error;
      continue;
    }
    const loss = lossOf(starts);
    if (!(loss < least)) continue;
    best = starts;
    least = loss;
  }
  return best;
}
