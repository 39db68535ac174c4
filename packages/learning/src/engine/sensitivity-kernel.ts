import type { SplineBasis } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Chunk } from "../rollout/chunks.ts";
import { emptyEquations, type PartialEquations } from "../rollout/normal-equations.ts";
import { undeterminedStart } from "../rollout/start-elimination.ts";
import type { StartElimination, Starts } from "../rollout/starts.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import { PairProblem } from "./pair-problem.ts";

/** What a pass works on. */
export interface KernelPass {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly tangents: Schedule;
  readonly basis: SplineBasis;
  readonly curve: Float64Array;
  readonly starts: Starts;
  readonly tangentStep: number;
  readonly path: ((trajectory: number) => Float64Array) | undefined;
  readonly every: number;
}

/** As `SensitivityPass.eachChunk`, by kernels. */
export function equationsByKernel(
  module: PairModule,
  pass: KernelPass,
  chunks: readonly Chunk[],
  visit: (partial: PartialEquations) => void,
): void {
  const { data, schedule, tangents, basis, starts, path, every } = pass;
  const { size } = basis;
  const problem = new PairProblem(module, data, basis.cells, pass.curve, starts, tangents.kicks);
  const along = problem.addSchedule(tangents, { keep: true, path: path !== undefined });
  // A path's residuals are those of the tangents.
  const compared =
    tangents === schedule || path !== undefined
      ? null
      : problem.addSchedule(schedule, { keep: false });
  const area = new TangentArea(module, pass);
  const { arena, run } = module;
  const partial = emptyEquations(size);
  for (const { first, end } of chunks) {
    partial.sum = 0;
    partial.eliminations.length = 0;
    area.clear();
    for (let n = first; n < end; n += problem.group) {
      const count = Math.min(problem.group, end - n);
      problem.loadGroup(n * every, every, count);
      if (path !== undefined)
        for (let lane = 0; lane < count; lane++)
          problem.loadPath(along, lane, count, path((n + lane) * every));
      problem.roll(along, count);
      if (compared !== null) problem.roll(compared, count);
      for (let lane = 0; lane < count; lane++) {
        partial.sum += problem.sum(lane);
        work.kernelCalls++;
        work.sensitivities++;
        const trajectory = (n + lane) * every;
        const actives = run.equations(along.address, area.address, lane);
        if (actives < 0) throw undeterminedStart(trajectory);
        if (starts.velocityWeight !== null)
          partial.eliminations.push(area.elimination(trajectory, actives));
      }
    }
    const { floats } = arena;
    partial.metric.set(floats.subarray(area.metric >>> 3, (area.metric >>> 3) + size * size));
    partial.gradient.set(floats.subarray(area.gradient >>> 3, (area.gradient >>> 3) + size));
    visit(partial);
  }
}

/** Memory of the tangents of one trajectory and of the sums of a chunk. */
class TangentArea {
  readonly address: number;
  readonly metric: number;
  readonly gradient: number;
  private readonly module: PairModule;
  private readonly size: number;
  private readonly unknowns: number;
  private readonly active: number;
  private readonly factor: number;
  private readonly cross: number;

  constructor(
    module: PairModule,
    { data, tangents, basis, starts, tangentStep, path }: KernelPass,
  ) {
    const { arena, run } = module;
    const { size, cells } = basis;
    const { components, records, particles, dimension } = data;
    const free = starts.velocityWeight !== null;
    this.module = module;
    this.size = size;
    this.unknowns = free ? 2 * particles * dimension : 0;
    const { unknowns } = this;
    const columns = Math.ceil((size + unknowns) / 4) * 4;
    const given = arena.putFloats(basis.polynomials);
    const polynomials = arena.reserveFloats(16 * cells.count);
    run.transposePolynomials(cells.count, given, polynomials);
    const firstBasis = arena.putWords(basis.firstBasis);
    const mark = arena.reserve(size + 4);
    this.active = arena.reserveWords(size);
    const column = arena.reserveWords(size);
    const motion = arena.reserveFloats(4 * components * columns);
    const rows = (records + 1) * components;
    const jacobian = arena.reserveFloats(rows * columns);
    const rowResiduals = arena.reserveFloats(rows);
    const localMetric = arena.reserveFloats(columns * columns);
    const localGradient = arena.reserveFloats(columns);
    this.metric = arena.reserveFloats(size * size);
    this.gradient = arena.reserveFloats(size);
    this.factor = arena.reserveFloats(unknowns * unknowns + 4 * (unknowns + 2));
    const wide = Math.ceil(size / 4) * 4;
    this.cross = arena.reserveFloats(free ? (unknowns + wide) * wide : 0);
    const times = arena.reserveFloats(records);
    this.address = arena.reserve(112);
    const { uniform } = tangents;
    arena.words.set(
      [
        dimension,
        free ? 1 : 0,
        size,
        firstBasis,
        polynomials,
        mark,
        this.active,
        column,
        motion,
        jacobian,
        rowResiduals,
        localMetric,
        localGradient,
        this.metric,
        this.gradient,
        uniform?.stride ?? 0,
        tangentStep,
        path === undefined ? 1 : 0,
        this.factor,
        this.cross,
      ],
      this.address >>> 2,
    );
    arena.words[(this.address + 96) >>> 2] = times;
    arena.floats.set([uniform?.dt ?? 0, starts.velocityWeight ?? 0], (this.address >>> 3) + 10);
  }

  /** Begins the sums of a chunk. */
  clear(): void {
    const { floats } = this.module.arena;
    floats.fill(0, this.metric >>> 3, (this.metric >>> 3) + this.size * this.size);
    floats.fill(0, this.gradient >>> 3, (this.gradient >>> 3) + this.size);
  }

  /** What the last equations eliminated. */
  elimination(trajectory: number, actives: number): StartElimination {
    const { floats, words } = this.module.arena;
    const { unknowns } = this;
    const first = this.factor >>> 3;
    const factor = floats.slice(first, first + unknowns * unknowns);
    // The kernel leaves what was above the diagonal of an earlier trajectory; nothing reads it, and it should not differ.
    for (let i = 0; i < unknowns; i++) factor.fill(0, i * unknowns + i + 1, (i + 1) * unknowns);
    const right = floats.slice(first + unknowns * unknowns, first + unknowns * (unknowns + 1));
    const row = Math.ceil(actives / 4) * 4;
    const cross = new Float64Array(actives * unknowns);
    for (let c = 0; c < actives; c++)
      for (let i = 0; i < unknowns; i++)
        cross[c * unknowns + i] = floats[(this.cross >>> 3) + i * row + c];
    const active = words.slice(this.active >>> 2, (this.active >>> 2) + actives);
    return { trajectory, unknowns, factor, cross, right, active };
  }
}
