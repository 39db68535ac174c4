import { Arena } from "./arena.ts";
import { pairBytes } from "./bytes/pair.ts";
import { instantiate, type WasmMemory } from "./wasm.ts";
import { kernelsWanted } from "./work.ts";

interface PairExports {
  readonly memory: WasmMemory;
  base(): number;
  cellTable(count: number, left: number, inverseWidths: number, curve: number, out: number): void;
  lawTable(
    laws: number,
    cells: number,
    firstCell: number,
    firstBin: number,
    binsPerLength: number,
    index: number,
    out: number,
  ): void;
  pairTable(
    pairs: number,
    pairI: number,
    pairJ: number,
    pairLaw: number,
    scaleI: number,
    scaleJ: number,
    laws: number,
    out: number,
  ): void;
  roll(rollout: number): void;
  begin(rollout: number): void;
  advance(rollout: number, event: number, ordinal: number): void;
  kick(rollout: number, event: number, ordinal: number): void;
  reverse(rollout: number, lambda: number, weight: number, cells: number, gradient: number): void;
  beginReverse(
    rollout: number,
    lambda: number,
    weight: number,
    cells: number,
    gradient: number,
  ): void;
  reverseKick(event: number, ordinal: number): void;
  reverseEvent(event: number): void;
  transposePolynomials(cells: number, from: number, to: number): void;
  equations(rollout: number, tangents: number, lane: number): number;
  beginTangents(rollout: number, tangents: number, lane: number): number;
  driftTangents(step: number): void;
  stepTangents(step: number): void;
  endTangents(): number;
  apply(tape: number, factor: number, held: number): number;
  holdKick(step: number): void;
  stageKick(tape: number, factor: number, share: number, weight: number, responses: number): number;
  releaseKick(): void;
}

/** Rollouts, adjoints and sensitivities of pair laws in WebAssembly (assembly/pair). */
export interface PairModule {
  readonly run: PairExports;
  readonly arena: Arena;
}

let loaded: PairModule | null | undefined;

/** The module, loaded when first asked for; null where kernels are not wanted or the host lacks SIMD. */
export function pairModule(): PairModule | null {
  if (!kernelsWanted()) return null;
  if (loaded === undefined) {
    const run = instantiate<PairExports>(pairBytes);
    loaded = run === null ? null : { run, arena: new Arena(run.memory, run.base()) };
  }
  return loaded;
}
