import type { Schedule } from "../records/schedule.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import { LOOKUP, type March } from "./group.ts";

/** Bytes of a look-up of two lanes, as assembly/pair/rollout.ts lays it out. */
export const LOOKUP_BYTES = 112;

/** Where the rollouts of a group are in the memory of the kernels, and their sizes. */
interface Places {
  /** Of the description that kernels read. */
  readonly address: number;
  /** Positions, velocities and accelerations of two lanes, interleaved. [duos x 3 x components x 2] */
  readonly state: number;
  /** Positions of a path at every event, where look-ups follow one; else 0. [lanes x events x components] */
  readonly path: number;
  readonly lookups: number;
  readonly duos: number;
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
    work.kernelCalls++;
    work.rollouts += count;
    this.module.run.roll(this.address);
  }

  begin(count: number): void {
    work.kernelCalls++;
    work.rollouts += count;
    this.module.run.begin(this.address);
  }

  advance(event: number): void {
    this.module.run.advance(this.address, event, this.schedule.kickIndex[event]);
  }

  kick(event: number): void {
    this.module.run.kick(this.address, event);
  }

  readState(lane: number, event: number, positions: Float64Array, velocities: Float64Array): void {
    const { floats } = this.module.arena;
    const { path, components } = this.places;
    const q = this.stateOf(lane);
    const v = q + 2 * components;
    for (let c = 0; c < components; c++) {
      positions[c] = floats[q + 2 * c];
      velocities[c] = floats[v + 2 * c];
    }
    if (path === 0) return;
    const o = (path >>> 3) + (lane * this.schedule.events + event) * components;
    for (let c = 0; c < components; c++) positions[c] = floats[o + c];
  }

  readAccelerations(lane: number, out: Float64Array): void {
    const { floats } = this.module.arena;
    const { components } = this.places;
    const a = this.stateOf(lane) + 4 * components;
    for (let c = 0; c < components; c++) out[c] = floats[a + 2 * c];
  }

  writeAccelerations(lane: number, accelerations: Float64Array): void {
    const { floats } = this.module.arena;
    const { components } = this.places;
    const a = this.stateOf(lane) + 4 * components;
    for (let c = 0; c < components; c++) floats[a + 2 * c] = accelerations[c];
  }

  /** First number of a lane's positions, of which every other one is its own. */
  private stateOf(lane: number): number {
    const { state, components } = this.places;
    return (state >>> 3) + (lane >> 1) * 6 * components + (lane & 1);
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
}
