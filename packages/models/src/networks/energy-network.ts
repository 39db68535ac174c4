import { ForwardEnergyNetwork } from "./forward-energy-network.ts";

/** A network that sends any combination of V, V' and V'' back to the weights. */
export class EnergyNetwork extends ForwardEnergyNetwork {
  /** Each layer with the adjoints of h, u, c. [inputs] */
  private readonly adjoints = this.layers.map((layer) => ({
    ...layer,
    ah: new Float64Array(layer.inputs),
    au: new Float64Array(layer.inputs),
    ac: new Float64Array(layer.inputs),
  }));

  /**
   * Adds d(a V + b V' + c V'')/dweights at the last evaluated separation to `out[offset ...]`.
   *
   * Call after {@link evaluate} with the same weights.
   */
  accumulateGradient(
    weights: Float64Array,
    a: number,
    b: number,
    c: number,
    out: Float64Array,
    offset = 0,
  ): void {
    const { adjoints: layers } = this;
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l];
      const next = layers[l + 1];
      const { inputs, outputs, h, u, ah, au, ac } = layer;
      const bent = layer.c;
      ah.fill(0);
      au.fill(0);
      ac.fill(0);
      let o = layer.weights;
      for (let k = 0; k < outputs; k++) {
        let az = a;
        let azu = b;
        let azc = c;
        if (next !== undefined) {
          const th = next.ah[k];
          const tu = next.au[k];
          const tc = next.ac[k];
          const zu = layer.zu[k];
          const s1 = layer.s1[k];
          const s2 = layer.s2[k];
          az = th * s1 + tu * s2 * zu + tc * (layer.s3[k] * zu * zu + s2 * layer.zc[k]);
          azu = tu * s1 + tc * 2 * s2 * zu;
          azc = tc * s1;
        }
        const ob = offset + layer.biases + k;
        out[ob] = out[ob] + az;
        for (let j = 0; j < inputs; j++, o++) {
          const w = weights[o];
          const t = offset + o;
          out[t] = out[t] + (az * h[j] + azu * u[j] + azc * bent[j]);
          ah[j] = ah[j] + az * w;
          au[j] = au[j] + azu * w;
          ac[j] = ac[j] + azc * w;
        }
      }
    }
  }

  /**
   * Writes dV'/dweights at the last evaluated separation into one column of a matrix with a row a weight.
   *
   * @param out - [size x stride]
   */
  writeSlopeColumn(weights: Float64Array, out: Float64Array, column: number, stride: number): void {
    const { adjoints: layers } = this;
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l];
      const next = layers[l + 1];
      const { inputs, outputs, h, u, ah, au } = layer;
      ah.fill(0);
      au.fill(0);
      let o = layer.weights;
      for (let k = 0; k < outputs; k++) {
        let az = 0;
        let azu = 1;
        if (next !== undefined) {
          const tu = next.au[k];
          const s1 = layer.s1[k];
          az = next.ah[k] * s1 + tu * layer.s2[k] * layer.zu[k];
          azu = tu * s1;
        }
        out[(layer.biases + k) * stride + column] = az;
        for (let j = 0; j < inputs; j++, o++) {
          const w = weights[o];
          out[o * stride + column] = az * h[j] + azu * u[j];
          ah[j] = ah[j] + az * w;
          au[j] = au[j] + azu * w;
        }
      }
    }
  }

  /** Derivatives of V' in the output weights at the last evaluated separation; overwritten by the next one. [last hidden width] */
  get outputSlopes(): Float64Array {
    return this.layers[this.layers.length - 1].u;
  }
}
