import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { checkHidden, type LayoutSlice, networkLayout } from "./energy-network.ts";

/**
 * Names the slices of the flat weights of a {@link PositionNetwork}: those of a dense network without the last bias,
 * which no force depends on.
 */
export function positionNetworkLayout(
  inputs: number,
  hidden: readonly number[],
): readonly LayoutSlice[] {
  checkArgument("inputs", inputs, "count");
  checkHidden(hidden);
  return networkLayout([inputs, ...Array.from(hidden), 1]).slice(0, -1);
}

/** Number of weights and biases, the last bias left out: 220 for 9 inputs and [10, 10]. */
export function positionNetworkSize(inputs: number, hidden: readonly number[]): number {
  return positionNetworkLayout(inputs, hidden).reduce((sum, slice) => sum + slice.length, 0);
}

/** Three components of a million particles. */
const MOST_INPUTS = 3e6;

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly biases: number;
  /** What enters the layer, and its change along the direction. [inputs] */
  readonly h: Float64Array;
  readonly hDot: Float64Array;
  /** Derivative of the energy with respect to what enters the layer. [inputs] */
  readonly u: Float64Array;
  /** First and second derivative of squareplus at the pre-activations, and the change of those. [outputs] */
  readonly s1: Float64Array;
  readonly s2: Float64Array;
  readonly zDot: Float64Array;
  /** Derivative of the energy with respect to the pre-activations, and its change along the direction. [outputs] */
  readonly d: Float64Array;
  readonly dDot: Float64Array;
}

/**
 * Dense squareplus network from a whole configuration to one energy, in float64: the baseline LNN.
 *
 * squareplus(z) = (z + sqrt(z^2 + 4)) / 2, linear output without a bias. {@link evaluate} gives energy and input gradient g (the forces, up to
 * sign and scale); {@link differentiate} along lambda gives the Hessian times lambda, and what {@link accumulateGradient} needs to add the
 * derivative of lambda . g with respect to the weights: one pass forward and one back for each.
 * Only exactly rounded operations: the same weights give the same bits on every machine.
 */
export class PositionNetwork {
  readonly inputs: number;
  readonly hidden: readonly number[];
  /** Number of weights and biases. */
  readonly size: number;
  /** Energy at the last {@link evaluate}. */
  energy = 0;
  /** dV/dx at the last {@link evaluate}. [inputs] */
  readonly gradient: Float64Array;
  /** d2V/dx2 lambda of the last {@link differentiate}. [inputs] */
  readonly hessianProduct: Float64Array;
  private readonly layers: readonly Layer[];
  private readonly outputWeights: number;
  /** Last activations and their change along the direction. */
  private readonly last: Float64Array;
  private readonly lastDot: Float64Array;

  constructor(inputs: number, hidden: readonly number[]) {
    checkHidden(hidden);
    checkArgument("inputs", inputs, "count");
    if (inputs > MOST_INPUTS)
      throw new MclnnError("inputs cannot be used", {
        code: "bad-option",
        argument: "inputs",
        expected: `at most ${MOST_INPUTS}`,
        got: `${inputs}`,
      });
    this.inputs = inputs;
    this.hidden = [...hidden];
    const slices = positionNetworkLayout(inputs, hidden);
    this.size = slices.reduce((sum, slice) => sum + slice.length, 0);
    const widths = [inputs, ...hidden];
    this.layers = this.hidden.map((outputs, l) => {
      const entering = widths[l];
      return {
        inputs: entering,
        outputs,
        weights: slices[2 * l]?.offset as number,
        biases: slices[2 * l + 1]?.offset as number,
        h: new Float64Array(entering),
        hDot: new Float64Array(entering),
        u: new Float64Array(entering),
        s1: new Float64Array(outputs),
        s2: new Float64Array(outputs),
        zDot: new Float64Array(outputs),
        d: new Float64Array(outputs),
        dDot: new Float64Array(outputs),
      };
    });
    this.outputWeights = slices[2 * hidden.length]?.offset as number;
    this.last = new Float64Array(widths[hidden.length]);
    this.lastDot = new Float64Array(this.last.length);
    this.gradient = this.layers[0].u;
    this.hessianProduct = new Float64Array(inputs);
  }

