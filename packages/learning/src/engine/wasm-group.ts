import type { Schedule } from "../records/schedule.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import type { Adjoint, Group, GroupProblem, March, MarchHow, TangentProblem } from "./group.ts";
import { WasmAdjoint } from "./wasm-adjoint.ts";
import { putKinds, putMaps } from "./wasm-affine.ts";
import { LOOKUP_BYTES, WasmMarch } from "./wasm-march.ts";
import { WasmTangents } from "./wasm-tangents.ts";

/** Lanes of the kernels: two vectors of two trajectories. */
const LANES = 4;
/** Bytes that assembly/pair/rollout.ts lays out: a cell, a pair, a law. */
const CELL_BYTES = 48;
const PAIR_BYTES = 32;
const LAW_BYTES = 32;
/** Numbers that are copied one by one. */
const FEW = 64;
/** Kept look-ups above this take two trajectories at a time instead of four. */
const LARGE_LOOKUPS = 2 ** 26;

/**
 * Trajectories and a curve laid out in the memory of the pair kernels.
 *
 * One at a time: the next one takes the memory.
 */
export class WasmGroup implements Group {
  readonly module: PairModule;
  readonly problem: GroupProblem;
  /** Trajectories of a group: 4, or 2 where look-ups are too many to keep for 4. */
  readonly lanes: number;
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

  constructor(module: PairModule, problem: GroupProblem) {
    const { data, cells, curve, starts, keptKicks } = problem;
    const { run, arena } = module;
    arena.clear();
    this.module = module;
    this.problem = problem;
    const kept = 2 * keptKicks * data.pairs * LOOKUP_BYTES;
    this.duos = kept > LARGE_LOOKUPS ? 1 : 2;
    this.lanes = 2 * this.duos;

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

  /** Lays a schedule out. */
  march(schedule: Schedule, { keep, path = false, affine = null, every = 1 }: MarchHow): WasmMarch {
    const { arena } = this.module;
    const { duos, lanes } = this;
    const { components, pairs, records } = this.problem.data;
    const drift = arena.putFloats(schedule.drift);
    const kick = arena.putFloats(schedule.kick);
    const record = arena.putWords(schedule.record);
    const state = arena.reserve((3 * duos + 1) * components * 16);
    const lookups = keep ? arena.reserve(duos * schedule.kicks * pairs * LOOKUP_BYTES) : 0;
    const exchange = arena.reserveFloats(LANES * 3 * components);
    const acting = affine?.act === true ? affine : null;
    const maps = acting === null ? 0 : putMaps(this.module, acting, schedule.kick);
    const kinds = affine === null ? 0 : putKinds(this.module, affine);
    const keptStates = affine === null || !keep ? 0 : Math.ceil(schedule.kicks / every);
    const states = keptStates === 0 ? 0 : arena.reserve(keptStates * duos * 3 * components * 16);
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
        0,
        maps,
        kinds,
        affine?.diagonal === true ? 1 : 0,
        states,
        every,
      ),
    );
    const places = {
      ...{ address, exchange, path: along, lookups, lanes, components, pairs },
      ...{ states, keptStates, every },
    };
    return new WasmMarch(this.module, schedule, places);
  }

  load(first: number, step: number, count: number): void {
    const { data, starts } = this.problem;
    const { components, records, particles } = data;
    this.put(this.startPositions, starts.positions, components, first, step, count);
    this.put(this.startVelocities, starts.velocities, components, first, step, count);
    this.put(this.positions, data.positions, records * components, first, step, count);
    if (this.givenVelocities !== 0)
      this.put(this.givenVelocities, data.startVelocities, components, first, step, count);
    if (data.weights !== null)
      this.put(this.weights, data.weights, records * particles, first, step, count);
  }

  private put(
    to: number,
    from: Float64Array,
    width: number,
    first: number,
    step: number,
    count: number,
  ): void {
    const { floats } = this.module.arena;
    for (let lane = 0; lane < this.lanes; lane++) {
      // Lanes that are left over do what the last trajectory does.
      const o = (first + Math.min(lane, count - 1) * step) * width;
      const lower = (to >>> 3) + lane * width;
      // A view costs more than a few numbers.
      if (width > FEW) floats.set(from.subarray(o, o + width), lower);
      else for (let k = 0; k < width; k++) floats[lower + k] = from[o + k];
    }
  }

  sumOfSquares(lane: number): number {
    return this.module.arena.floats[(this.sums >>> 3) + lane];
  }

  copyResiduals(lane: number, out: Float64Array): void {
    const from = (this.residuals >>> 3) + lane * out.length;
    out.set(this.module.arena.floats.subarray(from, from + out.length));
  }

  tangents(problem: TangentProblem): WasmTangents {
    const { data, starts } = this.problem;
    return new WasmTangents(this.module, { ...problem, data, starts });
  }

  adjoint(march: March, weight: number): Adjoint {
    const { data, cells } = this.problem;
    const { lanes } = this;
    const { address, schedule } = march as WasmMarch;
    return new WasmAdjoint(this.module, { data, cells, lanes, schedule, address, weight });
  }
}
