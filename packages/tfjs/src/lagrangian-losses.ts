import {
  type AccelerationPoints,
  checkAccelerationPoints,
  checkTrajectorySet,
  type TrajectorySet,
} from "@mclnn/datasets";
import type { Objective } from "@mclnn/learning/parts";
import { checkArgument } from "@mclnn/physics/arguments";
import { checkLagrangian, type TfjsLagrangian } from "./lagrangian.ts";
import type { SolvedMotion } from "./lagrangian-function.ts";

/** Mean squared acceleration error of a Lagrangian, its gradient through the linear solve by the adjoint of that solve. */
export class LagrangianAccelerationLoss implements Objective {
  readonly size: number;
  private readonly lagrangian: TfjsLagrangian;
  private readonly points: AccelerationPoints;

  constructor(lagrangian: TfjsLagrangian, points: AccelerationPoints) {
    checkLagrangian(lagrangian);
    checkAccelerationPoints("points", points);
    this.lagrangian = lagrangian;
    this.points = points;
    this.size = lagrangian.parameterCount;
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    const { motion, backend } = this.lagrangian.internals;
    const { positions, velocities, accelerations } = this.points;
    return backend.run(() => {
      motion.parameters.write(parameters);
      const solved = solvedOrNull(motion, positions, velocities);
      if (solved === null) return Number.NaN;
      const size = accelerations.length;
      let loss = 0;
      const lambda = new Float64Array(size);
      for (let k = 0; k < size; k++) {
        const d = (solved.accelerations[k] as number) - (accelerations[k] as number);
        loss += (d * d) / size;
        lambda[k] = (2 * d) / size;
      }
      if (gradient !== undefined) {
        gradient.fill(0);
        motion.pullback(positions, velocities, solved, lambda, gradient);
      }
      return loss;
    });
  }
}

/** Nodes and weights of classical Runge-Kutta. */
const NODES = [0, 0.5, 0.5, 1];
const WEIGHTS = [1 / 6, 1 / 3, 1 / 3, 1 / 6];

interface Stage {
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly solved: SolvedMotion;
}

/**
 * Mean squared position error of a Lagrangian's rollouts by classical Runge-Kutta (Eq. 6), its gradient by the discrete adjoint of the method.
 *
 * All trajectories go together: tfjs is asked once a stage forwards and once backwards.
 */
export class LagrangianRolloutLoss implements Objective {
  readonly size: number;
  private readonly lagrangian: TfjsLagrangian;
  private readonly set: TrajectorySet;
  private readonly substeps: number;

  constructor(lagrangian: TfjsLagrangian, set: TrajectorySet, substeps: number) {
    checkLagrangian(lagrangian);
    checkTrajectorySet("set", set);
    checkArgument("substeps", substeps, "count");
    this.lagrangian = lagrangian;
    this.set = set;
    this.substeps = substeps;
    this.size = lagrangian.parameterCount;
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    return this.lagrangian.internals.backend.run(() => this.rollout(parameters, gradient));
  }

  private rollout(parameters: Float64Array, gradient: Float64Array | undefined): number {
    const { motion } = this.lagrangian.internals;
    const { records, times, trajectories } = this.set;
    motion.parameters.write(parameters);
    const n = motion.coordinates;
    const size = trajectories * n;
    const counted = size * (records - 1);
    const q = this.frame(0, "positions");
    const v = this.frame(0, "velocities");
    const tape: Stage[] = [];
    const residuals: Float64Array[] = [];
    let loss = 0;
    for (let record = 1; record < records; record++) {
      const h = this.stepBefore(times, record);
      for (let s = 0; s < this.substeps; s++) if (!this.step(q, v, h, tape)) return Number.NaN;
      const target = this.frame(record, "positions");
      const residual = q.map((x, k) => x - (target[k] as number));
      for (const d of residual) loss += (d * d) / counted;
      residuals.push(residual);
    }
    if (gradient === undefined || !Number.isFinite(loss)) return loss;
    gradient.fill(0);
    const lambdaQ = new Float64Array(size);
    const lambdaV = new Float64Array(size);
    for (let record = records - 1; record >= 1; record--) {
      const residual = residuals[record - 1] as Float64Array;
      addTo(lambdaQ, residual, 2 / counted);
      const h = this.stepBefore(times, record);
      for (let s = this.substeps - 1; s >= 0; s--) {
        const first = 4 * ((record - 1) * this.substeps + s);
        this.reverse(tape.slice(first, first + 4), h, lambdaQ, lambdaV, gradient);
      }
    }
    return loss;
  }

