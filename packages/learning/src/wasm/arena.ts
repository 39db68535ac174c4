import { MclnnError } from "@mclnn/physics";
import type { WasmMemory } from "./wasm.ts";

const PAGE = 65_536;

/**
 * The memory of a kernel module as a stack that is emptied before each piece of work: it grows to the largest piece and is used again.
 *
 * Pointers are byte addresses, multiples of 16. {@link floats} and {@link words} are views of all of it, made anew when it grows: take
 * them after the last {@link reserve}.
 */
export class Arena {
  floats: Float64Array;
  words: Int32Array;
  private readonly memory: WasmMemory;
  private readonly base: number;
  private top: number;

  /** @param base - first byte that is free */
  constructor(memory: WasmMemory, base: number) {
    this.memory = memory;
    this.base = Math.ceil(base / 16) * 16;
    this.top = this.base;
    this.floats = new Float64Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
  }

  clear(): void {
    this.top = this.base;
  }

  /** @throws MclnnError `out-of-memory` */
  reserve(bytes: number): number {
    const pointer = this.top;
    this.top += Math.ceil(bytes / 16) * 16;
    const lacking = this.top - this.memory.buffer.byteLength;
    if (lacking > 0) {
      try {
        this.memory.grow(Math.ceil(lacking / PAGE));
      } catch {
        this.clear();
        throw new MclnnError("the trajectories at hand need more memory than there is", {
          code: "out-of-memory",
          argument: "data",
          expected: `${Math.ceil(bytes / 2 ** 20)} MiB more, and at most 4 GiB for four trajectories`,
          got: `${Math.floor(this.memory.buffer.byteLength / 2 ** 20)} MiB, and no more`,
          mend: "Cut long trajectories into shorter ones, or use fewer particles.",
          kind: "failure",
        });
      }
      this.floats = new Float64Array(this.memory.buffer);
      this.words = new Int32Array(this.memory.buffer);
    }
    return pointer;
  }

  reserveFloats(n: number): number {
    return this.reserve(8 * n);
  }

  reserveWords(n: number): number {
    return this.reserve(4 * n);
  }

  putFloats(array: Float64Array): number {
    const pointer = this.reserveFloats(array.length);
    this.floats.set(array, pointer >>> 3);
    return pointer;
  }

  putWords(array: Int32Array): number {
    const pointer = this.reserveWords(array.length);
    this.words.set(array, pointer >>> 2);
    return pointer;
  }
}
