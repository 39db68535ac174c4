import type { SplineBasis } from "@mclnn/models/parts";
import type { TermSpec } from "@mclnn/physics/terms";
import { ROLLOUT, secondsOf, secondsOfTerms } from "../records/meter.ts";
import type { PathWeights } from "../records/path.ts";
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
import { follow, givenStarts, type StartElimination, type Starts } from "../rollout/starts.ts";
import { type CurvePrior, curvePriors } from "../terms/curve-priors.ts";
import { lawTerms } from "../terms/law-terms.ts";
import { groupsOf, type Threads, threadsFor } from "../threads/threads.ts";
import { type Addend, Addends, sizeOf, specsOf } from "./addends.ts";
import { addTo, gradientChunks } from "./adjoint.ts";
import { type EquationsProblem, equationsOfChunks, pathsOf } from "./equations.ts";
import { MixedMarch } from "./mixed-march.ts";
import { rolloutSum } from "./pair-rollout.ts";
import { reference } from "./reference.ts";

export type { NormalEquations } from "../rollout/normal-equations.ts";
export type { Addend } from "./addends.ts";
export { tangentStep } from "./tangent-step.ts";

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
  /** Coefficients of all terms beside the pair law, one after another. Default: each where it is absent. */
  readonly values?: Float64Array | undefined;
}

/** What other threads are told of a pass. */
interface EquationsArgs {
  readonly curve: Float64Array;
  readonly options: SensitivityOptions;
  readonly freeStarts: boolean;
  readonly specs: readonly TermSpec[];
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
  const { freeStarts, specs } = args;
  const terms = lawTerms(specs, data);
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts, tangents, terms });
  return equationsPart(pass, args);
}

/**
 * Sums the normal equations of the rollout loss by forward sensitivities of the splitting method to the coefficients: those of the spline,
 * then those of other terms.
 */
export class SensitivityPass {
  /** The schedule that sensitivities are propagated along. */
  readonly tangents: Schedule;
  /** Coefficients of the basis and of all terms: the size of the normal equations. */
  readonly size: number;
  readonly terms: readonly Addend[];
  private readonly curves: readonly CurvePrior[];
  private readonly data: TrainingData;
  private readonly given: Starts;
  private readonly schedule: Schedule;
  private readonly basis: SplineBasis;
  private readonly freeStarts: boolean;

  /**
   * @param freeStarts - whether start states will ever be unknowns
   * @param terms - beside the pair law; their coefficients follow those of the basis
   * @param tangents - a cheaper schedule over the same records for the sensitivities; residuals are always those of `schedule`. Gauss-Newton
   * then converges as fast as the two schedules agree
   */
  constructor(
    data: TrainingData,
    schedule: Schedule,
    basis: SplineBasis,
    {
      freeStarts = false,
      terms = [],
      tangents = schedule,
    }: { freeStarts?: boolean; terms?: readonly Addend[]; tangents?: Schedule } = {},
  ) {
    this.size = basis.size + sizeOf(terms);
    this.terms = terms;
    this.curves = curvePriors(terms, basis.size);
    this.freeStarts = freeStarts;
    this.data = data;
    this.schedule = schedule;
    this.basis = basis;
    this.tangents = tangents;
    this.given = givenStarts(data);
  }

  /** Loss of a curve alone, with terms at their values. */
  loss(curve: Float64Array, starts: Starts = this.given, values?: Float64Array): number {
    const { data, schedule, basis, terms } = this;
    const sum = rolloutSum(data, schedule, basis.cells, curve, starts, { terms, values });
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
    this.spend(
      used,
      this.size + (this.freeStarts ? 2 * this.data.particles * this.data.dimension : 0),
    );
    const total = emptyEquations(this.size);
    const chunks = chunksOf(used);
    // Threads that other passes over these data are worth are at hand for a part of them, too.
    const threads = threadsFor(this.data, this.tangents, this.data.trajectories);
    const specs = specsOf(this.terms);
    if (threads === null || specs === null)
      this.eachChunk(curve, options, chunks, (chunk) => addEquations(total, chunk));
    else
      for (const partials of this.divided(threads, specs, curve, options, chunks))
        for (const partial of partials) addEquations(total, partial);
    return this.completed(total, options);
  }

  /** What tangents of so many trajectories cost, and the rollouts that they are about. */
  private spend(trajectories: number, columns: number): void {
    const { data, tangents, schedule, terms } = this;
    const { pairs, meter } = data;
    const kicks = trajectories * tangents.kicks;
    meter?.spend(secondsOfTerms(kicks, data, terms, true));
    meter?.spend(secondsOf({ trajectories, kicks: tangents.kicks, pairs, columns }));
    meter?.spend(secondsOf({ trajectories, kicks: schedule.kicks, pairs, columns: ROLLOUT }));
  }

