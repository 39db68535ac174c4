import { MclnnError } from "@mclnn/physics";
import { curveAt, curveDerivativeAt } from "../cells.ts";
import { choleskyFactor } from "../linear-algebra.ts";
import type { SplineBasis } from "../training/function-first/basis.ts";
import type { TrainingData } from "../training/training-data.ts";
import { createRolloutScratch, LOOKUP, type RolloutScratch, rollPairs } from "./pair-rollout.ts";
import type { Schedule } from "./schedule.ts";
import { givenStarts, type StartElimination, type Starts, startComponent } from "./starts.ts";

/** Gauss-Newton model of the rollout loss about a curve: sum(c + dc) = sum + 2 g.dc + dc.A.dc. */
export interface NormalEquations {
  /** J'J, the Fisher metric of the rollout loss. [size x size] */
  readonly metric: Float64Array;
  /** J' residuals. [size] */
  readonly gradient: Float64Array;
  /** Sum of squared residuals. */
  readonly sum: number;
  /** Residuals counted (particles x dimension x records x trajectories used). */
  readonly residuals: number;
  /** sum / residuals */
  readonly loss: number;
  /** Residuals less the start states that were fitted to them. */
  readonly degreesOfFreedom: number;
  /** How the start states follow the coefficients; empty when they are given. */
  readonly eliminations: readonly StartElimination[];
}

export interface SensitivityOptions {
  /**
   * Substeps between two applications of the force gradient to the sensitivities, for uniform schedules; divides the stride.
   * 1 is exact; more is cheaper, and enough where the step still resolves the fastest oscillation (see {@link tangentStep}).
   */
  readonly tangentStep?: number;
  /** Look separations up along these paths at the events of the tangents, one a trajectory, and leave the force gradient out (one-shot fit). */
  readonly path?: (trajectory: number) => Float64Array;
  /** Use every n-th trajectory. */
  readonly every?: number;
  /** Default: as given in the data. */
  readonly starts?: Starts;
}

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

/**
 * Sums the normal equations of the rollout loss by forward sensitivities of the splitting method to the spline coefficients.
 *
 * A pair touches four coefficients at a time, so sources are sparse; only coefficients that a trajectory touches at all get columns.
 */
export class SensitivityPass {
  /** The schedule that sensitivities are propagated along. */
  readonly tangents: Schedule;
  private readonly data: TrainingData;
  private readonly given: Starts;
  private readonly schedule: Schedule;
  private readonly basis: SplineBasis;
  /** Of the rollouts that are compared with the records, and of those along which sensitivities are propagated. */
  private readonly compared: RolloutScratch;
  private readonly rollout: RolloutScratch;
  private readonly mark: Uint8Array;
  private readonly active: Int32Array;
  private readonly column: Int32Array;
  private readonly dq: Float64Array;
  private readonly dv: Float64Array;
  private readonly source: Float64Array;
  private readonly sourceNext: Float64Array;
  private readonly jacobian: Float64Array;
  private readonly localMetric: Float64Array;
  private readonly localGradient: Float64Array;
  private readonly extra: ExtraUnknowns | null;
  /** Coefficients of the basis and extra unknowns: the size of the normal equations. */
  readonly size: number;

  /**
   * @param freeStarts - whether start states will ever be unknowns
   * @param extra - unknowns that follow the coefficients of the basis
   * @param tangents - a cheaper schedule over the same records for the sensitivities; residuals are always those of `schedule`. Gauss-Newton
   * then converges as fast as the two schedules agree
   */
  constructor(
    data: TrainingData,
    schedule: Schedule,
    basis: SplineBasis,
    {
      freeStarts = false,
      extra = null,
      tangents = schedule,
    }: { freeStarts?: boolean; extra?: ExtraUnknowns | null; tangents?: Schedule } = {},
  ) {
    const size = basis.size + (extra?.count ?? 0);
    this.size = size;
    this.extra = extra;
    const columns = size + (freeStarts ? 2 * data.particles * data.dimension : 0);
    const block = data.components * columns;
    this.data = data;
    this.schedule = schedule;
    this.basis = basis;
    this.tangents = tangents;
    this.rollout = createRolloutScratch(data, tangents, { keepStates: extra !== null });
    this.compared = tangents === schedule ? this.rollout : createRolloutScratch(data, schedule);
    this.mark = new Uint8Array(basis.size);
    this.active = new Int32Array(size);
    this.column = new Int32Array(basis.size);
    this.dq = new Float64Array(block);
    this.dv = new Float64Array(block);
    this.source = new Float64Array(block);
    this.sourceNext = new Float64Array(block);
    this.jacobian = new Float64Array((data.records + 1) * block);
    this.localMetric = new Float64Array(columns * columns);
    this.localGradient = new Float64Array(columns);
    this.given = givenStarts(data);
  }

