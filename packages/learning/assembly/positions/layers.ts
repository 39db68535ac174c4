// A dense squareplus network from a configuration to one energy, 16 samples at a time. Twin of src/lnn/position-network.ts.
import { add, mul } from "../lanes";
import { BLOCK, forwards, outer, transpose, turn } from "./products";

// A layer, as src/kernels/positions-kernel.ts lays it out: 32-bit words. Blocks are [neurons x 16 samples].
const INPUTS: usize = 0;
const OUTPUTS: usize = 4;
/** Byte offsets of its weights and biases. */
const WEIGHTS: usize = 8;
const BIASES: usize = 12;
/** What enters, its change, and the derivative of the energy with respect to it. */
const H: usize = 16;
const H_DOT: usize = 20;
const U: usize = 24;
/** Of the outputs. */
const S1: usize = 28;
const S2: usize = 32;
const Z_DOT: usize = 36;
const D: usize = 40;
const D_DOT: usize = 44;
/** What enters, and its change, as rows of padded columns. */
const H_ROWS: usize = 48;
const H_DOT_ROWS: usize = 52;
/** Gradient of the weights in padded rows, and of the biases. */
const WEIGHT_GRADIENT: usize = 56;
const BIAS_GRADIENT: usize = 60;
/** Transposed weights. */
const TURNED: usize = 64;
export const LAYER: usize = 80;

// A network: 32-bit words.
export const LAYERS: usize = 0;
export const DEPTH: usize = 4;
export const VALUES: usize = 8;
const OUTPUT_WEIGHTS: usize = 12;
const LAST: usize = 16;
const LAST_DOT: usize = 20;
const OUTPUT_GRADIENT: usize = 24;

// @ts-ignore: decorator
@inline
export function layerOf(n: usize, l: i32): usize {
  return load<usize>(n, LAYERS) + <usize>l * LAYER;
}

// @ts-ignore: decorator
@inline
export function inputsBlock(n: usize): usize {
  return load<usize>(layerOf(n, 0), H);
}

/** Input gradient of the energy. */
// @ts-ignore: decorator
@inline
export function gradientBlock(n: usize): usize {
  return load<usize>(layerOf(n, 0), U);
}

/** The direction that {@link differentiate} follows. */
// @ts-ignore: decorator
@inline
export function directionBlock(n: usize): usize {
  return load<usize>(layerOf(n, 0), H_DOT);
}

/** Length of rows: whole vectors, and no power of two, whose rows would crowd into a few sets of the cache. */
function padded(inputs: i32): i32 {
  const whole = (inputs + 3) & ~3;
  return (whole & 31) == 0 ? whole + 4 : whole;
}

/** Once for all samples. */
export function prepare(n: usize): void {
  const depth = load<i32>(n, DEPTH);
  for (let l = 0; l < depth; l++) {
    const layer = layerOf(n, l);
    turn(
      load<i32>(layer, OUTPUTS),
      load<i32>(layer, INPUTS),
      load<usize>(n, VALUES) + load<usize>(layer, WEIGHTS),
      load<usize>(layer, TURNED),
    );
  }
}

/** Input gradient at the block of inputs. */
export function evaluate(n: usize): void {
  const depth = load<i32>(n, DEPTH);
  const weights = load<usize>(n, VALUES);
  for (let l = 0; l < depth; l++) {
    const layer = layerOf(n, l);
    const outputs = load<i32>(layer, OUTPUTS);
    const next = l + 1 < depth ? load<usize>(layerOf(n, l + 1), H) : load<usize>(n, LAST);
    forwards(
      outputs,
      load<i32>(layer, INPUTS),
      weights + load<usize>(layer, WEIGHTS),
      weights + load<usize>(layer, BIASES),
      load<usize>(layer, H),
      next,
    );
    bend(<usize>outputs * BLOCK, next, load<usize>(layer, S1), load<usize>(layer, S2));
  }
  const top = layerOf(n, depth - 1);
  scaleRows(
    load<i32>(top, OUTPUTS),
    weights + load<usize>(n, OUTPUT_WEIGHTS),
    load<usize>(top, S1),
    load<usize>(top, D),
  );
  for (let l = depth - 1; l >= 0; l--) {
    const layer = layerOf(n, l);
    const u = load<usize>(layer, U);
    const inputs = load<i32>(layer, INPUTS);
    forwards(inputs, load<i32>(layer, OUTPUTS), load<usize>(layer, TURNED), 0, load<usize>(layer, D), u);
    if (l == 0) return;
    const below = layerOf(n, l - 1);
    const s = load<usize>(below, S1);
    const d = load<usize>(below, D);
    for (let o: usize = 0; o < <usize>inputs * BLOCK; o += 16)
      v128.store(d + o, mul(v128.load(s + o), v128.load(u + o)));
  }
}

