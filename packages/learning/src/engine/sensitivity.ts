import type { SplineBasis } from "@mclnn/models/parts";
import { normalMatrix } from "../algebra/normal-matrix.ts";
import { interpolatePath, type PathWeights } from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Chunk, chunksOf } from "../rollout/chunks.ts";
import {
  addEquations,
  copyOfEquations,
  emptyEquations,
  type NormalEquations,
  type PartialEquations,
} from "../rollout/normal-equations.ts";
import { eliminateStart } from "../rollout/start-elimination.ts";
import { follow, givenStarts, type StartElimination, type Starts } from "../rollout/starts.ts";
import { groupsOf, type Threads, threadsFor } from "../threads/threads.ts";
import { pairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import { gradientChunks } from "./adjoint.ts";
import {
  createRolloutScratch,
  type RolloutScratch,
  rolloutSum,
  rollPairs,
} from "./pair-rollout.ts";
import { equationsByKernel } from "./sensitivity-kernel.ts";
import { type ExtraUnknowns, PairTangents } from "./tangents.ts";

export type { NormalEquations } from "../rollout/normal-equations.ts";
export { tangentStep } from "./tangent-step.ts";
export type { ExtraUnknowns, KickState } from "./tangents.ts";

export interface SensitivityOptions {
  /**
   * Substeps between two applications of the force gradient to the sensitivities, for uniform schedules; divides the stride.
   * 1 is exact; more is cheaper, and enough where the step still resolves the fastest oscillation (see `tangentStep`).
   */
  readonly tangentStep?: number;
  /** Look separations up along paths through the records, at the events of the tangents, and leave the force gradient out (one-shot fit). */
  readonly along?: PathWeights;
  /** Use every n-th trajectory. */
  readonly every?: number;
  /** Default: as given in the data. */
  readonly starts?: Starts;
}

/** Positions at the events along the path of a trajectory; overwritten by the next one's. */
type PathOf = (trajectory: number) => Float64Array;

/** What other threads are told of a pass. */
interface EquationsArgs {
  readonly curve: Float64Array;
  readonly options: SensitivityOptions;
  readonly freeStarts: boolean;
  readonly groups: readonly (readonly Chunk[])[];
}

function equationsPart(
  pass: SensitivityPass,
  { curve, options, groups }: EquationsArgs,
): (part: number) => PartialEquations[] {
  return (part) => {
    const out: PartialEquations[] = [];
    pass.eachChunk(curve, options, groups[part], (partial) => {
      out.push(copyOfEquations(partial));
    });
    return out;
  };
}

/** Normal equations of groups of chunks, for any thread. */
export function equationsTask(
  {
    data,
    schedule,
    tangents,
    basis,
  }: { data: TrainingData; schedule: Schedule; tangents: Schedule; basis: SplineBasis },
  args: EquationsArgs,
): (part: number) => PartialEquations[] {
  const { freeStarts } = args;
  return equationsPart(new SensitivityPass(data, schedule, basis, { freeStarts, tangents }), args);
}

/**
 * Sums the normal equations of the rollout loss by forward sensitivities of the splitting method to the spline coefficients.
 *
 * By kernels where there are any, else by plain TypeScript, with the same bits; extra unknowns always take the latter.
 */
export class SensitivityPass {
  /** The schedule that sensitivities are propagated along. */
  readonly tangents: Schedule;
  /** Coefficients of the basis and extra unknowns: the size of the normal equations. */
  readonly size: number;
  private readonly data: TrainingData;
  private readonly given: Starts;
  private readonly schedule: Schedule;
  private readonly basis: SplineBasis;
  private readonly freeStarts: boolean;
  private readonly extra: ExtraUnknowns | null;
  private own: Reference | null = null;

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
    this.size = basis.size + (extra?.count ?? 0);
    this.extra = extra;
    this.freeStarts = freeStarts;
    this.data = data;
    this.schedule = schedule;
    this.basis = basis;
    this.tangents = tangents;
    this.given = givenStarts(data);
  }

  /** Loss of a curve alone. */
  loss(curve: Float64Array, starts: Starts = this.given): number {
    const { data, schedule, basis } = this;
    const sum = rolloutSum(data, schedule, basis.cells, curve, starts, this.own?.compared);
    return sum / this.counted(1, starts);
  }

  /** Position components observed in every n-th trajectory. */
  private counted(every: number, { velocityWeight }: Starts): number {
    const { trajectories, residualCounts, startCounts } = this.data;
    let count = 0;
    for (let t = 0; t < trajectories; t += every)
      count += residualCounts[t] + (velocityWeight === null ? 0 : startCounts[t]);
    return count;
  }

  /** Normal equations about `curve` in the coefficients of the basis. */
  normalEquations(curve: Float64Array, options: SensitivityOptions = {}): NormalEquations {
    const used = Math.ceil(this.data.trajectories / (options.every ?? 1));
    const total = emptyEquations(this.size);
    const chunks = chunksOf(used);
    // Threads that other passes over these data are worth are at hand for a part of them, too.
    const threads =
      this.extra === null ? threadsFor(this.data, this.tangents, this.data.trajectories) : null;
    if (threads === null)
      this.eachChunk(curve, options, chunks, (chunk) => addEquations(total, chunk));
    else
      for (const partials of this.divided(threads, curve, options, chunks))
        for (const partial of partials) addEquations(total, partial);
    return this.completed(total, options);
  }

  private divided(
    threads: Threads,
    curve: Float64Array,
    options: SensitivityOptions,
    chunks: readonly Chunk[],
  ): PartialEquations[][] {
    const { data, schedule, tangents, basis, freeStarts } = this;
    const groups = groupsOf(chunks, threads);
    const args: EquationsArgs = { curve, options, freeStarts, groups };
    return threads.divide({
      task: "normal equations",
      shared: { data, schedule, tangents, basis },
      args,
      parts: groups.length,
      own: equationsPart(this, args),
    });
  }

  /**
   * Normal equations about another point with the sensitivities of one before it (the chord method): residuals and gradient are exact, the
   * metric and how start states follow are those of `before`. Costs as much as a rollout or two, however many columns there are.
   *
   * @param before - about free starts
   */
  chordEquations(before: NormalEquations, curve: Float64Array, starts: Starts): NormalEquations {
    const { data, schedule, basis } = this;
    const { cells, firstBasis, polynomials } = basis;
    const { components } = data;
    const ofCurve = new Float64Array(curve.length);
    const gradient = new Float64Array(this.size);
    const eliminations: StartElimination[] = [];
    let sum = 0;
    for (const own of gradientChunks({ data, schedule, cells, starts }, curve, 1)) {
      sum += own.sum;
      own.gradient.forEach((x, k) => {
        ofCurve[k] = ofCurve[k] + x;
      });
      const ofStarts = own.starts as Float64Array;
      for (let o = 0; o < ofStarts.length; o += 2 * components)
        eliminations.push(
          follow(
            data,
            before.eliminations[eliminations.length],
            ofStarts.subarray(o, o + 2 * components),
          ),
        );
    }
    for (let k = 0; k < cells.count; k++)
      for (let e = 0; e < 4; e++) {
        const b = firstBasis[k] + e;
        for (let m = 0; m < 4; m++)
          gradient[b] = gradient[b] + polynomials[16 * k + 4 * e + m] * ofCurve[4 * k + m];
      }
    for (const { active, unknowns, cross, right } of eliminations)
      active.forEach((b, c) => {
        let s = 0;
        for (let i = 0; i < unknowns; i++) s += cross[c * unknowns + i] * right[i];
        gradient[b] = gradient[b] - s;
      });
    return { ...before, gradient, sum, loss: sum / before.residuals, eliminations };
  }

  /**
   * What each of some chunks adds to the normal equations, in the order of the chunks. All chunks of `chunksOf(trajectories used)`, added with
   * `addEquations` in their order, are the normal equations, wherever each of them was made.
   *
   * @param visit - its argument is overwritten by the next chunk
   */
  eachChunk(
    curve: Float64Array,
    options: SensitivityOptions,
    chunks: readonly Chunk[],
    visit: (partial: PartialEquations) => void,
  ): void {
    const { every = 1, tangentStep = 1, starts = this.given } = options;
    const path = this.pathsOf(options);
    const module = this.extra === null ? pairModule() : null;
    if (module !== null) {
      const { data, schedule, tangents, basis } = this;
      const pass = { data, schedule, tangents, basis, curve, starts, tangentStep, path, every };
      equationsByKernel(module, pass, chunks, (partial) => {
        visit(partial);
        data.watch?.();
      });
      return;
    }
    const partial = emptyEquations(this.size);
    for (const { first, end } of chunks) {
      partial.metric.fill(0);
      partial.gradient.fill(0);
      partial.sum = 0;
      partial.eliminations.length = 0;
      for (let n = first; n < end; n++) {
        this.addTrajectory(curve, options, path, n * every, partial);
        this.data.watch?.();
      }
      visit(partial);
    }
  }

  private pathsOf({ along }: SensitivityOptions): PathOf | undefined {
    if (along === undefined) return undefined;
    const { data, tangents } = this;
    const line = new Float64Array(tangents.events * data.components);
    return (trajectory) => interpolatePath(data, along, trajectory, line);
  }

  /** Normal equations from the sum over all chunks. */
  completed(
    { metric, gradient, sum, eliminations }: PartialEquations,
    { every = 1, starts = this.given }: SensitivityOptions,
  ): NormalEquations {
    const { data, size } = this;
    for (let i = 0; i < size; i++)
      for (let k = 0; k < i; k++) metric[k * size + i] = metric[i * size + k];
    const residuals = this.counted(every, starts);
    const used = Math.ceil(data.trajectories / every);
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

  private addTrajectory(
    curve: Float64Array,
    { tangentStep = 1, starts = this.given }: SensitivityOptions,
    path: PathOf | undefined,
    t: number,
    partial: PartialEquations,
  ): void {
    const { data, schedule, tangents, basis, size } = this;
    const { rollout, compared, pairTangents, localMetric, localGradient } = this.reference();
    const along = rollPairs(data, tangents, basis.cells, curve, starts, t, rollout, {
      path: path === undefined ? null : path(t),
      keep: true,
    });
    if (compared === rollout || path !== undefined) partial.sum += along;
    else {
      partial.sum += rollPairs(data, schedule, basis.cells, curve, starts, t, compared, {
        keep: false,
      });
      rollout.residuals.set(compared.residuals);
    }
    work.sensitivities++;
    const free = starts.velocityWeight !== null;
    const actives = pairTangents.findActive();
    const columns = actives + (free ? 2 * data.particles * data.dimension : 0);
    pairTangents.propagate(t, actives, columns, {
      starts,
      tangentStep,
      forceGradient: path === undefined,
    });
    const { jacobian, rows, usedRows } = pairTangents;
    normalMatrix(jacobian, columns, rows, usedRows, rollout.residuals, localMetric, localGradient);
    const active = pairTangents.active.subarray(0, actives);
    if (free)
      partial.eliminations.push(
        eliminateStart(localMetric, localGradient, columns, active.slice(), t),
      );
    for (let i = 0; i < actives; i++) {
      const a = active[i];
      partial.gradient[a] = partial.gradient[a] + localGradient[i];
      for (let k = 0; k <= i; k++) {
        const o = a * size + active[k];
        partial.metric[o] = partial.metric[o] + localMetric[i * columns + k];
      }
    }
  }

  /**
   * Exact Jacobian of one trajectory's residuals in the coefficients, and in its start state when that is free; for tests.
   *
   * @returns [(records + 1) x components x (size + unknowns of the start)], rows as the residuals of a rollout
   */
  jacobianOf(curve: Float64Array, trajectory: number, starts: Starts = this.given): Float64Array {
    const { data, tangents, basis } = this;
    const { rollout, pairTangents } = this.reference();
    rollPairs(data, tangents, basis.cells, curve, starts, trajectory, rollout, { keep: true });
    const actives = pairTangents.findActive();
    const unknowns = starts.velocityWeight === null ? 0 : 2 * data.particles * data.dimension;
    const columns = actives + unknowns;
    pairTangents.propagate(trajectory, actives, columns, {
      starts,
      tangentStep: 1,
      forceGradient: true,
    });
    const { jacobian, active } = pairTangents;
    const rows = (data.records + 1) * data.components;
    const width = this.size + unknowns;
    const out = new Float64Array(rows * width);
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < columns; c++)
        out[row * width + (c < actives ? active[c] : this.size + c - actives)] =
          jacobian[row * columns + c];
    return out;
  }

  /** Residuals of one trajectory, row by row as those of a rollout. [(records + 1) x components] */
  residualsOf(curve: Float64Array, trajectory: number, starts: Starts = this.given): Float64Array {
    const { data, schedule, basis } = this;
    const { compared } = this.reference();
    rollPairs(data, schedule, basis.cells, curve, starts, trajectory, compared, { keep: false });
    return compared.residuals.slice();
  }

  /** Memory of the reference, taken when it is first needed. */
  private reference(): Reference {
    if (this.own !== null) return this.own;
    const { data, schedule, tangents, basis, freeStarts, extra } = this;
    const rollout = createRolloutScratch(data, tangents, { keepStates: extra !== null });
    const columns = this.size + (freeStarts ? 2 * data.particles * data.dimension : 0);
    this.own = {
      rollout,
      compared: tangents === schedule ? rollout : createRolloutScratch(data, schedule),
      pairTangents: new PairTangents(data, tangents, basis, rollout, { freeStarts, extra }),
      localMetric: new Float64Array(columns * columns),
      localGradient: new Float64Array(columns),
    };
    return this.own;
  }
}

interface Reference {
  /** Of the rollouts along which sensitivities are propagated, and of those that are compared with the records. */
  readonly rollout: RolloutScratch;
  readonly compared: RolloutScratch;
  readonly pairTangents: PairTangents;
  readonly localMetric: Float64Array;
  readonly localGradient: Float64Array;
}