  /** Loss of a curve alone. */
  loss(curve: Float64Array, starts: Starts = this.given): number {
    const { data, schedule, basis, compared } = this;
    let sum = 0;
    for (let t = 0; t < data.trajectories; t++)
      sum += rollPairs(data, schedule, basis.cells, curve, starts, t, compared, { keep: false });
    return sum / this.counted(1, starts);
  }

  /** Position components observed in every n-th trajectory. */
  private counted(every: number, { velocityWeight }: Starts): number {
    const { trajectories, residualCounts, startCounts } = this.data;
    let count = 0;
    for (let t = 0; t < trajectories; t += every)
      count +=
        (residualCounts[t] as number) + (velocityWeight === null ? 0 : (startCounts[t] as number));
    return count;
  }

  /** Normal equations about `curve` in the coefficients of the basis. */
  normalEquations(curve: Float64Array, options: SensitivityOptions = {}): NormalEquations {
    const { data, schedule, tangents, basis, rollout, compared, size } = this;
    const { tangentStep: step = 1, path, every = 1, starts = this.given } = options;
    const free = starts.velocityWeight !== null;
    const eliminations: StartElimination[] = [];
    const metric = new Float64Array(size * size);
    const gradient = new Float64Array(size);
    let sum = 0;
    let used = 0;
    for (let t = 0; t < data.trajectories; t += every) {
      used++;
      const along = rollPairs(data, tangents, basis.cells, curve, starts, t, rollout, {
        path: path === undefined ? null : path(t),
        keep: true,
      });
      if (compared === rollout || path !== undefined) sum += along;
      else {
        sum += rollPairs(data, schedule, basis.cells, curve, starts, t, compared, { keep: false });
        rollout.residuals.set(compared.residuals);
      }
      const active = this.findActive();
      const columns = active + (free ? 2 * data.particles * data.dimension : 0);
      this.propagate(t, active, columns, starts, step, path === undefined);
      this.accumulate(columns, free);
      if (free) eliminations.push(this.eliminateStart(active, columns, t));
      this.scatter(active, columns, metric, gradient);
    }
    for (let i = 0; i < size; i++)
      for (let k = 0; k < i; k++) metric[k * size + i] = metric[i * size + k] as number;
    const residuals = this.counted(every, starts);
    // A velocity that was measured pays for half of its start state.
    const { velocityWeight } = starts;
    const fitted = velocityWeight === null ? 0 : velocityWeight > 0 ? 1 : 2;
    return {
      metric,
      gradient,
      sum,
      residuals,
      loss: sum / residuals,
      degreesOfFreedom: residuals - fitted * used * data.particles * data.dimension,
      eliminations,
    };
  }

