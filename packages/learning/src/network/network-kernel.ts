import type { Arena } from "../wasm/arena.ts";
import type { NetworkModule } from "../wasm/network-module.ts";
import { work } from "../wasm/work.ts";

/** Samples of a block. */
export const SAMPLES = 4;
/** Words of a layer in assembly/network/layers.ts. */
const LAYER_WORDS = 8;
/** Separations at a time, so that memory does not grow with their number. */
const BATCH = 1024;

/** Lays the layers of a network out, with room for the blocks of four samples. @returns their address */
export function putLayers(arena: Arena, hidden: readonly number[]): number {
  const widths = [1, ...hidden, 1];
  const layers = widths.slice(1).map((outputs, l) => {
    const inputs = widths[l];
    return {
      inputs,
      outputs,
      entering: arena.reserveFloats(3 * inputs * SAMPLES),
      bends: arena.reserveFloats(5 * outputs * SAMPLES),
      adjoints: arena.reserveFloats(3 * inputs * SAMPLES),
    };
  });
  const table = new Int32Array(LAYER_WORDS * layers.length);
  let offset = 0;
  layers.forEach(({ inputs, outputs, entering, bends, adjoints }, l) => {
    const biases = offset + 8 * inputs * outputs;
    table.set([inputs, outputs, offset, biases, entering, bends, adjoints], LAYER_WORDS * l);
    offset = biases + 8 * outputs;
  });
  return arena.putWords(table);
}

/** As `evaluateBatch` of network-batch.ts. */
export function evaluateByKernel(
  { run, arena }: NetworkModule,
  hidden: readonly number[],
  weights: Float64Array,
  separations: Float64Array,
  energies: Float64Array | null,
  slopes: Float64Array,
  curvatures: Float64Array | null,
): void {
  arena.clear();
  const layers = putLayers(arena, hidden);
  const own = arena.putFloats(weights);
  const at = arena.reserveFloats(BATCH);
  const out = arena.reserveFloats(3 * BATCH);
  const { floats } = arena;
  const depth = hidden.length + 1;
  for (let first = 0; first < separations.length; first += BATCH) {
    const points = Math.min(BATCH, separations.length - first);
    putSeparations(floats, at >>> 3, separations, first, points);
    work.kernelCalls++;
    run.evaluate(layers, depth, own, points, at, out, curvatures === null ? 0 : 1);
    for (let n = 0; n < points; n++) {
      const o = (out >>> 3) + 12 * (n >> 2) + (n & 3);
      if (energies !== null) energies[first + n] = floats[o];
      slopes[first + n] = floats[o + 4];
      if (curvatures !== null) curvatures[first + n] = floats[o + 8];
    }
  }
  work.networkPoints += separations.length;
}

/** As `accumulateBatch` of network-batch.ts. */
export function accumulateByKernel(
  { run, arena }: NetworkModule,
  hidden: readonly number[],
  weights: Float64Array,
  separations: Float64Array,
  slopeFactors: Float64Array,
  curvatureFactors: Float64Array,
  out: Float64Array,
): void {
  arena.clear();
  const layers = putLayers(arena, hidden);
  const own = arena.putFloats(weights);
  const gradient = arena.putFloats(out);
  const at = arena.reserveFloats(BATCH);
  const factors = arena.reserveFloats(3 * BATCH);
  const room = arena.reserveFloats(3 * SAMPLES);
  const { floats } = arena;
  for (let first = 0; first < separations.length; first += BATCH) {
    const points = Math.min(BATCH, separations.length - first);
    putSeparations(floats, at >>> 3, separations, first, points);
    floats.fill(0, factors >>> 3, (factors >>> 3) + 3 * BATCH);
    for (let n = 0; n < points; n++) {
      const o = (factors >>> 3) + 12 * (n >> 2) + (n & 3);
      floats[o + 4] = slopeFactors[first + n];
      floats[o + 8] = curvatureFactors[first + n];
    }
    work.kernelCalls++;
    run.accumulate(layers, hidden.length + 1, own, points, at, factors, room, gradient);
  }
  work.networkGradients += separations.length;
  out.set(floats.subarray(gradient >>> 3, (gradient >>> 3) + out.length));
}

/** Samples that fill the last block up do what the last one does. */
function putSeparations(
  floats: Float64Array,
  to: number,
  separations: Float64Array,
  first: number,
  points: number,
): void {
  floats.set(separations.subarray(first, first + points), to);
  const last = separations[first + points - 1];
  for (let n = points; n % SAMPLES !== 0; n++) floats[to + n] = last;
}
