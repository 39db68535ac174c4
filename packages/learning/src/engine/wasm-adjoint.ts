import type { Cells } from "@mclnn/models/parts";
import type { TrainingData } from "../records/training-data.ts";
import type { PairModule } from "../wasm/pair-module.ts";
import { work } from "../wasm/work.ts";
import type { Adjoint } from "./group.ts";

/** The adjoint of the rollouts of a group, by the kernel. */
export class WasmAdjoint implements Adjoint {
  private readonly module: PairModule;
  private readonly address: number;
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
      address,
      weight,
    }: {
      readonly data: TrainingData;
      readonly cells: Cells;
      readonly lanes: number;
      readonly address: number;
      readonly weight: number;
    },
  ) {
    const { arena } = module;
    this.module = module;
    this.address = address;
    this.weight = weight;
    this.cells = cells.count;
    this.components = data.components;
    this.lambda = arena.reserve(lanes * data.components * 16);
    this.gradients = arena.reserveFloats(lanes * 4 * cells.count);
  }

  reverse(count: number): void {
    const { address, lambda, weight, cells, gradients } = this;
    work.kernelCalls++;
    work.adjoints += count;
    this.module.run.reverse(address, lambda, weight, cells, gradients);
  }

  addGradient(lane: number, gradient: Float64Array): void {
    const { floats } = this.module.arena;
    const size = 4 * this.cells;
    const o = (this.gradients >>> 3) + lane * size;
    for (let k = 0; k < size; k++) gradient[k] = gradient[k] + floats[o + k];
  }

  copyStart(lane: number, out: Float64Array): void {
    const { floats } = this.module.arena;
    const { components } = this;
    // Both adjoints of a duo of trajectories, which are interleaved.
    const from = (this.lambda >>> 3) + (lane >> 1) * 4 * components + (lane & 1);
    for (let c = 0; c < 2 * components; c++) out[c] = floats[from + 2 * c];
  }
}