/** squareplus of z in place, with its first and second derivative. */
function bend(bytes: usize, z: usize, s1: usize, s2: usize): void {
  for (let o: usize = 0; o < bytes; o += 16) {
    const x = v128.load(z + o);
    const root = f64x2.sqrt(add(mul(x, x), f64x2.splat(4)));
    const inverse = f64x2.div(f64x2.splat(1), root);
    v128.store(z + o, mul(f64x2.splat(0.5), add(x, root)));
    v128.store(s1 + o, mul(f64x2.splat(0.5), add(f64x2.splat(1), mul(x, inverse))));
    v128.store(s2 + o, mul(mul(mul(f64x2.splat(2), inverse), inverse), inverse));
  }
}

/** out[j] = w[j] x[j] for every sample. */
function scaleRows(rows: i32, w: usize, x: usize, out: usize): void {
  for (let j = 0; j < rows; j++) {
    const factor = v128.load64_splat(w + (<usize>j << 3));
    for (let s: usize = 0; s < BLOCK; s += 16)
      v128.store(out + s, mul(factor, v128.load(x + s)));
    x += BLOCK;
    out += BLOCK;
  }
}

/** Follows the direction through both passes of the last {@link evaluate}, but for the inputs' own second derivative. */
export function differentiate(n: usize): void {
  const depth = load<i32>(n, DEPTH);
  const weights = load<usize>(n, VALUES);
  for (let l = 0; l < depth; l++) {
    const layer = layerOf(n, l);
    const outputs = load<i32>(layer, OUTPUTS);
    const z = load<usize>(layer, Z_DOT);
    forwards(
      outputs,
      load<i32>(layer, INPUTS),
      weights + load<usize>(layer, WEIGHTS),
      0,
      load<usize>(layer, H_DOT),
      z,
    );
    const s = load<usize>(layer, S1);
    const next = l + 1 < depth ? load<usize>(layerOf(n, l + 1), H_DOT) : load<usize>(n, LAST_DOT);
    for (let o: usize = 0; o < <usize>outputs * BLOCK; o += 16)
      v128.store(next + o, mul(v128.load(s + o), v128.load(z + o)));
  }
  const top = layerOf(n, depth - 1);
  const d = load<usize>(top, D_DOT);
  scaleRows(
    load<i32>(top, OUTPUTS),
    weights + load<usize>(n, OUTPUT_WEIGHTS),
    load<usize>(top, S2),
    d,
  );
  const zTop = load<usize>(top, Z_DOT);
  for (let o: usize = 0; o < <usize>load<i32>(top, OUTPUTS) * BLOCK; o += 16)
    v128.store(d + o, mul(v128.load(d + o), v128.load(zTop + o)));
  for (let l = depth - 1; l > 0; l--) {
    const layer = layerOf(n, l);
    const below = layerOf(n, l - 1);
    const inputs = load<i32>(layer, INPUTS);
    const uDot = load<usize>(below, D_DOT);
    forwards(
      inputs,
      load<i32>(layer, OUTPUTS),
      load<usize>(layer, TURNED),
      0,
      load<usize>(layer, D_DOT),
      uDot,
    );
    const s1 = load<usize>(below, S1);
    const s2 = load<usize>(below, S2);
    const z = load<usize>(below, Z_DOT);
    const u = load<usize>(layer, U);
    for (let o: usize = 0; o < <usize>inputs * BLOCK; o += 16)
      v128.store(
        uDot + o,
        add(
          mul(v128.load(s1 + o), v128.load(uDot + o)),
          mul(mul(v128.load(s2 + o), v128.load(z + o)), v128.load(u + o)),
        ),
      );
  }
}

/** What enters each layer, as rows. Once after {@link evaluate}. */
export function rowsOfInputs(n: usize): void {
  const depth = load<i32>(n, DEPTH);
  for (let l = 0; l < depth; l++) {
    const layer = layerOf(n, l);
    const inputs = load<i32>(layer, INPUTS);
    transpose(inputs, padded(inputs), load<usize>(layer, H), load<usize>(layer, H_ROWS));
  }
}

function rowsOfChanges(n: usize): void {
  const depth = load<i32>(n, DEPTH);
  for (let l = 0; l < depth; l++) {
    const layer = layerOf(n, l);
    const inputs = load<i32>(layer, INPUTS);
    transpose(inputs, padded(inputs), load<usize>(layer, H_DOT), load<usize>(layer, H_DOT_ROWS));
  }
}

/** Adds the samples of each row to one number, one after another. */
function addRows(rows: i32, live: i32, x: usize, out: usize): void {
  for (let j = 0; j < rows; j++) {
    let sum = load<f64>(out);
    for (let s: usize = 0; s < <usize>live << 3; s += 8) sum += load<f64>(x + s);
    store<f64>(out, sum);
    x += BLOCK;
    out += 8;
  }
}

