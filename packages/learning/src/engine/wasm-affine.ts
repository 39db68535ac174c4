import type { PairModule } from "../wasm/pair-module.ts";
import { type AffineTerms, MAP } from "./affine.ts";

/** Puts the maps of affine terms at some kicks where the kernels read them; where those of each kick are, 0 for none. */
export function putMaps({ arena }: PairModule, affine: AffineTerms, kicks: Float64Array): number {
  const { of, maps } = affine.mapsOf(kicks);
  const first = arena.putFloats(maps);
  return arena.putWords(of.map((k) => (k < 0 ? 0 : first + 8 * k * affine.stride)));
}

/** Where the maps of each particle are among those of one kick. */
export function putKinds({ arena }: PairModule, { kindOf, size }: AffineTerms): number {
  return arena.putWords(kindOf.map((kind) => 8 * kind * (1 + size) * MAP));
}