  /**
   * Exact Jacobian of one trajectory's residuals in the coefficients, and in its start state when that is free; for tests.
   *
   * @returns [(records + 1) x components x (size + unknowns of the start)], rows as the residuals of a rollout
   */
  jacobianOf(curve: Float64Array, trajectory: number, starts: Starts = this.given): Float64Array {
    const { data, tangents, basis, rollout } = this;
    rollPairs(data, tangents, basis.cells, curve, starts, trajectory, rollout, { keep: true });
    const active = this.findActive();
    const unknowns = starts.velocityWeight === null ? 0 : 2 * data.particles * data.dimension;
    const columns = active + unknowns;
    this.propagate(trajectory, active, columns, starts, 1, true);
    const rows = (data.records + 1) * data.components;
    const width = this.size + unknowns;
    const out = new Float64Array(rows * width);
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < columns; c++)
        out[row * width + (c < active ? (this.active[c] as number) : this.size + c - active)] = this
          .jacobian[row * columns + c] as number;
    return out;
  }

  /** Residuals of one trajectory, row by row as those of a rollout. [(records + 1) x components] */
  residualsOf(curve: Float64Array, trajectory: number, starts: Starts = this.given): Float64Array {
    const { data, schedule, basis, compared } = this;
    rollPairs(data, schedule, basis.cells, curve, starts, trajectory, compared, { keep: false });
    return compared.residuals.slice();
  }

  /** Gives columns to the coefficients that the kept look-ups touch; returns their number. */
  private findActive(): number {
    const { mark, active, column, rollout, basis } = this;
    const { lookupCell } = rollout;
    mark.fill(0);
    for (let l = 0; l < lookupCell.length; l++) {
      const b = basis.firstBasis[lookupCell[l] as number] as number;
      mark[b] = 1;
      mark[b + 1] = 1;
      mark[b + 2] = 1;
      mark[b + 3] = 1;
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

  /** Fills the Jacobian of the residuals. [(records + 1) x components x columns] */
  private propagate(
    trajectory: number,
    active: number,
    columns: number,
    { velocityWeight }: Starts,
    tangentStep: number,
    withForceGradient: boolean,
  ): void {
    const { data, tangents, dq, dv, jacobian } = this;
    const block = data.components * columns;
    dq.fill(0, 0, block);
    dv.fill(0, 0, block);
    jacobian.fill(0, 0, block);
    jacobian.fill(0, data.records * block, (data.records + 1) * block);
    if (velocityWeight !== null) {
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
    if (tangentStep > 1 && tangents.uniform !== null && this.extra === null)
      this.propagateCoarsely(trajectory, columns, tangentStep, tangents.uniform, withForceGradient);
    else this.propagateExactly(trajectory, active, columns, withForceGradient);
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
      const h = drift[e] as number;
      if (h !== 0)
        for (let k = 0; k < block; k++) dq[k] = (dq[k] as number) + h * (dv[k] as number);
      if ((record[e] as number) > 0) this.keepRow(columns, trajectory, record[e] as number);
      const w = kick[e] as number;
      if (w === 0) continue;
      this.addSource(dv, columns, kickIndex[e] as number, w);
      if (this.extra !== null)
        this.extra.addAccelerations(
          this.kickState(trajectory, kickIndex[e] as number),
          w,
          dv.subarray(active - this.extra.count),
          columns,
        );
      if (withForceGradient) this.kickByForceGradient(columns, kickIndex[e] as number, w);
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
        dv[k] = (dv[k] as number) + (source[k] as number);
        source[k] = sourceNext[k] as number;
        sourceNext[k] = 0;
      }
      if (withForceGradient) this.kickByForceGradient(columns, j, j === 0 ? 0.5 * span : span);
      for (let k = 0; k < block; k++) dq[k] = (dq[k] as number) + span * (dv[k] as number);
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
      for (let k = 0; k < block; k++) jacobian[record * block + k] = dq[k] as number;
      return;
    }
    for (let i = 0; i < particles; i++) {
      const weight = weights[(trajectory * records + record) * particles + i] as number;
      for (let k = 3 * i * columns; k < 3 * (i + 1) * columns; k++)
        jacobian[record * block + k] = weight * (dq[k] as number);
    }
  }

  /** Adds -kick x scale x n x phi of all pairs at the j-th kick: how the kick depends on the coefficients. */
  private addSource(target: Float64Array, columns: number, j: number, kick: number): void {
    const { data, basis, rollout, column } = this;
    const { pairs, pairI, pairJ, scaleI, scaleJ } = data;
    const { polynomials, firstBasis } = basis;
    const { lookupCell, lookups } = rollout;
    for (let p = 0; p < pairs; p++) {
      const l = j * pairs + p;
      const k = lookupCell[l] as number;
      const u = l * LOOKUP;
      const t = lookups[u + 5] as number;
      const first = column[firstBasis[k] as number] as number;
      const ai = (pairI[p] as number) * columns + first;
      const aj = (pairJ[p] as number) * columns + first;
      const wi = kick * (scaleI[p] as number);
      const wj = kick * (scaleJ[p] as number);
      const nx = lookups[u] as number;
      const ny = lookups[u + 1] as number;
      const nz = lookups[u + 2] as number;
      for (let e = 0; e < 4; e++) {
        const o = 16 * k + 4 * e;
        const phi =
          (polynomials[o] as number) +
          t *
            ((polynomials[o + 1] as number) +
              t * ((polynomials[o + 2] as number) + t * (polynomials[o + 3] as number)));
        const pi = phi * wi;
        const pj = phi * wj;
        const i = ai + e;
        const m = aj + e;
        const i1 = i + columns;
        const m1 = m + columns;
        const i2 = i1 + columns;
        const m2 = m1 + columns;
        target[i] = (target[i] as number) - pi * nx;
        target[i1] = (target[i1] as number) - pi * ny;
        target[i2] = (target[i2] as number) - pi * nz;
        target[m] = (target[m] as number) + pj * nx;
        target[m1] = (target[m1] as number) + pj * ny;
        target[m2] = (target[m2] as number) + pj * nz;
      }
    }
  }

  /** dv += span x (da/dq) dq at the j-th kick, for every column. */
  private kickByForceGradient(columns: number, j: number, span: number): void {
    const { data, rollout, dq, dv } = this;
    const { pairs, pairI, pairJ, scaleI, scaleJ } = data;
    const { lookups } = rollout;
    const two = 2 * columns;
    for (let p = 0; p < pairs; p++) {
      const u = (j * pairs + p) * LOOKUP;
      const nx = lookups[u] as number;
      const ny = lookups[u + 1] as number;
      const nz = lookups[u + 2] as number;
      const transverse = -span * (lookups[u + 3] as number);
      const radial = -span * (lookups[u + 4] as number) - transverse;
      const si = scaleI[p] as number;
      const sj = scaleJ[p] as number;
      const oi = (pairI[p] as number) * columns;
      const oj = (pairJ[p] as number) * columns;
      for (let k = 0; k < columns; k++) {
        const i = oi + k;
        const m = oj + k;
        const x = (dq[i] as number) - (dq[m] as number);
        const y = (dq[i + columns] as number) - (dq[m + columns] as number);
        const z = (dq[i + two] as number) - (dq[m + two] as number);
        const s = radial * (nx * x + ny * y + nz * z);
        const fx = s * nx + transverse * x;
        const fy = s * ny + transverse * y;
        const fz = s * nz + transverse * z;
        dv[i] = (dv[i] as number) + si * fx;
        dv[i + columns] = (dv[i + columns] as number) + si * fy;
        dv[i + two] = (dv[i + two] as number) + si * fz;
        dv[m] = (dv[m] as number) - sj * fx;
        dv[m + columns] = (dv[m + columns] as number) - sj * fy;
        dv[m + two] = (dv[m + two] as number) - sj * fz;
      }
    }
  }

  /** Sets the local J'J (lower triangle) and J' residuals of the trajectory, four rows at a time. */
  private accumulate(columns: number, free: boolean): void {
    const { data, rollout, jacobian, localMetric, localGradient } = this;
    const { residuals } = rollout;
    localMetric.fill(0, 0, columns * columns);
    localGradient.fill(0, 0, columns);
    // Record 0 and the start velocities are compared only when the start is free.
    const rows = (free ? data.records + 1 : data.records) * data.components;
    let row = free ? 0 : data.components;
    for (; row + 3 < rows; row += 4) {
      const o0 = row * columns;
      const o1 = o0 + columns;
      const o2 = o1 + columns;
      const o3 = o2 + columns;
      const e0 = residuals[row] as number;
      const e1 = residuals[row + 1] as number;
      const e2 = residuals[row + 2] as number;
      const e3 = residuals[row + 3] as number;
      for (let i = 0; i < columns; i++) {
        const s0 = jacobian[o0 + i] as number;
        const s1 = jacobian[o1 + i] as number;
        const s2 = jacobian[o2 + i] as number;
        const s3 = jacobian[o3 + i] as number;
        if (s0 === 0 && s1 === 0 && s2 === 0 && s3 === 0) continue;
        localGradient[i] = (localGradient[i] as number) + (s0 * e0 + s1 * e1 + s2 * e2 + s3 * e3);
        const oi = i * columns;
        for (let k = 0; k <= i; k++)
          localMetric[oi + k] =
            (localMetric[oi + k] as number) +
            (s0 * (jacobian[o0 + k] as number) +
              s1 * (jacobian[o1 + k] as number) +
              s2 * (jacobian[o2 + k] as number) +
              s3 * (jacobian[o3 + k] as number));
      }
    }
    for (; row < rows; row++) {
      const o = row * columns;
      const e = residuals[row] as number;
      for (let i = 0; i < columns; i++) {
        const s = jacobian[o + i] as number;
        if (s === 0) continue;
        localGradient[i] = (localGradient[i] as number) + s * e;
        for (let k = 0; k <= i; k++)
          localMetric[i * columns + k] =
            (localMetric[i * columns + k] as number) + s * (jacobian[o + k] as number);
      }
    }
  }

  /** Takes the start state out of the local equations by its Schur complement. */
  private eliminateStart(active: number, columns: number, trajectory: number): StartElimination {
    const { localMetric, localGradient } = this;
    const unknowns = columns - active;
    const factor = new Float64Array(unknowns * unknowns);
    let largest = 0;
    for (let i = 0; i < unknowns; i++) {
      const o = (active + i) * columns + active;
      for (let k = 0; k <= i; k++) factor[i * unknowns + k] = localMetric[o + k] as number;
      largest = Math.max(largest, factor[i * unknowns + i] as number);
    }
    for (let i = 0; i < unknowns; i++)
      factor[i * unknowns + i] = (factor[i * unknowns + i] as number) + START_FLOOR * largest;
    if (!choleskyFactor(factor, unknowns))
      throw new MclnnError(`the start of trajectory ${trajectory} is not determined`, {
        code: "start-not-determined",
        argument: "velocities",
        expected: "at least two records with every particle in them",
        got: "a singular system for the start state",
        mend: "Give start velocities or more records.",
      });
    const forward = (b: Float64Array): void => {
      for (let i = 0; i < unknowns; i++) {
        let s = b[i] as number;
        for (let k = 0; k < i; k++) s -= (factor[i * unknowns + k] as number) * (b[k] as number);
        b[i] = s / (factor[i * unknowns + i] as number);
      }
    };
    const right = localGradient.slice(active, columns);
    forward(right);
    const cross = new Float64Array(active * unknowns);
    for (let c = 0; c < active; c++) {
      const row = cross.subarray(c * unknowns, (c + 1) * unknowns);
      for (let i = 0; i < unknowns; i++) row[i] = localMetric[(active + i) * columns + c] as number;
      forward(row);
    }
    for (let c = 0; c < active; c++) {
      const oc = c * unknowns;
      let s = 0;
      for (let i = 0; i < unknowns; i++) s += (cross[oc + i] as number) * (right[i] as number);
      localGradient[c] = (localGradient[c] as number) - s;
      for (let e = 0; e <= c; e++) {
        const oe = e * unknowns;
        let t = 0;
        for (let i = 0; i < unknowns; i++)
          t += (cross[oc + i] as number) * (cross[oe + i] as number);
        localMetric[c * columns + e] = (localMetric[c * columns + e] as number) - t;
      }
    }
    return { trajectory, unknowns, factor, cross, right, active: this.active.slice(0, active) };
  }

  /** Adds the local equations to those of all coefficients. */
  private scatter(
    actives: number,
    columns: number,
    metric: Float64Array,
    gradient: Float64Array,
  ): void {
    const { size, active, localMetric, localGradient } = this;
    for (let i = 0; i < actives; i++) {
      const a = active[i] as number;
      gradient[a] = (gradient[a] as number) + (localGradient[i] as number);
      for (let k = 0; k <= i; k++) {
        const o = a * size + (active[k] as number);
        metric[o] = (metric[o] as number) + (localMetric[i * columns + k] as number);
      }
    }
  }
}

