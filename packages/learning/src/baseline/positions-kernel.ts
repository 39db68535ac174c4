import { type PositionNetwork, positionNetworkLayout } from "@mclnn/models";
import type { Arena } from "../wasm/arena.ts";
import type { PositionsModule } from "../wasm/positions-module.ts";
import { work } from "../wasm/work.ts";
import type { ScaledPoints } from "./scaled-points.ts";

/** Samples of a block in assembly/positions/products.ts, and words of a layer. */
const SAMPLES = 16;
const LAYER_WORDS = 20;

/**
 * Sum of squared residuals, and its gradient times `weight`, over all points.
 *
 * @param gradient - overwritten. [size]
 */
export function lossByKernel(
  module: PositionsModule,
  network: PositionNetwork,
  points: ScaledPoints,
  parameters: Float64Array,
  gradient?: Float64Array,
  weight = 0,
): number {
  const { arena, run } = module;
  const area = putPoints(arena, network, points, parameters, gradient !== undefined);
  describe(arena, area, { factor: 2 * weight });
  work.kernelCalls++;
  work.positionPoints += points.points;
  if (gradient !== undefined) work.positionGradients += points.points;
  const sum = run.loss(area.address, points.idleSquares);
  gradient?.set(arena.floats.subarray(area.gradient >>> 3, (area.gradient >>> 3) + network.size));
  return sum;
}

/**
 * Sum of squared residuals, J' residuals and J'J.
 *
 * @param together - points whose rows of J are multiplied at a time, at most 16
 * @param matrix - its lower triangle is overwritten. [size x size]
 * @param vector - overwritten. [size]
 */
export function normalEquationsByKernel(
  module: PositionsModule,
  network: PositionNetwork,
  points: ScaledPoints,
  parameters: Float64Array,
  together: number,
  matrix: Float64Array,
  vector: Float64Array,
): number {
  const { arena, run } = module;
  const { size, inputs } = network;
  const area = putPoints(arena, network, points, parameters, true);
  const columns = Math.ceil(size / 4) * 4;
  const jacobian = arena.reserveFloats(together * inputs * columns);
  const product = arena.reserveFloats(columns * columns);
  const metric = arena.reserveFloats(columns * columns);
  describe(arena, area, { equations: [jacobian, product, metric, columns, together] });
  work.kernelCalls++;
  work.positionPoints += points.points;
  work.positionGradients += points.points;
  const sum = run.normalEquations(area.address, points.idleSquares);
  const { floats } = arena;
  vector.set(floats.subarray(area.gradient >>> 3, (area.gradient >>> 3) + size));
  for (let i = 0; i < size; i++) {
    const o = (metric >>> 3) + i * columns;
    matrix.set(floats.subarray(o, o + i + 1), i * size);
  }
  return sum;
}

interface PointArea {
  readonly address: number;
  readonly words: readonly number[];
  readonly gradient: number;
}

function describe(
  { words, floats }: Arena,
  area: PointArea,
  { factor = 0, equations = [] }: { factor?: number; equations?: readonly number[] },
): void {
  words.set([...area.words, ...equations], area.address >>> 2);
  floats[(area.address >>> 3) + 7] = factor;
}

/** Lays points, network and weights out. */
function putPoints(
  arena: Arena,
  network: PositionNetwork,
  { points, inputs, targets, responses }: ScaledPoints,
  parameters: Float64Array,
  withGradient: boolean,
): PointArea {
  arena.clear();
  const address = arena.reserve(64);
  const own = putNetwork(arena, network, parameters);
  const width = network.inputs;
  const words = [
    own,
    width,
    points,
    arena.putFloats(inputs),
    arena.putFloats(targets),
    arena.putFloats(responses),
    arena.reserveFloats(width * SAMPLES),
  ];
  const gradient = withGradient ? arena.reserveFloats(network.size) : 0;
  return { address, words: [...words, gradient], gradient };
}

/** As `padded` in assembly/positions/layers.ts. */
function paddedRow(inputs: number): number {
  const whole = Math.ceil(inputs / 4) * 4;
  return whole % 32 === 0 ? whole + 4 : whole;
}

function putNetwork(
  arena: Arena,
  { inputs: entering, hidden }: PositionNetwork,
  parameters: Float64Array,
): number {
  const slices = positionNetworkLayout(entering, hidden);
  const offset = (slice: number): number => 8 * (slices[slice]?.offset ?? 0);
  const block = (neurons: number): number => arena.reserveFloats(neurons * SAMPLES);
  const widths = [entering, ...hidden];
  const layers = hidden.map((outputs, l) => {
    const inputs = widths[l];
    const padded = paddedRow(inputs);
    return [
      inputs,
      outputs,
      offset(2 * l),
      offset(2 * l + 1),
      ...[block(inputs), block(inputs), block(inputs)],
      ...[block(outputs), block(outputs), block(outputs), block(outputs), block(outputs)],
      ...[block(padded), block(padded)],
      arena.reserveFloats(outputs * padded),
      arena.reserveFloats(outputs),
      arena.reserveFloats(outputs * inputs),
      ...[0, 0, 0],
    ];
  });
  const last = widths[hidden.length];
  const table = arena.reserveWords(LAYER_WORDS * layers.length);
  const values = arena.putFloats(parameters);
  const network = [
    table,
    layers.length,
    values,
    offset(2 * hidden.length),
    block(last),
    block(last),
    arena.reserveFloats(last),
  ];
  const address = arena.reserveWords(network.length);
  arena.words.set(layers.flat(), table >>> 2);
  arena.words.set(network, address >>> 2);
  return address;
}