/** Adds d(lambda . g)/dweights of the first `live` samples, for the direction lambda of the last {@link differentiate}. */
export function addGradient(n: usize, live: i32): void {
  const depth = load<i32>(n, DEPTH);
  rowsOfChanges(n);
  for (let l = 0; l < depth; l++) {
    const layer = layerOf(n, l);
    const outputs = load<i32>(layer, OUTPUTS);
    addRows(outputs, live, load<usize>(layer, D_DOT), load<usize>(layer, BIAS_GRADIENT));
    outer(
      outputs,
      padded(load<i32>(layer, INPUTS)),
      live,
      load<usize>(layer, D),
      load<usize>(layer, D_DOT),
      load<usize>(layer, H_DOT_ROWS),
      load<usize>(layer, H_ROWS),
      load<usize>(layer, WEIGHT_GRADIENT),
    );
  }
  const top = layerOf(n, depth - 1);
  addRows(load<i32>(top, OUTPUTS), live, load<usize>(n, LAST_DOT), load<usize>(n, OUTPUT_GRADIENT));
}

export function clearGradient(n: usize): void {
  const depth = load<i32>(n, DEPTH);
  for (let l = 0; l < depth; l++) {
    const layer = layerOf(n, l);
    const outputs = <usize>load<i32>(layer, OUTPUTS);
    const columns = <usize>padded(load<i32>(layer, INPUTS));
    memory.fill(load<usize>(layer, WEIGHT_GRADIENT), 0, (outputs * columns) << 3);
    memory.fill(load<usize>(layer, BIAS_GRADIENT), 0, outputs << 3);
  }
  memory.fill(
    load<usize>(n, OUTPUT_GRADIENT),
    0,
    <usize>load<i32>(layerOf(n, depth - 1), OUTPUTS) << 3,
  );
}

/** Packs the gradient as the weights are. */
export function packGradient(n: usize, out: usize): void {
  const depth = load<i32>(n, DEPTH);
  for (let l = 0; l < depth; l++) {
    const layer = layerOf(n, l);
    const outputs = load<i32>(layer, OUTPUTS);
    const inputs = load<i32>(layer, INPUTS);
    const row = <usize>padded(inputs) << 3;
    const own = <usize>inputs << 3;
    for (let j: usize = 0; j < <usize>outputs; j++)
      memory.copy(
        out + load<usize>(layer, WEIGHTS) + j * own,
        load<usize>(layer, WEIGHT_GRADIENT) + j * row,
        own,
      );
    memory.copy(
      out + load<usize>(layer, BIASES),
      load<usize>(layer, BIAS_GRADIENT),
      <usize>outputs << 3,
    );
  }
  memory.copy(
    out + load<usize>(n, OUTPUT_WEIGHTS),
    load<usize>(n, OUTPUT_GRADIENT),
    <usize>load<i32>(layerOf(n, depth - 1), OUTPUTS) << 3,
  );
}

/**
 * Writes `factor` d(lambda . g)/dweights of each sample as a row of J.
 *
 * @param out - of the first sample @param stride - bytes from a sample's row to the next one's
 */
export function writeRows(n: usize, live: i32, factor: f64, out: usize, stride: usize): void {
  const depth = load<i32>(n, DEPTH);
  rowsOfChanges(n);
  for (let s: usize = 0; s < <usize>live; s++) {
    for (let l = 0; l < depth; l++) {
      const layer = layerOf(n, l);
      const outputs = load<i32>(layer, OUTPUTS);
      const inputs = load<i32>(layer, INPUTS);
      const row = <usize>padded(inputs) << 3;
      const own = <usize>inputs << 3;
      const p = load<usize>(layer, H_DOT_ROWS) + s * row;
      const q = load<usize>(layer, H_ROWS) + s * row;
      let d = load<usize>(layer, D) + (s << 3);
      let e = load<usize>(layer, D_DOT) + (s << 3);
      let to = out + load<usize>(layer, WEIGHTS);
      let bias = out + load<usize>(layer, BIASES);
      for (let j = 0; j < outputs; j++) {
        const dj = factor * load<f64>(d);
        const ej = factor * load<f64>(e);
        store<f64>(bias, ej);
        const dd = f64x2.splat(dj);
        const ee = f64x2.splat(ej);
        let k: usize = 0;
        for (; k + 8 < own; k += 16)
          v128.store(to + k, add(mul(dd, v128.load(p + k)), mul(ee, v128.load(q + k))));
        if (k < own) store<f64>(to + k, dj * load<f64>(p + k) + ej * load<f64>(q + k));
        to += own;
        bias += 8;
        d += BLOCK;
        e += BLOCK;
      }
    }
    const width = <usize>load<i32>(layerOf(n, depth - 1), OUTPUTS);
    let last = load<usize>(n, LAST_DOT) + (s << 3);
    const to = out + load<usize>(n, OUTPUT_WEIGHTS);
    for (let j: usize = 0; j < width; j++) {
      store<f64>(to + (j << 3), factor * load<f64>(last));
      last += BLOCK;
    }
    out += stride;
  }
}
