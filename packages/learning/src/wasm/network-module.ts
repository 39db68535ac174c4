import { Arena } from "./arena.ts";
import { networkBytes } from "./bytes/network.ts";
import { instantiate, type WasmMemory } from "./wasm.ts";
import { kernelsWanted } from "./work.ts";

interface NetworkExports {
  readonly memory: WasmMemory;
  base(): number;
  evaluate(
    layers: number,
    depth: number,
    weights: number,
    points: number,
    at: number,
    out: number,
    second: number,
  ): void;
  accumulate(
    layers: number,
    depth: number,
    weights: number,
    points: number,
    at: number,
    factors: number,
    room: number,
    out: number,
  ): void;
  distil(distillation: number): number;
}

/** Pair networks in WebAssembly (assembly/network). */
export interface NetworkModule {
  readonly run: NetworkExports;
  readonly arena: Arena;
}

let loaded: NetworkModule | null | undefined;

/** The module, loaded when first asked for; null where kernels are not wanted or the host lacks SIMD. */
export function networkModule(): NetworkModule | null {
  if (!kernelsWanted()) return null;
  if (loaded === undefined) {
    const run = instantiate<NetworkExports>(networkBytes);
    loaded = run === null ? null : { run, arena: new Arena(run.memory, run.base()) };
  }
  return loaded;
}
