import { Linear } from "@mclnn/physics/terms";
import { normalMatrix } from "../algebra/normal-matrix.ts";
import type { TrainingData } from "../records/training-data.ts";
import { emptyEquations, type PartialEquations } from "../rollout/normal-equations.ts";
import { eliminateStart } from "../rollout/start-elimination.ts";
import { type Starts, startComponent } from "../rollout/starts.ts";
import { work } from "../wasm/work.ts";
import { LOOKUP, type TangentProblem, type Tangents } from "./group.ts";
import { addPairSource, kickByForceGradient, type TangentColumns } from "./pair-tangents.ts";
import { type Maps, mapTangents } from "./reference-affine.ts";
import type { RolloutScratch } from "./reference-rollout.ts";
import { kicksOfSteps } from "./tangent-step.ts";

/** What the tangents of rollouts one at a time go by. */
export interface ReferenceTangentProblem extends TangentProblem {
  readonly data: TrainingData;
  readonly starts: Starts;
  /** Keeps the look-ups of the trajectory at hand. */
  readonly rollout: RolloutScratch;
  /** Its states at the kicks, where affine terms ask for them. */
  readonly states: Float64Array;
  /** Of the last rollout, which may have gone along another schedule. */
  readonly residuals: () => Float64Array;
}

/**
 * Forward sensitivities of the splitting method to the coefficients, of one trajectory at a time.
 *
 * A pair touches four coefficients at a time, so sources are sparse; only coefficients that a trajectory touches at all get columns, and
 * all of other terms. A trajectory that stays in the plane z = 0 has no sensitivities across it, so these are left alone and its rows of J
 * are left out.
 */
export class ReferenceTangents implements Tangents, TangentColumns {
  readonly linear: Linear = new Linear();
  /** Coefficients that have a column, those of other terms after them. [active] */
  readonly active: Int32Array;
  /** Of the residuals; rows as those of a rollout. [(records + 1) x components x columns] */
  readonly jacobian: Float64Array;
  /** Columns of coefficients, and with those of a free start. */
  actives = 0;
  columns = 0;
  /** Rows of the Jacobian that are used, in the order of their sums. */
  private readonly rows: Int32Array;
  private usedRows = 0;
  private readonly problem: ReferenceTangentProblem;
  private readonly partial: PartialEquations;
  private readonly mark: Uint8Array;
  readonly column: Int32Array;
  readonly dq: Float64Array;
  readonly dv: Float64Array;
  private readonly source: Float64Array;
  private readonly sourceNext: Float64Array;
  /** A kick with forces that go by velocities: what the other forces make of it, a stage of the velocities, what it makes, and the sum. */
  readonly held: Float64Array;
  private readonly at: Float64Array;
  private readonly slope: Float64Array;
  private readonly sum: Float64Array;
  private readonly localMetric: Float64Array;
  private readonly localGradient: Float64Array;
  /** Of affine terms: the maps of the steps. */
  private readonly maps: Maps | null;
  private trajectory = 0;
  flat = false;
  private steps = 0;
  /** Substeps of a step, or 0 where steps are the events. */
  private coarse = 0;
  /** Whether all that was told stayed in the plane. */
  private stayed = true;

  constructor(problem: ReferenceTangentProblem) {
    const { basis, beside, mixed, affine, along, tangentStep, data, starts } = problem;
    const { components, records, particles, dimension } = data;
    const size = basis.size + beside;
    const columns = size + (starts.velocityWeight !== null ? 2 * particles * dimension : 0);
    const block = components * columns;
    const few = mixed ? block : 0;
    const flowing = affine?.flows === true ? block : few;
    this.problem = problem;
    this.maps = affine === null ? null : affine.mapsOf(kicksOfSteps(along.schedule, tangentStep));
    this.partial = emptyEquations(size);
    this.mark = new Uint8Array(basis.size);
    this.active = new Int32Array(size);
    this.column = new Int32Array(basis.size);
    this.dq = new Float64Array(block);
    this.dv = new Float64Array(block);
    this.source = new Float64Array(block);
    this.sourceNext = new Float64Array(block);
    this.held = new Float64Array(flowing);
    this.at = new Float64Array(few);
    this.slope = new Float64Array(few);
    this.sum = new Float64Array(few);
    this.jacobian = new Float64Array((records + 1) * block);
    this.rows = new Int32Array((records + 1) * components);
    this.localMetric = new Float64Array(columns * columns);
    this.localGradient = new Float64Array(columns);
  }

  clear(): void {
    this.partial.metric.fill(0);
    this.partial.gradient.fill(0);
    this.partial.eliminations.length = 0;
  }

  equations(lane: number, trajectory: number): void {
    const steps = this.begin(lane, trajectory, this.problem.affine?.planar ?? true);
    for (let s = 0; s < steps - 1; s++) this.step(s);
    this.end(trajectory);
  }

