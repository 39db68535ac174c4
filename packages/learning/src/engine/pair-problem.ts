import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";

/** Lanes of the kernels: two vectors of two trajectories. */
const LANES = 4;
/** Bytes that assembly/pair/rollout.ts lays out: a look-up of two lanes, a cell, a pair, a law. */
const LOOKUP_BYTES = 112;
const CELL_BYTES = 48;
const PAIR_BYTES = 32;
const LAW_BYTES = 32;
/** Numbers that are copied one by one. */
const FEW = 64;
/** Kept look-ups above this take two trajectories at a time instead of four. */
const LARGE_LOOKUPS = 2 ** 26;

/** A schedule as a kernel reads it, and what its rollouts of a group leave. */
export interface GroupRollout {
  /** Address of its description. */
  readonly address: number;
  readonly kicks: number;
  /** Positions of a path at every event, where look-ups follow one. [lanes x events x components] */
  readonly path: number;
}

/**
 * Trajectories and a curve laid out in the memory of the pair kernels, group by group.
 *
 * One at a time: the next one takes the memory.
 */
export class PairProblem {
  readonly module: PairModule;
  /** Trajectories of a group: 4, or 2 where look-ups are too many to keep for 4. */
  readonly group: number;
  private readonly data: TrainingData;
  private readonly starts: Starts;
  private readonly duos: number;
  private readonly pairTable: number;
  private readonly cellTable: number;
  private readonly startPositions: number;
  private readonly startVelocities: number;
  private readonly givenVelocities: number;
  private readonly velocityWeight: number;
  private readonly positions: number;
  private readonly weights: number;
  private readonly residuals: number;
  private readonly sums: number;

  /**
   * @param curve - [4 x cells]
   * @param keptKicks - force evaluations whose look-ups will be kept; 0 for none
   */
  constructor(
    module: PairModule,
    data: TrainingData,
    cells: Cells,
    curve: Float64Array,
    starts: Starts,
    keptKicks: number,
  ) {
    const { run, arena } = module;
    arena.clear();
    this.module = module;
    this.data = data;
    this.starts = starts;
    const kept = 2 * keptKicks * data.pairs * LOOKUP_BYTES;
    this.duos = kept > LARGE_LOOKUPS ? 1 : 2;
    this.group = 2 * this.duos;

    const left = arena.putFloats(cells.left);
    const inverseWidths = arena.putFloats(cells.inverseWidths);
    const coefficients = arena.putFloats(curve);
    this.cellTable = arena.reserve(cells.count * CELL_BYTES);
    run.cellTable(cells.count, left, inverseWidths, coefficients, this.cellTable);
    const firstCell = arena.putWords(cells.firstCell);
    const firstBin = arena.putWords(cells.firstBin);
    const binsPerLength = arena.putFloats(cells.binsPerLength);
    const index = arena.putWords(cells.index);
    const laws = arena.reserve(cells.blocks * LAW_BYTES);
    run.lawTable(cells.blocks, this.cellTable, firstCell, firstBin, binsPerLength, index, laws);
    const pairI = arena.putWords(data.pairI);
    const pairJ = arena.putWords(data.pairJ);
    const pairLaw = arena.putWords(data.pairLaw);
    const scaleI = arena.putFloats(data.scaleI);
    const scaleJ = arena.putFloats(data.scaleJ);
    this.pairTable = arena.reserve(data.pairs * PAIR_BYTES);
    run.pairTable(data.pairs, pairI, pairJ, pairLaw, scaleI, scaleJ, laws, this.pairTable);

    const { components, records, particles } = data;
    this.startPositions = arena.reserveFloats(LANES * components);
    this.startVelocities = arena.reserveFloats(LANES * components);
    const free = starts.velocityWeight !== null;
    this.givenVelocities = free ? arena.reserveFloats(LANES * components) : 0;
    this.velocityWeight = arena.putFloats(Float64Array.of(starts.velocityWeight ?? 0));
    this.positions = arena.reserveFloats(LANES * records * components);
    this.weights = data.weights === null ? 0 : arena.reserveFloats(LANES * records * particles);
    this.residuals = arena.reserveFloats(LANES * (records + 1) * components);
    arena.floats.fill(
      0,
      this.residuals >>> 3,
      (this.residuals >>> 3) + LANES * (records + 1) * components,
    );
    this.sums = arena.reserveFloats(LANES);
  }

