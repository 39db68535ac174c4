import { Arena } from "./arena.ts";
import { denseBytes } from "./bytes/dense.ts";
import { instantiate, type WasmMemory } from "./wasm.ts";
import { kernelsWanted, work } from "./work.ts";

interface DenseExports {
  readonly memory: WasmMemory;
  base(): number;
  cholesky(a: number, n: number, room: number): number;
}

interface DenseModule {
  readonly run: DenseExports;
  readonly arena: Arena;
}

let loaded: DenseModule | null | undefined;

function denseModule(): DenseModule | null {
  if (!kernelsWanted()) return null;
  if (loaded === undefined) {
    const run = instantiate<DenseExports>(denseBytes);
    loaded = run === null ? null : { run, arena: new Arena(run.memory, run.base()) };
  }
  return loaded;
}

/** As `choleskyFactor`; null where there is no kernel. */
export function choleskyByKernel(a: Float64Array, n: number): boolean | null {
  const module = denseModule();
  if (module === null) return null;
  const { arena, run } = module;
  arena.clear();
  const matrix = arena.putFloats(a);
  const room = arena.reserveFloats(n + 1);
  work.kernelCalls++;
  const definite = run.cholesky(matrix, n, room) !== 0;
  a.set(arena.floats.subarray(matrix >>> 3, (matrix >>> 3) + n * n));
  return definite;
}