  begin(_lane: number, trajectory: number, planar: boolean): number {
    const { dq, dv, jacobian, source, sourceNext } = this;
    const { data, starts, along, tangentStep } = this.problem;
    const { velocityWeight } = starts;
    const { events, uniform } = along.schedule;
    const { components, records, particles, dimension } = data;
    const free = velocityWeight !== null;
    this.trajectory = trajectory;
    this.findActive();
    if (dimension === 3 && (free || !planar)) this.flat = false;
    this.columns = this.actives + (free ? 2 * particles * dimension : 0);
    const { columns, actives } = this;
    const block = components * columns;
    for (const array of [dq, dv, source, sourceNext, jacobian]) array.fill(0, 0, block);
    jacobian.fill(0, records * block, (records + 1) * block);
    if (free) {
      const half = particles * dimension;
      for (let i = 0; i < half; i++) {
        const c = startComponent(data, i);
        dq[c * columns + actives + i] = 1;
        dv[c * columns + actives + half + i] = 1;
        jacobian[(records * components + c) * columns + actives + half + i] = velocityWeight;
      }
      this.keepRow(0);
    }
    this.listRows(free);
    this.coarse = tangentStep > 1 && uniform !== null ? tangentStep : 0;
    this.steps =
      this.coarse > 0 && uniform !== null
        ? ((records - 1) * uniform.stride) / tangentStep + 1
        : events;
    this.arrive(0);
    return this.steps;
  }

  /** Gives columns to the coefficients that the kept look-ups touch, and to all of other terms. */
  private findActive(): void {
    const { mark, active, column } = this;
    const { basis, beside, rollout } = this.problem;
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
    for (let k = 0; k < beside; k++) active[columns++] = basis.size + k;
    this.actives = columns;
  }

  /** Record 0 and the start velocities are compared only when the start is free. */
  private listRows(free: boolean): void {
    const { components, records } = this.problem.data;
    let used = 0;
    for (let row = free ? 0 : components; row < (free ? records + 1 : records) * components; row++)
      if (!this.flat || row % 3 < 2) this.rows[used++] = row;
    this.usedRows = used;
  }

  step(s: number): void {
    if (this.maps !== null) this.kickMapped(s, this.maps);
    else this.kickInto(this.dv, s);
    this.arrive(s + 1);
  }

  drift(s: number): void {
    this.arrive(s + 1);
  }

  /** First column of the coefficients of other terms. */
  get beside(): number {
    return this.actives - this.problem.beside;
  }

  /** The kick of a step with affine terms. */
  private kickMapped(s: number, { of, maps }: Maps): void {
    const { affine, along, data, states } = this.problem;
    if (affine === null || of[s] < 0) return;
    if (affine.flows) {
      this.held.fill(0, 0, data.components * this.columns);
      this.kickInto(this.held, s);
    } else this.kickInto(this.dv, s);
    const { components } = data;
    const event = this.coarse === 0 ? s : s * this.coarse;
    const first = 3 * along.schedule.kickIndex[event] * components;
    const own = { maps, first: of[s] * affine.stride };
    mapTangents(affine, own, this, { states, first, components });
  }

  /** What a step begins with: tangents of positions follow those of velocities, and rows of a record are kept. */
  private arrive(s: number): void {
    const { drift, record, uniform } = this.problem.along.schedule;
    if (this.coarse === 0) {
      if (drift[s] !== 0) this.move(drift[s]);
      if (record[s] > 0) this.keepRow(record[s]);
    } else if (s > 0 && uniform !== null) {
      this.move(this.coarse * uniform.dt);
      const substeps = s * this.coarse;
      if (substeps % uniform.stride === 0) this.keepRow(substeps / uniform.stride);
    }
  }

  private move(h: number): void {
    const { dq, dv } = this;
    const block = this.problem.data.components * this.columns;
    for (let k = 0; k < block; k++) dq[k] = dq[k] + h * dv[k];
  }

  /** The pair law's kick of a step, added to tangents of velocities. */
  private kickInto(dv: Float64Array, s: number): void {
    const { along, forceGradient } = this.problem;
    const { kick, kickIndex, uniform } = along.schedule;
    if (this.coarse === 0) {
      if (kick[s] === 0) return;
      addPairSource(this.problem, this, dv, kickIndex[s], kick[s]);
      if (forceGradient) kickByForceGradient(this.problem, this, dv, kickIndex[s], kick[s]);
    } else if (s < this.steps - 1 && uniform !== null)
      this.kickCoarsely(dv, s * this.coarse, uniform.dt);
  }

  /** Velocity Verlet with the force gradient applied every `tangentStep` substeps only: the kick at substep j. */
  private kickCoarsely(dv: Float64Array, j: number, dt: number): void {
    const { coarse, source, sourceNext } = this;
    const span = coarse * dt;
    // Kicks inside the span count for its two ends by linear interpolation.
    for (let s = 0; s < coarse; s++) {
      const kick = (j + s === 0 ? 0.5 : 1) * dt;
      const share = s / coarse;
      addPairSource(this.problem, this, source, j + s, kick * (1 - share));
      if (s > 0) addPairSource(this.problem, this, sourceNext, j + s, kick * share);
    }
    const block = this.problem.data.components * this.columns;
    for (let k = 0; k < block; k++) {
      dv[k] = dv[k] + source[k];
      source[k] = sourceNext[k];
      sourceNext[k] = 0;
    }
    if (this.problem.forceGradient)
      kickByForceGradient(this.problem, this, dv, j, j === 0 ? 0.5 * span : span);
  }

