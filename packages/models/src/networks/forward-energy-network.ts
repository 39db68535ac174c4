import { checkHidden, networkLayout, networkSize } from "./layout.ts";

/** One layer, and what its last evaluation left there. */
export interface EnergyLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly biases: number;
  /** Activations entering the layer and their first and second derivatives in r. [inputs] */
  readonly h: Float64Array;
  readonly u: Float64Array;
  readonly c: Float64Array;
  /** Derivatives of the pre-activations in r. [outputs] */
  readonly zu: Float64Array;
  readonly zc: Float64Array;
  /** First, second, third derivative of squareplus at the pre-activations. [outputs] */
  readonly s1: Float64Array;
  readonly s2: Float64Array;
  readonly s3: Float64Array;
}

/**
 * Dense squareplus network from one separation to one energy, in float64.
 *
 * squareplus(z) = (z + sqrt(z^2 + 4)) / 2, linear output (paper, A.6). Value, first and second derivative in r go forward together.
 * Only exactly rounded operations: the same weights give the same bits on every machine.
 */
export class ForwardEnergyNetwork {
  readonly hidden: readonly number[];
  /** Number of weights and biases; 141 for [10, 10]. */
  readonly size: number;
  /** V, dV/dr and d2V/dr2 at the last {@link evaluate}. */
  energy = 0;
  slope = 0;
  curvature = 0;
  protected readonly layers: readonly EnergyLayer[];

  constructor(hidden: readonly number[]) {
    checkHidden(hidden);
    const widths = [1, ...hidden, 1];
    this.hidden = [...hidden];
    this.size = networkSize(widths);
    const slices = networkLayout(widths);
    this.layers = widths.slice(1).map((outputs, l) => {
      const inputs = widths[l];
      const vector = (n: number): Float64Array => new Float64Array(n);
      return {
        inputs,
        outputs,
        weights: slices[2 * l]?.offset as number,
        biases: slices[2 * l + 1]?.offset as number,
        h: vector(inputs),
        u: vector(inputs),
        c: vector(inputs),
        zu: vector(outputs),
        zc: vector(outputs),
        s1: vector(outputs),
        s2: vector(outputs),
        s3: vector(outputs),
      };
    });
  }

  /** Sets {@link energy}, {@link slope} and {@link curvature} at separation r. @param weights - [size] */
  evaluate(weights: Float64Array, r: number): void {
    const { layers } = this;
    // Stryker disable next-line ArithmeticOperator: the loop is left at the output layer
    const last = layers.length - 1;
    const first = layers[0];
    first.h[0] = r;
    first.u[0] = 1;
    first.c[0] = 0;
    for (let l = 0; l <= last; l++) {
      const layer = layers[l];
      const { inputs, outputs, h, u, c, zu, zc, s1, s2, s3 } = layer;
      const next = layers[l + 1];
      let o = layer.weights;
      for (let k = 0; k < outputs; k++) {
        let z = weights[layer.biases + k];
        let dz = 0;
        let ddz = 0;
        for (let j = 0; j < inputs; j++, o++) {
          const w = weights[o];
          z += w * h[j];
          dz += w * u[j];
          ddz += w * c[j];
        }
        if (next === undefined) {
          this.energy = z;
          this.slope = dz;
          this.curvature = ddz;
          return;
        }
        const root = Math.sqrt(z * z + 4);
        const inverse = 1 / root;
        const cube = inverse * inverse * inverse;
        const d1 = 0.5 * (1 + z * inverse);
        const d2 = 2 * cube;
        zu[k] = dz;
        zc[k] = ddz;
        s1[k] = d1;
        s2[k] = d2;
        s3[k] = -6 * z * cube * inverse * inverse;
        next.h[k] = 0.5 * (z + root);
        next.u[k] = d1 * dz;
        next.c[k] = d2 * dz * dz + d1 * ddz;
      }
    }
  }
}
