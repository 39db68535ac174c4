import type { SplineBasis } from "@mclnn/models/parts";
import type { Linear } from "@mclnn/physics/terms";
import type { TrainingData } from "../records/training-data.ts";
import type { PartialEquations } from "../rollout/normal-equations.ts";
import { undeterminedStart } from "../rollout/start-elimination.ts";
import type { StartElimination, Starts } from "../rollout/starts.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import type { TangentProblem, Tangents } from "./group.ts";
import { kicksOfSteps } from "./tangent-step.ts";
import { putMaps } from "./wasm-affine.ts";
import type { WasmMarch } from "./wasm-march.ts";
import { Tape } from "./wasm-tape.ts";

export interface WasmTangentProblem extends TangentProblem {
  readonly data: TrainingData;
  readonly starts: Starts;
}

/** Words and numbers of the description of tangents, and blocks of columns: of positions, velocities and two sources, or with four of held kicks. */
const BYTES = 128;
const PLANAR = 104;
const BLOCKS = 4;
const BLOCKS_BESIDE = 8;

/** Memory of the tangents of one trajectory and of the sums of a chunk, and the kernels that work on it. */
export class WasmTangents implements Tangents {
  private readonly module: PairModule;
  /** Null where there are no other terms. */
  private readonly tape: Tape | null;
  private readonly along: number;
  private readonly planar: boolean;
  private readonly size: number;
  private readonly unknowns: number;
  private readonly address: number;
  private readonly metric: number;
  private readonly gradient: number;
  private readonly active: number;
  private readonly factor: number;
  private readonly cross: number;
  private readonly responses: number;
  private readonly eliminations: StartElimination[] = [];

  constructor(module: PairModule, problem: WasmTangentProblem) {
    const { data, starts, along, basis, beside, mixed, affine } = problem;
    const { arena } = module;
    const { components, records, particles, dimension } = data;
    const free = starts.velocityWeight !== null;
    const size = basis.size + beside;
    const unknowns = free ? 2 * particles * dimension : 0;
    this.module = module;
    this.along = (along as WasmMarch).address;
    this.size = size;
    this.unknowns = unknowns;
    const columns = Math.ceil((size + unknowns) / 4) * 4;
    const { firstBasis, polynomials } = putBasis(module, basis);
    const mark = arena.reserve(basis.size + 4);
    this.active = arena.reserveWords(size);
    const column = arena.reserveWords(basis.size);
    const blocks = mixed || affine !== null ? BLOCKS_BESIDE : BLOCKS;
    const motion = arena.reserveFloats(blocks * components * columns);
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
    this.address = arena.reserve(BYTES);
    this.responses = arena.reserveFloats(mixed ? 3 * components : 0);
    this.tape = mixed ? new Tape(arena) : null;
    const { uniform } = along.schedule;
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
        problem.tangentStep,
        problem.forceGradient ? 1 : 0,
        this.factor,
        this.cross,
      ],
      this.address >>> 2,
    );
    const kicks = kicksOfSteps(along.schedule, problem.tangentStep);
    const maps = affine === null ? 0 : putMaps(module, affine, kicks);
    const affinely = [affine?.flows, affine?.pulls].map((is) => (is === true ? 1 : 0));
    this.planar = affine?.planar ?? true;
    arena.words.set(
      [times, beside, this.planar ? 1 : 0, maps, ...affinely],
      (this.address + 96) >>> 2,
    );
    arena.floats.set([uniform?.dt ?? 0, starts.velocityWeight ?? 0], (this.address >>> 3) + 10);
  }

  get linear(): Linear {
    return this.told().linear;
  }

  private told(): Tape {
    // Only terms tell, and where there are any there is a tape.
    return this.tape as Tape;
  }

  clear(): void {
    const { floats } = this.module.arena;
    floats.fill(0, this.metric >>> 3, (this.metric >>> 3) + this.size * this.size);
    floats.fill(0, this.gradient >>> 3, (this.gradient >>> 3) + this.size);
    this.eliminations.length = 0;
  }

  equations(lane: number, trajectory: number): void {
    this.module.arena.words[(this.address + PLANAR) >>> 2] = this.planar ? 1 : 0;
    this.ended(this.module.run.equations(this.along, this.address, lane), trajectory);
  }

  begin(lane: number, _trajectory: number, planar: boolean): number {
    this.module.arena.words[(this.address + PLANAR) >>> 2] = planar ? 1 : 0;
    return this.module.run.beginTangents(this.along, this.address, lane);
  }

  step(step: number): void {
    this.module.run.stepTangents(step);
  }

  drift(step: number): void {
    this.module.run.driftTangents(step);
  }

  apply(factor: number, held: boolean): boolean {
    return this.module.run.apply(this.told().written(), factor, held ? 1 : 0) !== 0;
  }

  hold(step: number): void {
    this.module.run.holdKick(step);
  }

  stage(factor: number, share: number, weight: number, responses: Float64Array | null): boolean {
    const { arena, run } = this.module;
    const tape = this.told().written();
    if (responses !== null) arena.floats.set(responses, this.responses >>> 3);
    return (
      run.stageKick(tape, factor, share, weight, responses === null ? 0 : this.responses) !== 0
    );
  }

  release(): void {
    this.module.run.releaseKick();
  }

  end(trajectory: number): void {
    this.ended(this.module.run.endTangents(), trajectory);
  }

  private ended(actives: number, trajectory: number): void {
    work.kernelCalls++;
    work.sensitivities++;
    if (actives < 0) throw undeterminedStart(trajectory);
    if (this.unknowns > 0) this.eliminations.push(this.elimination(trajectory, actives));
  }

  take(into: PartialEquations): void {
    const { floats } = this.module.arena;
    const { size } = this;
    const metric = this.metric >>> 3;
    const gradient = this.gradient >>> 3;
    into.metric.set(floats.subarray(metric, metric + size * size));
    into.gradient.set(floats.subarray(gradient, gradient + size));
    into.eliminations.push(...this.eliminations);
  }

  /** What the last equations eliminated. */
  private elimination(trajectory: number, actives: number): StartElimination {
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

/** Puts the polynomials of a basis where the kernels read them, power by power. */
function putBasis(
  { arena, run }: PairModule,
  { polynomials, firstBasis, cells }: SplineBasis,
): { readonly firstBasis: number; readonly polynomials: number } {
  const given = arena.putFloats(polynomials);
  const transposed = arena.reserveFloats(16 * cells.count);
  run.transposePolynomials(cells.count, given, transposed);
  return { firstBasis: arena.putWords(firstBasis), polynomials: transposed };
}
