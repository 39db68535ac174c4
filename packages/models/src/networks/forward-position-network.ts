import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { checkHidden, positionNetworkLayout } from "./layout.ts";

/** Three components of a million particles. */
const MOST_INPUTS = 3e6;

/** One layer, and what its last evaluation left there. */
export interface PositionLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly biases: number;
  /** What enters the layer. [inputs] */
  readonly h: Float64Array;
  /** Derivative of the energy with respect to what enters the layer. [inputs] */
  readonly u: Float64Array;
  /** First and second derivative of squareplus at the pre-activations. [outputs] */
  readonly s1: Float64Array;
  readonly s2: Float64Array;
  /** Derivative of the energy with respect to the pre-activations. [outputs] */
  readonly d: Float64Array;
}

/**
 * Dense squareplus network from a whole configuration to one energy, in float64: the baseline LNN.
 *
 * squareplus(z) = (z + sqrt(z^2 + 4)) / 2, linear output without a bias. {@link evaluate} gives energy and input gradient (the forces, up to
 * sign and scale): one pass forward and one back.
 * Only exactly rounded operations: the same weights give the same bits on every machine.
 */
export class ForwardPositionNetwork {
  readonly inputs: number;
  readonly hidden: readonly number[];
  /** Number of weights and biases. */
  readonly size: number;
  /** Energy at the last {@link evaluate}. */
  energy = 0;
  /** dV/dx at the last {@link evaluate}. [inputs] */
  readonly gradient: Float64Array;
  protected readonly layers: readonly PositionLayer[];
  protected readonly outputWeights: number;
  /** Last activations. */
  protected readonly last: Float64Array;

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
        u: new Float64Array(entering),
        s1: new Float64Array(outputs),
        s2: new Float64Array(outputs),
        d: new Float64Array(outputs),
      };
    });
    this.outputWeights = slices[2 * hidden.length]?.offset as number;
    this.last = new Float64Array(widths[hidden.length]);
    this.gradient = this.layers[0].u;
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
}