  /**
   * Sets {@link energy} and {@link gradient}.
   *
   * @param weights - [size]
   * @param x - inputs, read from `offset` on
   */
  evaluate(weights: Float64Array, x: Float64Array, offset = 0): void {
    const { layers, last } = this;
    const depth = layers.length;
    const { h: first } = layers[0];
    for (let k = 0; k < first.length; k++) first[k] = x[offset + k];
    for (let l = 0; l < depth; l++) {
      const { inputs, outputs, h, s1, s2, weights: w, biases } = layers[l];
      const next = l + 1 < depth ? layers[l + 1].h : last;
      for (let j = 0, o = w; j < outputs; j++) {
        let z = weights[biases + j];
        for (let k = 0; k < inputs; k++, o++) z += weights[o] * h[k];
        const root = Math.sqrt(z * z + 4);
        const inverse = 1 / root;
        next[j] = 0.5 * (z + root);
        s1[j] = 0.5 * (1 + z * inverse);
        s2[j] = 2 * inverse * inverse * inverse;
      }
    }
    let energy = 0;
    const { s1, d } = layers[depth - 1];
    for (let j = 0; j < last.length; j++) {
      const w = weights[this.outputWeights + j];
      energy += w * last[j];
      d[j] = w * s1[j];
    }
    this.energy = energy;
    for (let l = depth - 1; l >= 0; l--) {
      const layer = layers[l];
      const { inputs, outputs, u } = layer;
      const down = layer.d;
      u.fill(0);
      for (let j = 0, o = layer.weights; j < outputs; j++) {
        const dj = down[j];
        for (let k = 0; k < inputs; k++, o++) u[k] = u[k] + weights[o] * dj;
      }
      if (l > 0) {
        const below = layers[l - 1];
        for (let k = 0; k < inputs; k++) below.d[k] = below.s1[k] * u[k];
      }
    }
  }

  /**
   * Follows the direction lambda through both passes of the last {@link evaluate}; sets {@link hessianProduct}.
   *
   * @param lambda - [inputs]
   */
  differentiate(weights: Float64Array, lambda: Float64Array): void {
    const { layers, lastDot, hessianProduct } = this;
    const depth = layers.length;
    layers[0].hDot.set(lambda);
    for (let l = 0; l < depth; l++) {
      const { inputs, outputs, hDot, s1, zDot, weights: w } = layers[l];
      const next = l + 1 < depth ? layers[l + 1].hDot : lastDot;
      for (let j = 0, o = w; j < outputs; j++) {
        let z = 0;
        for (let k = 0; k < inputs; k++, o++) z += weights[o] * hDot[k];
        zDot[j] = z;
        next[j] = s1[j] * z;
      }
    }
    const top = layers[depth - 1];
    for (let j = 0; j < top.outputs; j++)
      top.dDot[j] = weights[this.outputWeights + j] * top.s2[j] * top.zDot[j];
    for (let l = depth - 1; l >= 0; l--) {
      const { inputs, outputs, dDot, u, weights: w } = layers[l];
      const below = layers[l - 1];
      const uDot = below === undefined ? hessianProduct : below.dDot;
      uDot.fill(0);
      for (let j = 0, o = w; j < outputs; j++) {
        const e = dDot[j];
        for (let k = 0; k < inputs; k++, o++) uDot[k] = uDot[k] + weights[o] * e;
      }
      if (below !== undefined) {
        const { s1, s2, zDot } = below;
        for (let k = 0; k < inputs; k++) uDot[k] = s1[k] * uDot[k] + s2[k] * zDot[k] * u[k];
      }
    }
  }

  /**
   * Adds `factor` d(lambda . g)/dweights to `out`, for the lambda of the last {@link differentiate}, held fixed.
   *
   * dW_l = d_l hDot' + dDot_l h', db_l = dDot_l; for the output weights, the change of the last activations.
   *
   * @param out - [size], added to
   */
  accumulateGradient(out: Float64Array, factor = 1): void {
    const { layers, lastDot, outputWeights } = this;
    for (let l = 0; l < layers.length; l++) {
      const { inputs, outputs, h, hDot, d, dDot, weights, biases } = layers[l];
      for (let j = 0, o = weights; j < outputs; j++) {
        const dj = factor * d[j];
        const ej = factor * dDot[j];
        out[biases + j] = out[biases + j] + ej;
        for (let k = 0; k < inputs; k++, o++) out[o] = out[o] + (dj * hDot[k] + ej * h[k]);
      }
    }
    for (let j = 0; j < lastDot.length; j++)
      out[outputWeights + j] = out[outputWeights + j] + factor * lastDot[j];
  }

  /**
   * Writes `factor` d(lambda . g)/dweights as one column of a matrix of weights against residuals.
   *
   * @param out - [size x stride]
   */
  writeColumn(out: Float64Array, column: number, stride: number, factor: number): void {
    const { layers, lastDot, outputWeights } = this;
    for (let l = 0; l < layers.length; l++) {
      const { inputs, outputs, h, hDot, d, dDot, weights, biases } = layers[l];
      let o = weights * stride + column;
      for (let j = 0; j < outputs; j++) {
        const dj = factor * d[j];
        const ej = factor * dDot[j];
        out[(biases + j) * stride + column] = ej;
        for (let k = 0; k < inputs; k++, o += stride) out[o] = dj * hDot[k] + ej * h[k];
      }
    }
    for (let j = 0; j < lastDot.length; j++)
      out[(outputWeights + j) * stride + column] = factor * lastDot[j];
  }
}
