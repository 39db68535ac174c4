import type { Cells } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import type { Adjoint } from "./group.ts";

/** The adjoint of the rollouts of a group, by the kernel. */
export class WasmAdjoint implements Adjoint {
  private readonly module: PairModule;
  private readonly address: number;
  private readonly schedule: Schedule;
  private readonly weight: number;
  private readonly cells: number;
  private readonly components: number;
  private readonly lambda: number;
  private readonly gradients: number;

  /** @param address - of the rollout, whose look-ups are kept */
  constructor(
    module: PairModule,
    {
      data,
      cells,
      lanes,
      schedule,
      address,
      weight,
    }: {
      readonly data: TrainingData;
      readonly cells: Cells;
      readonly lanes: number;
      readonly schedule: Schedule;
      readonly address: number;
      readonly weight: number;
    },
  ) {
    const { arena } = module;
    this.module = module;
    this.address = address;
    this.schedule = schedule;
    this.weight = weight;
    this.cells = cells.count;
    this.components = data.components;
    this.lambda = arena.reserve(lanes * data.components * 16);
    this.gradients = arena.reserveFloats(lanes * 4 * cells.count);
  }

  reverse(count: number): void {
    this.counted(count);
    const { address, lambda, weight, cells, gradients } = this;
    this.module.run.reverse(address, lambda, weight, cells, gradients);
  }

  begin(count: number): void {
    this.counted(count);
    const { address, lambda, weight, cells, gradients } = this;
    this.module.run.beginReverse(address, lambda, weight, cells, gradients);
  }

  kick(event: number): void {
    this.module.run.reverseKick(event, this.schedule.kickIndex[event]);
  }

  event(event: number): void {
    this.module.run.reverseEvent(event);
  }

  private counted(count: number): void {
    work.kernelCalls++;
    work.adjoints += count;
  }

  addGradient(lane: number, gradient: Float64Array): void {
    const { floats } = this.module.arena;
    const size = 4 * this.cells;
    const o = (this.gradients >>> 3) + lane * size;
    for (let k = 0; k < size; k++) gradient[k] = gradient[k] + floats[o + k];
  }

  read(lane: number, out: Float64Array): void {
    const { floats } = this.module.arena;
    const first = this.first(lane);
    for (let c = 0; c < out.length; c++) out[c] = floats[first + 2 * c];
  }

  write(lane: number, from: Float64Array): void {
    const { floats } = this.module.arena;
    const first = this.first(lane);
    for (let c = 0; c < from.length; c++) floats[first + 2 * c] = from[c];
  }

  /** Both adjoints of a duo of trajectories are interleaved. */
  private first(lane: number): number {
    return (this.lambda >>> 3) + (lane >> 1) * 4 * this.components + (lane & 1);
  }
}
