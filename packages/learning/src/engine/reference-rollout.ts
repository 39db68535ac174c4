import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import { work } from "../wasm/work.ts";
import type { AffineTerms } from "./affine.ts";
import { LOOKUP } from "./group.ts";
import { kickMapped, type Maps } from "./reference-affine.ts";

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

/** What a rollout goes by. */
export interface PairRolloutProblem {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly cells: Cells;
  /** [4 x cells] */
  readonly curve: Float64Array;
  readonly starts: Starts;
  readonly scratch: RolloutScratch;
  /** Whether to keep the look-ups. */
  readonly keep: boolean;
  readonly affine?: AffineTerms | null;
}

/** Rollout of one trajectory with the pair slopes given as a curve, event by event, compared with the records. */
export class PairRollout {
  /** Sum of squared residuals; not finite when the rollout diverged. */
  sum = 0;
  /**
   * Positions at every event along which separations and directions are looked up instead of the rollout's own: positions are then
   * linear in the curve. [events x components]
   */
  path: Float64Array | null = null;
  readonly problem: PairRolloutProblem;
  /** Positions, velocities and pair accelerations at each kick, where affine terms ask for them. [kicks x 3 x components] */
  readonly states: Float64Array;
  private readonly maps: Maps | null;
  private trajectory = 0;
  private firstCompared = 1;

  constructor(problem: PairRolloutProblem) {
    const { affine = null, keep, schedule, data } = problem;
    this.problem = problem;
    this.maps = affine?.act === true ? affine.mapsOf(schedule.kick) : null;
    this.states = new Float64Array(
      affine !== null && keep ? schedule.kicks * 3 * data.components : 0,
    );
  }

  /** All events. */
  roll(trajectory: number): void {
    const { events, kick } = this.problem.schedule;
    this.begin(trajectory);
    for (let e = 0; e < events; e++) {
      this.advance(e);
      if (kick[e] !== 0) this.kick(e);
    }
  }

  /** Sets the start state and what a free one is compared with. */
  begin(trajectory: number): void {
    const { data, starts, scratch } = this.problem;
    const { components, records } = data;
    const { q, v, residuals } = scratch;
    const { velocityWeight } = starts;
    work.rollouts++;
    this.trajectory = trajectory;
    for (let c = 0; c < components; c++) {
      q[c] = starts.positions[trajectory * components + c];
      v[c] = starts.velocities[trajectory * components + c];
    }
    let sum = 0;
    this.firstCompared = velocityWeight === null ? 1 : 0;
    if (velocityWeight !== null)
      for (let c = 0; c < components; c++) {
        const d = velocityWeight * (v[c] - data.startVelocities[trajectory * components + c]);
        residuals[records * components + c] = d;
        sum += d * d;
      }
    this.sum = sum;
  }

  /** One event but for its kick: drifts, compares with the records, makes the pair accelerations. */
  advance(e: number): void {
    const { components } = this.problem.data;
    const { drift, kick, record } = this.problem.schedule;
    const { q, v } = this.problem.scratch;
    const h = drift[e];
    if (h !== 0) for (let c = 0; c < components; c++) q[c] = q[c] + h * v[c];
    if (record[e] >= this.firstCompared) this.compare(record[e]);
    if (kick[e] !== 0) this.accelerate(e);
  }

  /** The kick of an event: v += w a, with what others have added to the accelerations. */
  kick(e: number): void {
    const { maps, states } = this;
    const { affine = null, scratch, schedule } = this.problem;
    const { q, v, a } = scratch;
    const w = schedule.kick[e];
    if (states.length > 0) {
      const o = 3 * schedule.kickIndex[e] * v.length;
      states.set(q, o);
      states.set(v, o + v.length);
      states.set(a, o + 2 * v.length);
    }
    if (affine !== null && maps !== null)
      kickMapped(affine, { maps: maps.maps, first: maps.of[e] * affine.stride }, w, scratch);
    else for (let c = 0; c < v.length; c++) v[c] = v[c] + w * a[c];
  }

  private compare(record: number): void {
    const { components, records, positions, weights } = this.problem.data;
    const { q, residuals } = this.problem.scratch;
    const start = this.trajectory * records * components;
    const o = record * components;
    let { sum } = this;
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
    this.sum = sum;
  }

  private accelerate(e: number): void {
    const { data, schedule, cells, curve, scratch, keep } = this.problem;
    const { components, pairs, pairI, pairJ, pairLaw, scaleI, scaleJ } = data;
    const { q, v, a, lookupCell, lookups, kickStates } = scratch;
    const { left, inverseWidths, index, binsPerLength, firstCell, firstBin } = cells;
    const kick = schedule.kickIndex[e];
    const at = this.path ?? q;
    const po = this.path === null ? 0 : e * components;
    a.fill(0);
    if (keep && kickStates !== null) {
      const o = kick * 2 * components;
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
      if (!(bin > 0)) bin = 0;
      else if (bin >= firstBin[law + 1] - bins) bin = firstBin[law + 1] - bins - 1;
      let k = index[bins + bin];
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
        const l = kick * pairs + p;
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
  }
}

/** Rolls one trajectory out with the pair law alone, in plain TypeScript. @returns sum of squared residuals */
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
  const rollout = new PairRollout({ data, schedule, cells, curve, starts, scratch, keep });
  rollout.path = path;
  rollout.roll(trajectory);
  return rollout.sum;
}