  private stepBefore(times: Float64Array, record: number): number {
    return ((times[record] as number) - (times[record - 1] as number)) / this.substeps;
  }

  /** Positions or velocities of all trajectories at one record. [trajectories x n] */
  private frame(record: number, what: "positions" | "velocities"): Float64Array {
    const { trajectories, records, particles, dimension } = this.set;
    const values = this.set[what] as Float64Array;
    const n = particles * dimension;
    const out = new Float64Array(trajectories * n);
    for (let t = 0; t < trajectories; t++) {
      const first = (t * records + record) * n;
      out.set(values.subarray(first, first + n), t * n);
    }
    return out;
  }

  /** Advances q and v in place; false where the motion cannot go on. */
  private step(q: Float64Array, v: Float64Array, h: number, tape: Stage[]): boolean {
    const { motion } = this.lagrangian.internals;
    const [sumQ, sumV] = [q.slice(), v.slice()];
    let before: Stage | null = null;
    for (let s = 0; s < 4; s++) {
      const [qs, vs] = [q.slice(), v.slice()];
      if (before !== null) {
        addTo(qs, before.v, (NODES[s] as number) * h);
        addTo(vs, before.solved.accelerations, (NODES[s] as number) * h);
      }
      const solved = solvedOrNull(motion, qs, vs);
      if (solved === null) return false;
      before = { q: qs, v: vs, solved };
      tape.push(before);
      addTo(sumQ, vs, (WEIGHTS[s] as number) * h);
      addTo(sumV, solved.accelerations, (WEIGHTS[s] as number) * h);
    }
    q.set(sumQ);
    v.set(sumV);
    return true;
  }

  /** Adjoint of one step; lambdaQ and lambdaV change in place. */
  private reverse(
    stages: readonly Stage[],
    h: number,
    lambdaQ: Float64Array,
    lambdaV: Float64Array,
    gradient: Float64Array,
  ): void {
    const { motion } = this.lagrangian.internals;
    const velocityBars = stages.map((_, s) => scaled(lambdaQ, (WEIGHTS[s] as number) * h));
    const accelerationBars = stages.map((_, s) => scaled(lambdaV, (WEIGHTS[s] as number) * h));
    const state = { q: new Float64Array(lambdaQ.length), v: new Float64Array(lambdaQ.length) };
    for (let s = 3; s >= 0; s--) {
      const { q, v, solved } = stages[s] as Stage;
      const bar = velocityBars[s] as Float64Array;
      motion.pullback(q, v, solved, accelerationBars[s] as Float64Array, gradient, state);
      addTo(bar, state.v, 1);
      addTo(lambdaQ, state.q, 1);
      addTo(lambdaV, bar, 1);
      if (s === 0) continue;
      addTo(velocityBars[s - 1] as Float64Array, state.q, (NODES[s] as number) * h);
      addTo(accelerationBars[s - 1] as Float64Array, bar, (NODES[s] as number) * h);
    }
  }
}

/** The motion, or null where the weights of this moment do not determine it: an optimiser steps back from such. */
function solvedOrNull(
  motion: TfjsLagrangian["internals"]["motion"],
  q: Float64Array,
  v: Float64Array,
): SolvedMotion | null {
  try {
    return motion.solve(q, v);
  } catch (error) {
    if ((error as { code?: string }).code === "singular-lagrangian") return null;
    throw error;
  }
}

function addTo(out: Float64Array, x: Float64Array, factor: number): void {
  for (let k = 0; k < out.length; k++) out[k] = (out[k] as number) + factor * (x[k] as number);
}

function scaled(x: Float64Array, factor: number): Float64Array {
  return x.map((y) => y * factor);
}
