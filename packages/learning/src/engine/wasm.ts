import type { PairModule } from "../wasm/pair-module.ts";
import type { Engine } from "./group.ts";
import { WasmGroup } from "./wasm-group.ts";

/** The kernels of assembly/pair, two trajectories a vector and two vectors at a time. */
export const wasmEngine = (module: PairModule): Engine => ({
  name: "wasm",
  open: (problem) => new WasmGroup(module, problem),
});
