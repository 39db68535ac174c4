import { pairModule } from "../wasm/pair-module.ts";
import type { Engine } from "./group.ts";
import { reference } from "./reference.ts";
import { wasmEngine } from "./wasm.ts";

/** The engine at hand: kernels where they are wanted and the host has them, else plain TypeScript. Nobody else chooses. */
export function engine(): Engine {
  const module = pairModule();
  return module === null ? reference : wasmEngine(module);
}
