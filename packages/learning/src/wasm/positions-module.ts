import { Arena } from "./arena.ts";
import { positionsBytes } from "./bytes/positions.ts";
import { instantiate, type WasmMemory } from "./wasm.ts";
import { kernelsWanted } from "./work.ts";

interface PositionsExports {
  readonly memory: WasmMemory;
  base(): number;
  loss(points: number, sum: number): number;
  normalEquations(points: number, sum: number): number;
}

/** Position networks in WebAssembly (assembly/positions). */
export interface PositionsModule {
  readonly run: PositionsExports;
  readonly arena: Arena;
}

let loaded: PositionsModule | null | undefined;

/** The module, loaded when first asked for; null where kernels are not wanted or the host lacks SIMD. */
export function positionsModule(): PositionsModule | null {
  if (!kernelsWanted()) return null;
  if (loaded === undefined) {
    const run = instantiate<PositionsExports>(positionsBytes);
    loaded = run === null ? null : { run, arena: new Arena(run.memory, run.base()) };
  }
  return loaded;
}
