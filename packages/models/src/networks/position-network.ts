import { ForwardPositionNetwork } from "./forward-position-network.ts";

/**
 * A network whose input gradient g is differentiated: along lambda gives the Hessian times lambda, and what {@link accumulateGradient} needs to
 * add the derivative of lambda . g with respect to the weights: one pass forward and one back.
 */
export class PositionNetwork extends ForwardPositionNetwork {
  /** d2V/dx2 lambda of the last {@link differentiate}. [inputs] */
  readonly hessianProduct: Float64Array = new Float64Array(this.inputs);
  /** Each layer with the change along the direction of what enters it, of its pre-activations, and of d. [inputs], [outputs], [outputs] */
  private readonly tangents = this.layers.map((layer) => ({
    ...layer,
    hDot: new Float64Array(layer.inputs),
    zDot: new Float64Array(layer.outputs),
    dDot: new Float64Array(layer.outputs),
  }));
  /** Change of the last activations. */
  private readonly lastDot = new Float64Array(this.last.length);

  /**
   * Follows the direction lambda through both passes of the last {@link evaluate}; sets {@link hessianProduct}.
   *
   * @param lambda - [inputs]
   */
  differentiate(weights: Float64Array, lambda: Float64Array): void {
    const { tangents: layers, lastDot, hessianProduct } = this;
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
    const { tangents: layers, lastDot, outputWeights } = this;
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
    const { tangents: layers, lastDot, outputWeights } = this;
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
