// Acceleration loss of a position network. Twin of src/lnn/acceleration-loss.ts.
import { gram } from "../gram";
import { add, mul } from "../lanes";
import {
  addGradient,
  clearGradient,
  differentiate,
  directionBlock,
  evaluate,
  gradientBlock,
  inputsBlock,
  packGradient,
  prepare,
  rowsOfInputs,
  writeRows,
} from "./layers";
import { BLOCK, SAMPLES } from "./products";

// Points, as src/kernels/positions-kernel.ts lays them out: 32-bit words, then a number.
const NETWORK: usize = 0;
const WIDTH: usize = 4;
const POINTS: usize = 8;
const INPUTS: usize = 12;
const TARGETS: usize = 16;
const RESPONSES: usize = 20;
const RESIDUALS: usize = 24;
/** Packed gradient, or 0. */
const GRADIENT: usize = 28;
/** Rows of J of some samples, and their product; 0 where no equations are made. */
const JACOBIAN: usize = 32;
const PRODUCT: usize = 36;
const METRIC: usize = 40;
/** Weights, padded to a multiple of 4, and samples whose rows are multiplied at a time. */
const COLUMNS: usize = 44;
const TOGETHER: usize = 48;
/** Residuals times responses, times this, are the direction of the gradient. */
const FACTOR: usize = 56;

/** A block of samples from points. Those beyond the last point do what the last one does. */
function gather(from: usize, width: i32, live: i32, out: usize): void {
  const row = <usize>width << 3;
  for (let k: usize = 0; k < <usize>width; k++)
    for (let s = 0; s < SAMPLES; s++)
      store<f64>(
        out + k * BLOCK + (<usize>s << 3),
        load<f64>(from + <usize>min(s, live - 1) * row + (k << 3)),
      );
}

/** Residuals of a block; adds the squares of each sample to the sum. */
function residualsAt(p: usize, first: i32, live: i32, sum: f64): f64 {
  const n = load<usize>(p, NETWORK);
  const width = load<i32>(p, WIDTH);
  const at = (<usize>(first * width)) << 3;
  gather(load<usize>(p, INPUTS) + at, width, live, inputsBlock(n));
  evaluate(n);
  const residuals = load<usize>(p, RESIDUALS);
  gather(load<usize>(p, TARGETS) + at, width, live, residuals);
  const g = gradientBlock(n);
  for (let k: usize = 0; k < <usize>width; k++) {
    const response = v128.load64_splat(load<usize>(p, RESPONSES) + (k << 3));
    for (let o = k * BLOCK; o < (k + 1) * BLOCK; o += 16)
      v128.store(
        residuals + o,
        f64x2.sub(mul(response, v128.load(g + o)), v128.load(residuals + o)),
      );
  }
  for (let s: usize = 0; s < <usize>live << 3; s += 8) {
    let own: f64 = 0;
    for (let k: usize = 0; k < <usize>width; k++) {
      const r = load<f64>(residuals + k * BLOCK + s);
      own += r * r;
    }
    sum += own;
  }
  return sum;
}

/** Direction: factor x response x residual. */
function follow(p: usize, factor: f64, scaled: bool): void {
  const n = load<usize>(p, NETWORK);
  const width = load<i32>(p, WIDTH);
  const residuals = load<usize>(p, RESIDUALS);
  const to = directionBlock(n);
  for (let k: usize = 0; k < <usize>width; k++) {
    const response = load<f64>(load<usize>(p, RESPONSES) + (k << 3));
    const f = f64x2.splat(scaled ? factor * response : response);
    for (let o = k * BLOCK; o < (k + 1) * BLOCK; o += 16)
      v128.store(to + o, mul(f, v128.load(residuals + o)));
  }
  differentiate(n);
}

/** Sum of squares over all points, added to `sum`, and, if asked for, its gradient. */
export function loss(p: usize, sum: f64): f64 {
  const n = load<usize>(p, NETWORK);
  const points = load<i32>(p, POINTS);
  const gradient = load<usize>(p, GRADIENT);
  prepare(n);
  if (gradient != 0) clearGradient(n);
  for (let first = 0; first < points; first += SAMPLES) {
    const live = min(SAMPLES, points - first);
    sum = residualsAt(p, first, live, sum);
    if (gradient == 0) continue;
    rowsOfInputs(n);
    follow(p, load<f64>(p, FACTOR), true);
    addGradient(n, live);
  }
  if (gradient != 0) packGradient(n, gradient);
  return sum;
}

/** Sum of squares, J' residuals and the lower triangle of J'J. */
export function normalEquations(p: usize, sum: f64): f64 {
  const n = load<usize>(p, NETWORK);
  const points = load<i32>(p, POINTS);
  const width = load<i32>(p, WIDTH);
  const columns = load<i32>(p, COLUMNS);
  const together = load<i32>(p, TOGETHER);
  const row = <usize>columns << 3;
  const jacobian = load<usize>(p, JACOBIAN);
  const product = load<usize>(p, PRODUCT);
  const metric = load<usize>(p, METRIC);
  prepare(n);
  clearGradient(n);
  memory.fill(metric, 0, <usize>columns * row);
  for (let first = 0; first < points; first += together) {
    const live = min(together, points - first);
    sum = residualsAt(p, first, live, sum);
    rowsOfInputs(n);
    const direction = directionBlock(n);
    for (let k = 0; k < width; k++) {
      for (let c = 0; c < width; c++)
        for (let s: usize = 0; s < BLOCK; s += 16)
          v128.store(direction + <usize>c * BLOCK + s, f64x2.splat(c == k ? 1 : 0));
      differentiate(n);
      const response = load<f64>(load<usize>(p, RESPONSES) + (<usize>k << 3));
      writeRows(n, live, response, jacobian + <usize>k * row, <usize>width * row);
    }
    follow(p, 1, false);
    addGradient(n, live);
    gram(jacobian, jacobian, columns, live * width, product);
    for (let i: usize = 0; i < <usize>columns; i++) {
      const o = i * row;
      for (let k: usize = 0; k <= i << 3; k += 16)
        v128.store(metric + o + k, add(v128.load(metric + o + k), v128.load(product + o + k)));
    }
  }
  packGradient(n, load<usize>(p, GRADIENT));
  return sum;
}