  apply(factor: number, held: boolean): boolean {
    this.stayed = true;
    this.addLinear(factor, this.dv, held ? this.held : this.dv);
    return this.stayed;
  }

  hold(s: number): void {
    const block = this.problem.data.components * this.columns;
    this.held.fill(0, 0, block);
    this.sum.fill(0, 0, block);
    this.kickInto(this.held, s);
  }

  stage(factor: number, share: number, weight: number, responses: Float64Array | null): boolean {
    const { dv, held, slope, sum } = this;
    const block = this.problem.data.components * this.columns;
    const at = share === 0 ? dv : this.at;
    if (share !== 0) for (let k = 0; k < block; k++) at[k] = dv[k] + share * slope[k];
    for (let k = 0; k < block; k++) slope[k] = held[k];
    this.stayed = true;
    this.addLinear(factor, at, slope);
    if (responses !== null) this.respond(responses, slope);
    if (weight !== 0) for (let k = 0; k < block; k++) sum[k] = sum[k] + weight * slope[k];
    return this.stayed;
  }

  /** Rows of each body become what it makes of them. */
  private respond(responses: Float64Array, to: Float64Array): void {
    const { columns } = this;
    for (let i = 0, o = 0; i < responses.length; i += 9, o += 3 * columns)
      for (let k = 0; k < columns; k++) {
        const x = to[o + k];
        const y = to[o + columns + k];
        const z = to[o + 2 * columns + k];
        for (let a = 0; a < 3; a++)
          to[o + a * columns + k] =
            responses[i + 3 * a] * x + responses[i + 3 * a + 1] * y + responses[i + 3 * a + 2] * z;
      }
  }

  release(): void {
    const { dv, sum } = this;
    const block = this.problem.data.components * this.columns;
    for (let k = 0; k < block; k++) dv[k] = dv[k] + sum[k];
  }

  /** Adds factor x (sources + stiffness dq + damping dv) to `to`. Along a path there are sources alone. */
  private addLinear(factor: number, dv: Float64Array, to: Float64Array): void {
    const { linear, columns, flat } = this;
    const { forceGradient } = this.problem;
    const first = this.beside;
    for (let k = 0; k < linear.sources; k++) {
      const value = factor * linear.sourceValue[k];
      if (value === 0) continue;
      const row = linear.sourceRow[k];
      if (flat && row % 3 === 2) {
        this.stayed = false;
        continue;
      }
      const o = row * columns + first + linear.sourceCoefficient[k];
      to[o] = to[o] + value;
    }
    if (!forceGradient) return;
    const { stiffnessRow, stiffnessColumn, stiffnessValue } = linear;
    for (let k = 0; k < linear.stiffnesses; k++)
      this.addBlock(stiffnessRow[k], stiffnessColumn[k], factor * stiffnessValue[k], this.dq, to);
    const { dampingRow, dampingColumn, dampingValue } = linear;
    for (let k = 0; k < linear.dampings; k++)
      this.addBlock(dampingRow[k], dampingColumn[k], factor * dampingValue[k], dv, to);
  }

  /** Row of `to` += value x row of `from`, for every column. */
  private addBlock(
    row: number,
    column: number,
    value: number,
    from: Float64Array,
    to: Float64Array,
  ): void {
    if (value === 0) return;
    if (this.flat && (row % 3 === 2 || column % 3 === 2)) {
      // What lies across has no tangents, and only what lies across moves it.
      if (column % 3 !== 2) this.stayed = false;
      return;
    }
    const { columns } = this;
    const p = column * columns;
    const q = row * columns;
    for (let k = 0; k < columns; k++) to[q + k] = to[q + k] + value * from[p + k];
  }

  end(trajectory: number): void {
    const { partial, active, actives, columns, localMetric, localGradient } = this;
    const { residuals, starts } = this.problem;
    const { jacobian, rows, usedRows } = this;
    work.sensitivities++;
    normalMatrix(jacobian, columns, rows, usedRows, residuals(), localMetric, localGradient);
    if (starts.velocityWeight !== null)
      partial.eliminations.push(
        eliminateStart(localMetric, localGradient, columns, active.slice(0, actives), trajectory),
      );
    const size = partial.gradient.length;
    for (let i = 0; i < actives; i++) {
      const a = active[i];
      partial.gradient[a] = partial.gradient[a] + localGradient[i];
      for (let k = 0; k <= i; k++) {
        const o = a * size + active[k];
        partial.metric[o] = partial.metric[o] + localMetric[i * columns + k];
      }
    }
  }

  take(into: PartialEquations): void {
    into.metric.set(this.partial.metric);
    into.gradient.set(this.partial.gradient);
    into.eliminations.push(...this.partial.eliminations);
  }

  /** Keeps the position sensitivities as those of a record, weighted as its residuals are. */
  private keepRow(record: number): void {
    const { dq, jacobian, columns, trajectory } = this;
    const { weights, particles, records, components } = this.problem.data;
    const block = components * columns;
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
}
