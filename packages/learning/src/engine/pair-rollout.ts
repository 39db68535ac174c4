import type { Cells } from "@mclnn/models/parts";
import type { TermSpec } from "@mclnn/physics/terms";
import { ROLLOUT, secondsOf, secondsOfTerms } from "../records/meter.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Chunk, chunksOf, sumInChunks } from "../rollout/chunks.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { lawTerms } from "../terms/law-terms.ts";
import { groupsOf, threadsFor } from "../threads/threads.ts";
import { Addends, type Beside, specsOf } from "./addends.ts";
import { engine } from "./engine.ts";
import type { LaneState } from "./group.ts";
import { MixedMarch } from "./mixed-march.ts";
import { reference } from "./reference.ts";

export { LOOKUP } from "./group.ts";
export { createRolloutScratch, rollPairs } from "./reference-rollout.ts";

/** A pair law alone. */
export const ALONE: Beside = { terms: [] };

/** Sums of squared residuals of trajectories `first` to before `end`, into `out` from its start; not finite where one diverged. */
export function rolloutSums(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
  { first, end }: Chunk,
  out: Float64Array,
  beside: Beside = ALONE,
): void {
  const group = engine().open({ data, cells, curve, starts, keptKicks: 0 });
  const mixed = new MixedMarch(data, new Addends(beside, data));
  const march = group.march(schedule, { keep: false, affine: mixed.affine });
  for (let t = first; t < end; t += group.lanes) {
    const count = Math.min(group.lanes, end - t);
    group.load(t, 1, count);
    mixed.roll(march, { first: t, step: 1, count }, 0);
    for (let lane = 0; lane < count; lane++) out[t - first + lane] = group.sumOfSquares(lane);
  }
}

/**
 * Rolls trajectories out one at a time, with all that acts in the records, and shows every force evaluation.
 *
 * @returns sum of squared residuals of the trajectory that it is given; not finite where it diverges
 */
export function shownRollouts(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
): (trajectory: number, seen: (state: LaneState, kick: number) => void) => number {
  const group = reference.open({ data, cells, curve, starts, keptKicks: 0 });
  const mixed = new MixedMarch(data, new Addends(ALONE, data));
  const march = group.march(schedule, { keep: false, affine: mixed.affine });
  return (first, seen) => {
    group.load(first, 1, 1);
    mixed.roll(march, { first, step: 1, count: 1 }, 0, { seen });
    return group.sumOfSquares(0);
  };
}

/** Sum of squared residuals of all trajectories, added up in chunks. */
export function rolloutSum(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
  beside: Beside = ALONE,
): number {
  const { trajectories, pairs, meter } = data;
  meter?.spend(secondsOf({ trajectories, kicks: schedule.kicks, pairs, columns: ROLLOUT }));
  const kicks = trajectories * schedule.kicks;
  meter?.spend(secondsOfTerms(kicks, data, beside.terms, false));
  const sums = new Float64Array(trajectories);
  const threads = threadsFor(data, schedule, trajectories);
  const specs = specsOf(beside.terms);
  if (threads === null || specs === null) {
    const all = { first: 0, end: trajectories };
    rolloutSums(data, schedule, cells, curve, starts, all, sums, beside);
    return sumInChunks(sums);
  }
  const ranges = groupsOf(chunksOf(trajectories), threads).map((chunks) => ({
    first: chunks[0].first,
    end: (chunks.at(-1) as Chunk).end,
  }));
  const shared = { data, schedule, cells, starts };
  const { values } = beside;
  const args = { curve, ranges, specs, values };
  const task = "rollouts";
  const own = rolloutsTask(shared, args);
  threads.divide({ task, shared, args, parts: ranges.length, own }).forEach((part, k) => {
    sums.set(part, ranges[k].first);
  });
  return sumInChunks(sums);
}

/** Sums of squared residuals of ranges of trajectories, for any thread. */
export function rolloutsTask(
  {
    data,
    schedule,
    cells,
    starts,
  }: { data: TrainingData; schedule: Schedule; cells: Cells; starts: Starts },
  {
    curve,
    ranges,
    specs,
    values,
  }: {
    curve: Float64Array;
    ranges: readonly Chunk[];
    specs: readonly TermSpec[];
    values?: Float64Array | undefined;
  },
): (part: number) => Float64Array {
  const beside = { terms: lawTerms(specs, data), values };
  return (part) => {
    const range = ranges[part];
    const sums = new Float64Array(range.end - range.first);
    rolloutSums(data, schedule, cells, curve, starts, range, sums, beside);
    return sums;
  };
}

/** Mean squared position error of a curve's rollouts from the given starts, over all that was observed (Eq. 6). Not finite when one diverged. */
export function rolloutLoss(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  beside: Beside = ALONE,
): number {
  return rolloutSum(data, schedule, cells, curve, givenStarts(data), beside) / data.residuals;
}
