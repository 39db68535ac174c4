import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Chunk, chunksOf, sumInChunks } from "../rollout/chunks.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { groupsOf, threadsFor } from "../threads/threads.ts";
import { pairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import { rolloutSumsByKernel } from "./rollout-kernel.ts";

/** Numbers kept of one look-up: unit vector (3), f / r, df/dr, t in the cell. */
export const LOOKUP = 6;

/**
 * Scratch of a rollout of one trajectory, and what the last one left: residuals, and the look-ups that adjoint and sensitivity read.
 */
export interface RolloutScratch {
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly a: Float64Array;
  /**
   * Predicted minus observed positions, record by record, then weighted start velocities; rows that are not compared stay 0.
   * [(records + 1) x components]
   */
  readonly residuals: Float64Array;
  /** Cell of each look-up. [kicks x pairs] */
  readonly lookupCell: Int32Array;
  /** [kicks x pairs x LOOKUP] */
  readonly lookups: Float64Array;
  /** Positions and velocities at each kick, when they are kept; positions are those of the path when there is one. [kicks x 2 x components] */
  readonly kickStates: Float64Array | null;
}

export function createRolloutScratch(
  data: TrainingData,
  schedule: Schedule,
  { keepStates = false }: { keepStates?: boolean } = {},
): RolloutScratch {
  const { components, records, pairs } = data;
  return {
    q: new Float64Array(components),
    v: new Float64Array(components),
    a: new Float64Array(components),
    residuals: new Float64Array((records + 1) * components),
    lookupCell: new Int32Array(schedule.kicks * pairs),
    lookups: new Float64Array(schedule.kicks * pairs * LOOKUP),
    kickStates: keepStates ? new Float64Array(schedule.kicks * 2 * components) : null,
  };
}

/**
 * Rolls one trajectory out with the pair slopes given as a curve, and compares it with the records.
 *
 * With `path`, separations and directions are looked up along that path instead of the rollout's own positions: positions are then
 * linear in the curve.
 *
 * @param curve - [4 x cells]
 * @param path - positions at every event, or null. [events x components]
 * @param keep - whether to keep the look-ups
 * @returns sum of squared residuals; not finite when the rollout diverged
 */
export function rollPairs(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
  trajectory: number,
  scratch: RolloutScratch,
  { path = null, keep }: { path?: Float64Array | null; keep: boolean },
): number {
  const { components, records, pairs, positions, weights } = data;
  const { pairI, pairJ, pairLaw, scaleI, scaleJ } = data;
  const { events, drift, kick, record, kickIndex } = schedule;
  const { q, v, a, residuals, lookupCell, lookups, kickStates } = scratch;
  const { left, inverseWidths, index, binsPerLength, firstCell, firstBin } = cells;
  work.rollouts++;
  const start = trajectory * records * components;
  const own = path === null;
  const at = own ? q : path;
  for (let c = 0; c < components; c++) {
    q[c] = starts.positions[trajectory * components + c];
    v[c] = starts.velocities[trajectory * components + c];
  }
  let sum = 0;
  const { velocityWeight } = starts;
  const firstCompared = velocityWeight === null ? 1 : 0;
  // Stryker disable next-line ConditionalExpression: null weighs as little as 0
  if (velocityWeight !== null)
    for (let c = 0; c < components; c++) {
      const d = velocityWeight * (v[c] - data.startVelocities[trajectory * components + c]);
      residuals[records * components + c] = d;
      sum += d * d;
    }
  for (let e = 0; e < events; e++) {
    const h = drift[e];
    if (h !== 0) for (let c = 0; c < components; c++) q[c] = q[c] + h * v[c];
    const compared = record[e];
    if (compared >= firstCompared) {
      const o = compared * components;
      if (weights === null)
        for (let c = 0; c < components; c++) {
          const d = q[c] - positions[start + o + c];
          residuals[o + c] = d;
          sum += d * d;
        }
      else
        for (let c = 0; c < components; c += 3) {
          const weight = weights[(start + o + c) / 3];
          for (let k = c; k < c + 3; k++) {
            const d = weight * (q[k] - positions[start + o + k]);
            residuals[o + k] = d;
            sum += d * d;
          }
        }
    }
    const w = kick[e];
    // Stryker disable next-line ConditionalExpression: a kick of 0 adds 0
    if (w === 0) continue;
    a.fill(0);
    const po = own ? 0 : e * components;
    if (keep && kickStates !== null) {
      const o = kickIndex[e] * 2 * components;
      for (let c = 0; c < components; c++) {
        kickStates[o + c] = at[po + c];
        kickStates[o + components + c] = v[c];
      }
    }
    for (let p = 0; p < pairs; p++) {
      const i = pairI[p];
      const m = pairJ[p];
      const law = pairLaw[p];
      const x = at[po + i] - at[po + m];
      const y = at[po + i + 1] - at[po + m + 1];
      const z = at[po + i + 2] - at[po + m + 2];
      const r = Math.sqrt(x * x + y * y + z * z);
      const inverse = 1 / r;
      // The cell of r: as cellOf, written out because a call here costs a third of the loop.
      const first = firstCell[law];
      const last = firstCell[law + 1] - 1;
      const bins = firstBin[law];
      let bin = ((r - left[first]) * binsPerLength[law]) | 0;
      // Stryker disable next-line EqualityOperator: bin 0 stays bin 0
      if (!(bin > 0)) bin = 0;
      else if (bin >= firstBin[law + 1] - bins) bin = firstBin[law + 1] - bins - 1;
      let k = index[bins + bin];
      // Stryker disable next-line EqualityOperator: who goes down a cell too far comes up again
      while (k > first && r < left[k]) k--;
      while (k < last && r >= left[k + 1]) k++;
      const width = inverseWidths[k];
      const t = (r - left[k]) * width;
      const o = 4 * k;
      const c1 = curve[o + 1];
      const c2 = curve[o + 2];
      const c3 = curve[o + 3];
      const f = curve[o] + t * (c1 + t * (c2 + t * c3));
      const nx = x * inverse;
      const ny = y * inverse;
      const nz = z * inverse;
      if (keep) {
        const l = kickIndex[e] * pairs + p;
        const u = l * LOOKUP;
        lookupCell[l] = k;
        lookups[u] = nx;
        lookups[u + 1] = ny;
        lookups[u + 2] = nz;
        lookups[u + 3] = f * inverse;
        lookups[u + 4] = (c1 + t * (2 * c2 + t * 3 * c3)) * width;
        lookups[u + 5] = t;
      }
      const fi = f * scaleI[p];
      const fj = f * scaleJ[p];
      a[i] = a[i] - fi * nx;
      a[i + 1] = a[i + 1] - fi * ny;
      a[i + 2] = a[i + 2] - fi * nz;
      a[m] = a[m] + fj * nx;
      a[m + 1] = a[m + 1] + fj * ny;
      a[m + 2] = a[m + 2] + fj * nz;
    }
    for (let c = 0; c < components; c++) v[c] = v[c] + w * a[c];
  }
  return sum;
}

/** Sums of squared residuals of trajectories `first` to before `end`, into `out` from its start; as {@link rollPairs} gives them. */
export function rolloutSums(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
  { first, end }: Chunk,
  out: Float64Array,
  scratch?: RolloutScratch,
): void {
  const module = pairModule();
  if (module !== null) {
    rolloutSumsByKernel(module, data, schedule, cells, curve, starts, { first, end }, out);
    return;
  }
  const own = scratch ?? createRolloutScratch(data, schedule);
  for (let t = first; t < end; t++)
    out[t - first] = rollPairs(data, schedule, cells, curve, starts, t, own, { keep: false });
}

/** Sum of squared residuals of all trajectories, added up in chunks. */
export function rolloutSum(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  starts: Starts,
  scratch?: RolloutScratch,
): number {
  const { trajectories } = data;
  const sums = new Float64Array(trajectories);
  const threads = threadsFor(data, schedule, trajectories);
  if (threads === null) {
    const all = { first: 0, end: trajectories };
    rolloutSums(data, schedule, cells, curve, starts, all, sums, scratch);
    return sumInChunks(sums);
  }
  const ranges = groupsOf(chunksOf(trajectories), threads).map((chunks) => ({
    first: chunks[0].first,
    end: (chunks.at(-1) as Chunk).end,
  }));
  const shared = { data, schedule, cells, starts };
  const args = { curve, ranges };
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
  { curve, ranges }: { curve: Float64Array; ranges: readonly Chunk[] },
): (part: number) => Float64Array {
  return (part) => {
    const range = ranges[part];
    const sums = new Float64Array(range.end - range.first);
    rolloutSums(data, schedule, cells, curve, starts, range, sums);
    return sums;
  };
}

/** Mean squared position error of a curve's rollouts from the given starts, over all that was observed (Eq. 6). Not finite when one diverged. */
export function rolloutLoss(
  data: TrainingData,
  schedule: Schedule,
  cells: Cells,
  curve: Float64Array,
  scratch?: RolloutScratch,
): number {
  return rolloutSum(data, schedule, cells, curve, givenStarts(data), scratch) / data.residuals;
}