/** Keeps a start state that the records hardly fix from failing the factorisation; relative to the largest diagonal element. */
const START_FLOOR = 1e-13;

/** Angle that the fastest oscillation may turn through in a tangent step for Gauss-Newton still to converge. */
const LARGEST_TANGENT_ANGLE = 0.5;

/**
 * Largest divisor of the stride, at most 10, whose span still resolves the fastest oscillation that the curve allows: the squared
 * angular frequency of a pair is at most max(|V''|, |V'| / r) (w / m_i + w / m_j).
 */
export function tangentStep(
  data: TrainingData,
  { uniform }: Schedule,
  basis: SplineBasis,
  curve: Float64Array,
): number {
  if (uniform === null) return 1;
  let bend = 0;
  for (const { law, knots } of basis.clusters)
    for (const r of knots)
      bend = Math.max(
        bend,
        Math.abs(curveDerivativeAt(basis.cells, curve, law, r)),
        Math.abs(curveAt(basis.cells, curve, law, r)) / r,
      );
  let scale = 0;
  for (let p = 0; p < data.pairs; p++)
    scale = Math.max(
      scale,
      Math.abs(data.scaleI[p] as number) + Math.abs(data.scaleJ[p] as number),
    );
  const angle = uniform.dt * Math.sqrt(bend * scale);
  for (let step = Math.min(10, uniform.stride); step > 1; step--)
    if (uniform.stride % step === 0 && step * angle <= LARGEST_TANGENT_ANGLE) return step;
  return 1;
}
