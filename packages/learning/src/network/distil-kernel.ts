import type { NetworkModule } from "../wasm/network-module.ts";
import { work } from "../wasm/work.ts";
import { putLayers, SAMPLES } from "./network-kernel.ts";

/** Where a distillation stands, and what it is about. Changed in place by {@link distilByKernel}. */
export interface Distillation {
  readonly hidden: readonly number[];
  /** [m] */
  readonly points: Float64Array;
  readonly target: Float64Array;
  /** Transposed root of the metric. [m x m] */
  readonly rootTransposed: Float64Array;
  /** [n] */
  readonly weights: Float64Array;
  readonly norms: Float64Array;
  /** [m] */
  readonly rho: Float64Array;
  excess: number;
  /** Below 0 before the first iteration. */
  lambda: number;
  growth: number;
}

export interface DistilConstants {
  readonly damping: number;
  readonly scaleFloor: number;
  readonly dampingFloor: number;
  readonly mostRejections: number;
}

/** One iteration; returns whether a step was accepted. */
export function distilByKernel(
  { run, arena }: NetworkModule,
  state: Distillation,
  { damping, scaleFloor, dampingFloor, mostRejections }: DistilConstants,
): boolean {
  const { hidden, points, target, rootTransposed, weights, norms, rho } = state;
  const m = points.length;
  const n = weights.length;
  const padded = Math.ceil(m / SAMPLES) * SAMPLES;
  const rows = Math.ceil(n / 4) * 4;
  arena.clear();
  const layers = putLayers(arena, hidden);
  const at = arena.reserveFloats(padded);
  const goal = arena.reserveFloats(padded);
  const root = arena.reserveFloats(m * padded);
  const current = arena.putFloats(weights);
  const trial = arena.reserveFloats(n);
  const own = arena.reserveFloats(padded);
  const largest = arena.putFloats(norms);
  const slopes = arena.reserveFloats(rows * padded);
  const jacobian = arena.reserveFloats(rows * padded);
  const scaled = arena.reserveFloats(rows * padded);
  const normal = arena.reserveFloats(padded * padded);
  const system = arena.reserveFloats(padded * padded);
  const room = arena.reserveFloats(4 * padded + 3 * SAMPLES);
  const address = arena.reserve(120);
  const { floats, words } = arena;
  // Points that fill the last block up do what the last one does; no root reaches them.
  floats.fill(points[m - 1], at >>> 3, (at >>> 3) + padded);
  floats.set(points, at >>> 3);
  floats.fill(0, goal >>> 3, (goal >>> 3) + padded);
  floats.set(target, goal >>> 3);
  floats.fill(0, root >>> 3, (root >>> 3) + m * padded);
  for (let k = 0; k < m; k++)
    floats.set(rootTransposed.subarray(k * m, (k + 1) * m), (root >>> 3) + k * padded);
  floats.set(rho, own >>> 3);
  // Rows that fill the last four weights up.
  floats.fill(0, (slopes >>> 3) + n * padded, (slopes >>> 3) + rows * padded);
  words.set(
    [
      layers,
      hidden.length + 1,
      m,
      n,
      at,
      goal,
      root,
      current,
      trial,
      own,
      largest,
      slopes,
      jacobian,
      scaled,
      normal,
      system,
      room,
      mostRejections,
    ],
    address >>> 2,
  );
  const numbers = (address >>> 3) + 9;
  floats.set(
    [state.excess, state.lambda, state.growth, damping, scaleFloor, dampingFloor],
    numbers,
  );
  work.kernelCalls++;
  work.distillations++;
  const accepted = run.distil(address) !== 0;
  weights.set(floats.subarray(current >>> 3, (current >>> 3) + n));
  norms.set(floats.subarray(largest >>> 3, (largest >>> 3) + n));
  rho.set(floats.subarray(own >>> 3, (own >>> 3) + m));
  state.excess = floats[numbers];
  state.lambda = floats[numbers + 1];
  state.growth = floats[numbers + 2];
  return accepted;
}
