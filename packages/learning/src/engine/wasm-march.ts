import type { Schedule } from "../records/schedule.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import { type LaneState, LOOKUP, type March } from "./group.ts";

/** Bytes of a look-up of two lanes, as assembly/pair/rollout.ts lays it out. */
export const LOOKUP_BYTES = 112;
/** Where a rollout's description says whether others add to the accelerations. */
const EXCHANGE = 92;

/** Where the rollouts of a group are in the memory of the kernels, and their sizes. */
interface Places {
  /** Of the description that kernels read. */
  readonly address: number;
  /** Positions, velocities and accelerations of each lane by itself. [lanes x 3 x components] */
  readonly exchange: number;
  /** Positions of a path at every event, where look-ups follow one; else 0. [lanes x events x components] */
  readonly path: number;
  readonly lookups: number;
  readonly states: number;
  /** Kicks of which the states are kept, and from one to the next. */
  readonly keptStates: number;
  readonly every: number;
  readonly lanes: number;
  readonly components: number;
  readonly pairs: number;
}

/** A schedule as the kernels read it, and what its rollouts of a group leave. */
export class WasmMarch implements March {
  readonly schedule: Schedule;
  readonly address: number;
  private readonly module: PairModule;
  private readonly places: Places;
  states: readonly LaneState[] = [];
  /** Of which `states` are views. */
  private memory: Float64Array | null = null;

  constructor(module: PairModule, schedule: Schedule, places: Places) {
    this.module = module;
    this.schedule = schedule;
    this.address = places.address;
    this.places = places;
  }

  setPath(lane: number, count: number, path: Float64Array): void {
    const { floats } = this.module.arena;
    const to = this.places.path >>> 3;
    floats.set(path, to + lane * path.length);
    // Lanes that are left over do what the last trajectory does.
    for (let l = count; lane === count - 1 && l < this.places.lanes; l++)
      floats.set(path, to + l * path.length);
  }

  roll(count: number): void {
    this.count(count, 0);
    this.module.run.roll(this.address);
  }

  begin(count: number): void {
    this.count(count, this.places.exchange);
    const { floats } = this.module.arena;
    // Memory that has grown has other views.
    if (this.memory !== floats) this.states = statesIn(floats, this.places);
    this.memory = floats;
    this.module.run.begin(this.address);
  }

  private count(count: number, exchange: number): void {
    work.kernelCalls++;
    work.rollouts += count;
    this.module.arena.words[(this.address + EXCHANGE) >>> 2] = exchange;
  }

  advance(event: number): void {
    this.module.run.advance(this.address, event, this.schedule.kickIndex[event]);
  }

  kick(event: number): void {
    this.module.run.kick(this.address, event, this.schedule.kickIndex[event]);
  }

  readLookups(lane: number, kick: number, out: Float64Array): void {
    const { floats } = this.module.arena;
    const { lookups, pairs } = this.places;
    const looks = (lane >> 1) * this.schedule.kicks + kick;
    let from = ((lookups + looks * pairs * LOOKUP_BYTES) >>> 3) + (lane & 1);
    for (let u = 0; u < out.length; u += LOOKUP) {
      for (let k = 0; k < LOOKUP; k++) out[u + k] = floats[from + 2 * k];
      from += LOOKUP_BYTES / 8;
    }
  }

  readState(lane: number, kick: number, out: Float64Array): void {
    const { floats } = this.module.arena;
    const { states, keptStates, every } = this.places;
    const from =
      (states >>> 3) + 2 * ((lane >> 1) * keptStates + kick / every) * out.length + (lane & 1);
    for (let c = 0; c < out.length; c++) out[c] = floats[from + 2 * c];
  }
}

function statesIn(floats: Float64Array, { exchange, lanes, components }: Places): LaneState[] {
  const first = exchange >>> 3;
  return Array.from({ length: lanes }, (_, lane) => {
    const [positions, velocities, accelerations] = [0, 1, 2].map((k) => {
      const o = first + (3 * lane + k) * components;
      return floats.subarray(o, o + components);
    });
    return { positions, velocities, accelerations };
  });
}
