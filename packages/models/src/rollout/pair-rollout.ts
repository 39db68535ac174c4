import type { Cells } from "../cells.ts";
import type { TrainingData } from "../training/training-data.ts";

/** Numbers kept of one look-up: unit vector (3), f / r, df/dr, t in the cell. */
export const LOOKUP = 6;

/**
 * Scratch of a rollout of one trajectory, and what the last one left: residuals, and the look-ups that adjoint and sensitivity read.
 */
export interface RolloutScratch {
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly a: Float64Array;
  /** Predicted minus observed positions, records 1 and on. [(records - 1) x components] */
  readonly residuals: Float64Array;
  /** Cell of each look-up. [substeps x pairs] */
  readonly lookupCell: Int32Array;
  /** [substeps x pairs x LOOKUP] */
  readonly lookups: Float64Array;
}

export function createRolloutScratch(data: TrainingData): RolloutScratch {
  const { components, records, stride, pairs } = data;
  const substeps = (records - 1) * stride;
  return {
    q: new Float64Array(components),
    v: new Float64Array(components),
    a: new Float64Array(components),
    residuals: new Float64Array((records - 1) * components),
    lookupCell: new Int32Array(substeps * pairs),
    lookups: new Float64Array(substeps * pairs * LOOKUP),
  };
}

/**
 * Rolls one trajectory out by velocity Verlet with the pair slope given as a curve, and compares it with the records.
 *
 * With `path`, separations and directions are looked up along that path instead of the rollout's own positions: positions are then
 * linear in the curve.
 *
 * @param curve - [4 x cells]
 * @param path - positions at every substep, or null. [(substeps + 1) x components]
 * @param keep - whether to keep the look-ups
 * @returns sum of squared residuals; not finite when the rollout diverged
 */
export function rollPairs(
  data: TrainingData,
  cells: Cells,
  curve: Float64Array,
  trajectory: number,
  scratch: RolloutScratch,
  { path = null, keep }: { path?: Float64Array | null; keep: boolean },
): number {
  const { components, records, stride, dt, pairs, positions, pairI, pairJ, scaleI, scaleJ } = data;
  const { q, v, a, residuals, lookupCell, lookups } = scratch;
  const { edges, inverseWidths, index, binsPerLength } = cells;
  const from = edges[0] as number;
  const lastCell = cells.count - 1;
  const lastBin = index.length - 1;
  const substeps = (records - 1) * stride;
  const start = trajectory * records * components;
  const startV = trajectory * components;
  const own = path === null;
  const at = own ? q : path;
  for (let c = 0; c < components; c++) {
    q[c] = positions[start + c] as number;
    v[c] = data.startVelocities[startV + c] as number;
  }
  let sum = 0;
  for (let j = 0; ; j++) {
    if (j > 0) {
      for (let c = 0; c < components; c++) q[c] = (q[c] as number) + dt * (v[c] as number);
      if (j % stride === 0) {
        const o = (j / stride - 1) * components;
        const observed = start + o + components;
        for (let c = 0; c < components; c++) {
          const e = (q[c] as number) - (positions[observed + c] as number);
          residuals[o + c] = e;
          sum += e * e;
        }
      }
    }
    if (j === substeps) return sum;
    a.fill(0);
    const po = own ? 0 : j * components;
    for (let p = 0; p < pairs; p++) {
      const i = pairI[p] as number;
      const m = pairJ[p] as number;
      const x = (at[po + i] as number) - (at[po + m] as number);
      const y = (at[po + i + 1] as number) - (at[po + m + 1] as number);
      const z = (at[po + i + 2] as number) - (at[po + m + 2] as number);
      const r = Math.sqrt(x * x + y * y + z * z);
      const inverse = 1 / r;
      let bin = ((r - from) * binsPerLength) | 0;
      if (!(bin > 0)) bin = 0;
      else if (bin > lastBin) bin = lastBin;
      let k = index[bin] as number;
      while (k > 0 && r < (edges[k] as number)) k--;
      while (k < lastCell && r >= (edges[k + 1] as number)) k++;
      const width = inverseWidths[k] as number;
      const t = (r - (edges[k] as number)) * width;
      const o = 4 * k;
      const c1 = curve[o + 1] as number;
      const c2 = curve[o + 2] as number;
      const c3 = curve[o + 3] as number;
      const f = (curve[o] as number) + t * (c1 + t * (c2 + t * c3));
      const nx = x * inverse;
      const ny = y * inverse;
      const nz = z * inverse;
      if (keep) {
        const l = j * pairs + p;
        const u = l * LOOKUP;
        lookupCell[l] = k;
        lookups[u] = nx;
        lookups[u + 1] = ny;
        lookups[u + 2] = nz;
        lookups[u + 3] = f * inverse;
        lookups[u + 4] = (c1 + t * (2 * c2 + t * 3 * c3)) * width;
        lookups[u + 5] = t;
      }
      const fi = f * (scaleI[p] as number);
      const fj = f * (scaleJ[p] as number);
      a[i] = (a[i] as number) - fi * nx;
      a[i + 1] = (a[i + 1] as number) - fi * ny;
      a[i + 2] = (a[i + 2] as number) - fi * nz;
      a[m] = (a[m] as number) + fj * nx;
      a[m + 1] = (a[m + 1] as number) + fj * ny;
      a[m + 2] = (a[m + 2] as number) + fj * nz;
    }
    const kick = j === 0 ? 0.5 * dt : dt;
    for (let c = 0; c < components; c++) v[c] = (v[c] as number) + kick * (a[c] as number);
  }
}

/** Mean squared position error of a curve's rollouts over all trajectories (Eq. 6). Not finite when one diverged. */
export function rolloutLoss(
  data: TrainingData,
  cells: Cells,
  curve: Float64Array,
  scratch: RolloutScratch = createRolloutScratch(data),
): number {
  let sum = 0;
  for (let t = 0; t < data.trajectories; t++)
    sum += rollPairs(data, cells, curve, t, scratch, { keep: false });
  return sum / data.residuals;
}