  private divided(
    threads: Threads,
    specs: readonly TermSpec[],
    curve: Float64Array,
    options: SensitivityOptions,
    chunks: readonly Chunk[],
  ): PartialEquations[][] {
    const { data, schedule, tangents, basis, freeStarts } = this;
    const groups = groupsOf(chunks, threads);
    const args: EquationsArgs = { curve, options, freeStarts, specs, groups };
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
  chordEquations(
    before: NormalEquations,
    curve: Float64Array,
    starts: Starts,
    values?: Float64Array,
  ): NormalEquations {
    const { data, schedule, basis, terms } = this;
    const { cells, firstBasis, polynomials } = basis;
    const { components } = data;
    // Rollouts, and back.
    this.spend(data.trajectories, 2 * ROLLOUT);
    const ofCurve = new Float64Array(curve.length);
    const gradient = new Float64Array(this.size);
    const ofTerms = gradient.subarray(basis.size);
    const beside = { terms, values };
    const eliminations: StartElimination[] = [];
    let sum = 0;
    for (const own of gradientChunks({ data, schedule, cells, starts, beside }, curve, 1)) {
      sum += own.sum;
      addTo(ofCurve, own.gradient);
      addTo(ofTerms, own.beside);
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
    equationsOfChunks(this.problem(curve, options), chunks, visit);
  }

  private problem(
    curve: Float64Array,
    { every = 1, tangentStep = 1, starts = this.given, along, values }: SensitivityOptions,
  ): EquationsProblem {
    const { data, schedule, tangents, basis, terms } = this;
    const path = along === undefined ? undefined : pathsOf(data, tangents, along);
    const beside = { terms, values };
    return { data, schedule, tangents, basis, curve, starts, tangentStep, path, every, beside };
  }

  /** Normal equations from the sum over all chunks. */
  completed(
    { metric, gradient, sum, eliminations }: PartialEquations,
    { every = 1, starts = this.given }: SensitivityOptions,
  ): NormalEquations {
    const { data, size, curves } = this;
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
      ...(curves.length > 0 && { curves }),
      meter: data.meter,
    };
  }

  /**
   * Exact Jacobian of one trajectory's residuals in the coefficients, and in its start state when that is free; for tests.
   *
   * @returns [(records + 1) x components x (size + unknowns of the start)], rows as the residuals of a rollout
   */
  jacobianOf(
    curve: Float64Array,
    trajectory: number,
    starts: Starts = this.given,
    values?: Float64Array,
  ): Float64Array {
    const { data, tangents: schedule, basis, terms } = this;
    const { cells } = basis;
    const group = reference.open({ data, cells, curve, starts, keptKicks: schedule.kicks });
    const addends = new Addends({ terms, values }, data);
    const mixed = new MixedMarch(data, addends);
    const march = group.march(schedule, { keep: true, affine: mixed.affine });
    const tangents = group.tangents({
      along: march,
      basis,
      beside: addends.size,
      mixed: mixed.byEvents,
      affine: mixed.affine,
      tangentStep: 1,
      forceGradient: true,
    });
    group.load(trajectory, 1, 1);
    mixed.roll(march, { first: trajectory, step: 1, count: 1 }, 1);
    mixed.propagate(tangents, { march, lane: 0, trajectory, tangentStep: 1 });
    const { jacobian, active, actives, columns } = tangents;
    const rows = (data.records + 1) * data.components;
    const width = this.size + columns - actives;
    const out = new Float64Array(rows * width);
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < columns; c++)
        out[row * width + (c < actives ? active[c] : this.size + c - actives)] =
          jacobian[row * columns + c];
    return out;
  }

  /** Residuals of one trajectory, row by row as those of a rollout. [(records + 1) x components] */
  residualsOf(
    curve: Float64Array,
    trajectory: number,
    starts: Starts = this.given,
    values?: Float64Array,
  ): Float64Array {
    const { data, schedule, basis, terms } = this;
    const group = reference.open({ data, cells: basis.cells, curve, starts, keptKicks: 0 });
    const mixed = new MixedMarch(data, new Addends({ terms, values }, data));
    const march = group.march(schedule, { keep: false, affine: mixed.affine });
    group.load(trajectory, 1, 1);
    mixed.roll(march, { first: trajectory, step: 1, count: 1 }, 0);
    const out = new Float64Array((data.records + 1) * data.components);
    group.copyResiduals(0, out);
    return out;
  }
}
