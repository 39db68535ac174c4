import type { SplineBasis } from "@mclnn/models/parts";
import type { TrainingData } from "../records/training-data.ts";
import { LOOKUP } from "./group.ts";
import type { RolloutScratch } from "./reference-rollout.ts";

/** The look-ups of a pair law that a rollout has kept. */
interface KeptLookups {
  readonly data: TrainingData;
  readonly basis: SplineBasis;
  readonly rollout: RolloutScratch;
}

/** How sensitivities of positions and velocities lie. [components x columns] */
export interface TangentColumns {
  readonly columns: number;
  /** Of each coefficient that has one. */
  readonly column: Int32Array;
  /** Whether nothing moves across the plane z = 0. */
  readonly flat: boolean;
  /** Sensitivities of positions. */
  readonly dq: Float64Array;
}

/** Adds -kick x scale x n x phi of all pairs at the j-th kick: how the kick depends on the coefficients. */
export function addPairSource(
  { data, basis, rollout }: KeptLookups,
  { columns, column, flat }: TangentColumns,
  target: Float64Array,
  j: number,
  kick: number,
): void {
  const { pairs, pairI, pairJ, scaleI, scaleJ } = data;
  const { polynomials, firstBasis } = basis;
  const { lookupCell, lookups } = rollout;
  for (let p = 0; p < pairs; p++) {
    const l = j * pairs + p;
    const k = lookupCell[l];
    const u = l * LOOKUP;
    const t = lookups[u + 5];
    const first = column[firstBasis[k]];
    const ai = pairI[p] * columns + first;
    const aj = pairJ[p] * columns + first;
    const wi = kick * scaleI[p];
    const wj = kick * scaleJ[p];
    const nx = lookups[u];
    const ny = lookups[u + 1];
    const nz = lookups[u + 2];
    for (let e = 0; e < 4; e++) {
      const o = 16 * k + 4 * e;
      const phi =
        polynomials[o] +
        t * (polynomials[o + 1] + t * (polynomials[o + 2] + t * polynomials[o + 3]));
      const pi = phi * wi;
      const pj = phi * wj;
      const i = ai + e;
      const m = aj + e;
      const i1 = i + columns;
      const m1 = m + columns;
      const i2 = i1 + columns;
      const m2 = m1 + columns;
      target[i] = target[i] - pi * nx;
      target[i1] = target[i1] - pi * ny;
      target[m] = target[m] + pj * nx;
      target[m1] = target[m1] + pj * ny;
      if (flat) continue;
      target[i2] = target[i2] - pi * nz;
      target[m2] = target[m2] + pj * nz;
    }
  }
}

/** dv += span x (da/dq) dq at the j-th kick, for every column. */
export function kickByForceGradient(
  { data, rollout }: KeptLookups,
  { dq, columns, flat }: TangentColumns,
  dv: Float64Array,
  j: number,
  span: number,
): void {
  const { pairs, pairI, pairJ, scaleI, scaleJ } = data;
  const { lookups } = rollout;
  const two = 2 * columns;
  for (let p = 0; p < pairs; p++) {
    const u = (j * pairs + p) * LOOKUP;
    const nx = lookups[u];
    const ny = lookups[u + 1];
    const nz = lookups[u + 2];
    const transverse = -span * lookups[u + 3];
    const radial = -span * lookups[u + 4] - transverse;
    const si = scaleI[p];
    const sj = scaleJ[p];
    const oi = pairI[p] * columns;
    const oj = pairJ[p] * columns;
    for (let k = 0; k < columns; k++) {
      const i = oi + k;
      const m = oj + k;
      const x = dq[i] - dq[m];
      const y = dq[i + columns] - dq[m + columns];
      const z = flat ? 0 : dq[i + two] - dq[m + two];
      const s = radial * (flat ? nx * x + ny * y : nx * x + ny * y + nz * z);
      const fx = s * nx + transverse * x;
      const fy = s * ny + transverse * y;
      dv[i] = dv[i] + si * fx;
      dv[i + columns] = dv[i + columns] + si * fy;
      dv[m] = dv[m] - sj * fx;
      dv[m + columns] = dv[m + columns] - sj * fy;
      if (flat) continue;
      const fz = s * nz + transverse * z;
      dv[i + two] = dv[i + two] + si * fz;
      dv[m + two] = dv[m + two] - sj * fz;
    }
  }
}
