import type { SplineBasis } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Starts, startComponent } from "../rollout/starts.ts";
import { LOOKUP, type RolloutScratch } from "./pair-rollout.ts";

/** Unknowns beside the law: what each of them, changed by one, adds to the accelerations. */
export interface ExtraUnknowns {
  readonly count: number;
  /**
   * Adds the accelerations to columns of `out`: component c of the k-th unknown goes to out[c x stride + k].
   *
   * @param factor - what to multiply them with
   */
  addAccelerations(kick: KickState, factor: number, out: Float64Array, stride: number): void;
}

/** A trajectory at one force evaluation. */
export interface KickState {
  readonly trajectory: number;
  /** [components] */
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  /** Look-ups of the pairs: unit vector (3), V'/r, V'', t in the cell. [pairs x LOOKUP] */
  readonly lookups: Float64Array;
}

/** How tangents are propagated along one rollout. */
export interface TangentOptions {
  readonly starts: Starts;
  readonly tangentStep: number;
  /** Left out by the one-shot fit, whose path does not follow the coefficients. */
  readonly forceGradient: boolean;
}

/**
 * Forward sensitivities of the splitting method to the spline coefficients, of one trajectory at a time.
 *
 * A pair touches four coefficients at a time, so sources are sparse; only coefficients that a trajectory touches at all get columns.
 * A trajectory that stays in the plane z = 0 has no sensitivities across it, so these are left alone and its rows of J are left out.
 */
export class PairTangents {
  /** Coefficients that have a column, extra unknowns after them. [active] */
  readonly active: Int32Array;
  /** Of the residuals; rows as those of a rollout. [(records + 1) x components x columns] */
  readonly jacobian: Float64Array;
  /** Rows of the Jacobian that are used, in the order of their sums. */
  readonly rows: Int32Array;
  usedRows = 0;
  private readonly data: TrainingData;
  private readonly tangents: Schedule;
  private readonly basis: SplineBasis;
  private readonly rollout: RolloutScratch;
  private readonly extra: ExtraUnknowns | null;
  private readonly size: number;
  private readonly mark: Uint8Array;
  private readonly column: Int32Array;
  private readonly dq: Float64Array;
  private readonly dv: Float64Array;
  private readonly source: Float64Array;
  private readonly sourceNext: Float64Array;
  private flat = false;

  /** @param rollout - keeps the look-ups of the trajectory at hand */
  constructor(
    data: TrainingData,
    tangents: Schedule,
    basis: SplineBasis,
    rollout: RolloutScratch,
    { freeStarts, extra }: { freeStarts: boolean; extra: ExtraUnknowns | null },
  ) {
    const size = basis.size + (extra?.count ?? 0);
    const columns = size + (freeStarts ? 2 * data.particles * data.dimension : 0);
    const block = data.components * columns;
    this.data = data;
    this.tangents = tangents;
    this.basis = basis;
    this.rollout = rollout;
    this.extra = extra;
    this.size = size;
    this.mark = new Uint8Array(basis.size);
    this.active = new Int32Array(size);
    this.column = new Int32Array(basis.size);
    this.dq = new Float64Array(block);
    this.dv = new Float64Array(block);
    this.source = new Float64Array(block);
    this.sourceNext = new Float64Array(block);
    this.jacobian = new Float64Array((data.records + 1) * block);
    this.rows = new Int32Array((data.records + 1) * data.components);
  }

  /** Gives columns to the coefficients that the kept look-ups touch; returns their number. */
  findActive(): number {
    const { mark, active, column, rollout, basis } = this;
    const { lookupCell, lookups } = rollout;
    mark.fill(0);
    this.flat = true;
    for (let l = 0; l < lookupCell.length; l++) {
      const b = basis.firstBasis[lookupCell[l]];
      mark[b] = 1;
      mark[b + 1] = 1;
      mark[b + 2] = 1;
      mark[b + 3] = 1;
      if (lookups[l * LOOKUP + 2] !== 0) this.flat = false;
    }
    let columns = 0;
    for (let b = 0; b < basis.size; b++)
      if (mark[b] === 1) {
        column[b] = columns;
        active[columns++] = b;
      }
    for (let k = basis.size; k < this.size; k++) active[columns++] = k;
    return columns;
  }

  /** Fills the Jacobian of the residuals, after {@link findActive}. @param active - what it returned @param columns - with those of a free start */
  propagate(
    trajectory: number,
    active: number,
    columns: number,
    { starts: { velocityWeight }, tangentStep, forceGradient }: TangentOptions,
  ): void {
    const { data, tangents, dq, dv, jacobian } = this;
    const block = data.components * columns;
    const free = velocityWeight !== null;
    if (this.extra !== null || (free && data.dimension === 3)) this.flat = false;
    dq.fill(0, 0, block);
    dv.fill(0, 0, block);
    jacobian.fill(0, 0, block);
    jacobian.fill(0, data.records * block, (data.records + 1) * block);
    if (free) {
      const half = data.particles * data.dimension;
      for (let i = 0; i < half; i++) {
        const c = startComponent(data, i);
        dq[c * columns + active + i] = 1;
        dv[c * columns + active + half + i] = 1;
        jacobian[(data.records * data.components + c) * columns + active + half + i] =
          velocityWeight;
      }
      this.keepRow(columns, trajectory, 0);
    }
    this.listRows(free);
    if (tangentStep > 1 && tangents.uniform !== null && this.extra === null)
      this.propagateCoarsely(trajectory, columns, tangentStep, tangents.uniform, forceGradient);
    else this.propagateExactly(trajectory, active, columns, forceGradient);
  }