  /** Lays a schedule out. @param keep - whether its look-ups are kept @param path - whether look-ups follow a path */
  addSchedule(
    schedule: Schedule,
    { keep, path = false }: { keep: boolean; path?: boolean },
  ): GroupRollout {
    const { arena } = this.module;
    const { data, duos } = this;
    const { components, pairs, records } = data;
    const drift = arena.putFloats(schedule.drift);
    const kick = arena.putFloats(schedule.kick);
    const record = arena.putWords(schedule.record);
    const state = arena.reserve((3 * duos + 1) * components * 16);
    const lookups = keep ? arena.reserve(duos * schedule.kicks * pairs * LOOKUP_BYTES) : 0;
    const along = path ? arena.reserveFloats(LANES * schedule.events * components) : 0;
    const address = arena.putWords(
      Int32Array.of(
        components,
        pairs,
        records,
        schedule.events,
        duos,
        keep ? 1 : 0,
        drift,
        kick,
        record,
        this.pairTable,
        this.cellTable,
        state,
        this.startPositions,
        this.startVelocities,
        this.givenVelocities,
        this.velocityWeight,
        this.positions,
        this.weights,
        along,
        this.residuals,
        lookups,
        schedule.kicks,
        this.sums,
      ),
    );
    return { address, kicks: schedule.kicks, path: along };
  }

  /**
   * Copies the records of a group in.
   *
   * @param first - its first trajectory @param step - to the next one @param count - how many, at most {@link group}
   */
  loadGroup(first: number, step: number, count: number): void {
    const { data, starts } = this;
    const { components, records, particles } = data;
    this.load(this.startPositions, starts.positions, components, first, step, count);
    this.load(this.startVelocities, starts.velocities, components, first, step, count);
    this.load(this.positions, data.positions, records * components, first, step, count);
    if (this.givenVelocities !== 0)
      this.load(this.givenVelocities, data.startVelocities, components, first, step, count);
    if (data.weights !== null)
      this.load(this.weights, data.weights, records * particles, first, step, count);
  }

  /** Copies a path in. @param path - [events x components] */
  loadPath({ path: to }: GroupRollout, lane: number, count: number, path: Float64Array): void {
    const { floats } = this.module.arena;
    floats.set(path, (to >>> 3) + lane * path.length);
    for (let l = count; lane === count - 1 && l < this.group; l++)
      floats.set(path, (to >>> 3) + l * path.length);
  }

  private load(
    to: number,
    from: Float64Array,
    width: number,
    first: number,
    step: number,
    count: number,
  ): void {
    const { floats } = this.module.arena;
    for (let lane = 0; lane < this.group; lane++) {
      // Lanes that are left over do what the last trajectory does.
      const o = (first + Math.min(lane, count - 1) * step) * width;
      const lower = (to >>> 3) + lane * width;
      // A view costs more than a few numbers.
      if (width > FEW) floats.set(from.subarray(o, o + width), lower);
      else for (let k = 0; k < width; k++) floats[lower + k] = from[o + k];
    }
  }

  /** Rolls the group out. @param count - trajectories in it that count */
  roll({ address }: GroupRollout, count: number): void {
    work.kernelCalls++;
    work.rollouts += count;
    this.module.run.roll(address);
  }

  /** Sum of squared residuals of a lane's last rollout. */
  sum(lane: number): number {
    return this.module.arena.floats[(this.sums >>> 3) + lane];
  }

  /** Residuals of a lane's last rollout. @param out - [(records + 1) x components] */
  copyResiduals(lane: number, out: Float64Array): void {
    const from = (this.residuals >>> 3) + lane * out.length;
    out.set(this.module.arena.floats.subarray(from, from + out.length));
  }
}
