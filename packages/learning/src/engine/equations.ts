import type { SplineBasis } from "@mclnn/models/parts";
import { interpolatePath, type PathWeights } from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Chunk } from "../rollout/chunks.ts";
import { emptyEquations, type PartialEquations } from "../rollout/normal-equations.ts";
import type { Starts } from "../rollout/starts.ts";
import { Addends, type Beside } from "./addends.ts";
import { engine } from "./engine.ts";
import type { Group, March } from "./group.ts";
import { MixedMarch } from "./mixed-march.ts";
import { coarseStep } from "./tangent-step.ts";

/** Positions at the events along the path of a trajectory; overwritten by the next one's. */
type PathOf = (trajectory: number) => Float64Array;

export function pathsOf(data: TrainingData, tangents: Schedule, along: PathWeights): PathOf {
  const line = new Float64Array(tangents.events * data.components);
  return (trajectory) => interpolatePath(data, along, trajectory, line);
}

/** What normal equations are made of. */
export interface EquationsProblem {
  readonly data: TrainingData;
  /** Of the residuals, and of the tangents. */
  readonly schedule: Schedule;
  readonly tangents: Schedule;
  readonly basis: SplineBasis;
  readonly curve: Float64Array;
  readonly beside: Beside;
  readonly starts: Starts;
  readonly tangentStep: number;
  readonly path: PathOf | undefined;
  /** Every n-th trajectory is used. */
  readonly every: number;
}

/**
 * What each of some chunks adds to the normal equations, in their order.
 *
 * @param visit - its argument is overwritten by the next chunk
 */
export function equationsOfChunks(
  problem: EquationsProblem,
  chunks: readonly Chunk[],
  visit: (partial: PartialEquations) => void,
): void {
  const { data, schedule, tangents, basis, curve, starts, path, every, tangentStep } = problem;
  const { cells } = basis;
  const group = engine().open({ data, cells, curve, starts, keptKicks: tangents.kicks });
  const along = path !== undefined;
  const addends = new Addends(problem.beside, data);
  const mixed = new MixedMarch(data, addends, along);
  const { affine } = mixed;
  const stepped = coarseStep(tangents, tangentStep);
  const march = group.march(tangents, { keep: true, path: along, affine, every: stepped });
  // A path's residuals are those of the tangents.
  const compared =
    tangents === schedule || along ? null : group.march(schedule, { keep: false, affine });
  const { size: beside } = addends;
  const columns = group.tangents({
    along: march,
    basis,
    beside,
    mixed: mixed.byEvents,
    affine,
    tangentStep,
    forceGradient: !along,
  });
  const partial = emptyEquations(basis.size + beside);
  for (const { first, end } of chunks) {
    partial.sum = 0;
    partial.eliminations.length = 0;
    columns.clear();
    for (let n = first; n < end; n += group.lanes) {
      const lanes = { first: n * every, step: every, count: Math.min(group.lanes, end - n) };
      group.load(lanes.first, every, lanes.count);
      if (path !== undefined) setPaths(march, lanes, path);
      mixed.roll(march, lanes, stepped, { path });
      if (compared !== null) mixed.roll(compared, lanes, 0);
      partial.sum = addSums(group, lanes.count, partial.sum);
      for (let lane = 0; lane < lanes.count; lane++) {
        const trajectory = lanes.first + lane * every;
        mixed.equations(columns, { march, lane, trajectory, tangentStep });
      }
      data.watch?.();
    }
    columns.take(partial);
    visit(partial);
  }
}

function setPaths(
  march: March,
  { first, step, count }: { readonly first: number; readonly step: number; readonly count: number },
  path: PathOf,
): void {
  for (let lane = 0; lane < count; lane++) march.setPath(lane, count, path(first + lane * step));
}

/** The sums of the lanes added to one, one by one. */
function addSums(group: Group, count: number, sum: number): number {
  let all = sum;
  for (let lane = 0; lane < count; lane++) all += group.sumOfSquares(lane);
  return all;
}