  /** Record 0 and the start velocities are compared only when the start is free. */
  private listRows(free: boolean): void {
    const { components, records } = this.data;
    let used = 0;
    for (let row = free ? 0 : components; row < (free ? records + 1 : records) * components; row++)
      if (!this.flat || row % 3 < 2) this.rows[used++] = row;
    this.usedRows = used;
  }

  private propagateExactly(
    trajectory: number,
    active: number,
    columns: number,
    withForceGradient: boolean,
  ): void {
    const { data, tangents, dq, dv } = this;
    const { events, drift, kick, record, kickIndex } = tangents;
    const block = data.components * columns;
    for (let e = 0; e < events; e++) {
      const h = drift[e];
      if (h !== 0) for (let k = 0; k < block; k++) dq[k] = dq[k] + h * dv[k];
      if (record[e] > 0) this.keepRow(columns, trajectory, record[e]);
      const w = kick[e];
      if (w === 0) continue;
      this.addSource(dv, columns, kickIndex[e], w);
      if (this.extra !== null)
        this.extra.addAccelerations(
          this.kickState(trajectory, kickIndex[e]),
          w,
          dv.subarray(active - this.extra.count),
          columns,
        );
      if (withForceGradient) this.kickByForceGradient(columns, kickIndex[e], w);
    }
  }

  private kickState(trajectory: number, j: number): KickState {
    const { components, pairs } = this.data;
    const { kickStates, lookups } = this.rollout;
    const states = kickStates as Float64Array;
    const o = 2 * j * components;
    const l = j * pairs * LOOKUP;
    return {
      trajectory,
      positions: states.subarray(o, o + components),
      velocities: states.subarray(o + components, o + 2 * components),
      lookups: lookups.subarray(l, l + pairs * LOOKUP),
    };
  }

  /** Velocity Verlet with the force gradient applied every `tangentStep` substeps only. */
  private propagateCoarsely(
    trajectory: number,
    columns: number,
    tangentStep: number,
    { stride, dt }: { stride: number; dt: number },
    withForceGradient: boolean,
  ): void {
    const { data, dq, dv, source, sourceNext } = this;
    const block = data.components * columns;
    source.fill(0, 0, block);
    sourceNext.fill(0, 0, block);
    const substeps = (data.records - 1) * stride;
    const span = tangentStep * dt;
    for (let j = 0; j < substeps; j += tangentStep) {
      // Kicks inside the span count for its two ends by linear interpolation.
      for (let s = 0; s < tangentStep; s++) {
        const kick = (j + s === 0 ? 0.5 : 1) * dt;
        const share = s / tangentStep;
        this.addSource(source, columns, j + s, kick * (1 - share));
        if (s > 0) this.addSource(sourceNext, columns, j + s, kick * share);
      }
      for (let k = 0; k < block; k++) {
        dv[k] = dv[k] + source[k];
        source[k] = sourceNext[k];
        sourceNext[k] = 0;
      }
      if (withForceGradient) this.kickByForceGradient(columns, j, j === 0 ? 0.5 * span : span);
      for (let k = 0; k < block; k++) dq[k] = dq[k] + span * dv[k];
      if ((j + tangentStep) % stride === 0)
        this.keepRow(columns, trajectory, (j + tangentStep) / stride);
    }
  }

  /** Keeps the position sensitivities as those of a record, weighted as its residuals are. */
  private keepRow(columns: number, trajectory: number, record: number): void {
    const { data, dq, jacobian } = this;
    const { weights, particles, records } = data;
    const block = data.components * columns;
    if (weights === null) {
      for (let k = 0; k < block; k++) jacobian[record * block + k] = dq[k];
      return;
    }
    for (let i = 0; i < particles; i++) {
      const weight = weights[(trajectory * records + record) * particles + i];
      for (let k = 3 * i * columns; k < 3 * (i + 1) * columns; k++)
        jacobian[record * block + k] = weight * dq[k];
    }
  }

  /** Adds -kick x scale x n x phi of all pairs at the j-th kick: how the kick depends on the coefficients. */
  private addSource(target: Float64Array, columns: number, j: number, kick: number): void {
    const { data, basis, rollout, column, flat } = this;
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
  private kickByForceGradient(columns: number, j: number, span: number): void {
    const { data, rollout, dq, dv, flat } = this;
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
}
