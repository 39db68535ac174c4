import { MclnnError } from "@mclnn/physics";
import { checkArgument, described } from "@mclnn/physics/arguments";

/** One named slice of a flat weight vector. */
export interface LayoutSlice {
  /** `weights0`, `biases0`, ... from the input on. */
  readonly name: string;
  /** [outputs, inputs] for weights (row-major), [outputs] for biases. */
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** Names the slices of the flat weights of a dense network. @param widths - [inputs, ...hidden, outputs] @throws MclnnError `bad-argument`, `bad-option`, `not-finite` */
export function networkLayout(widths: readonly number[]): readonly LayoutSlice[] {
  checkArgument("widths", widths, "numbers");
  for (const width of Array.from(widths)) checkArgument("widths", width, "count");
  const slices: LayoutSlice[] = [];
  let offset = 0;
  for (let l = 0; l + 1 < widths.length; l++) {
    const inputs = widths[l];
    const outputs = widths[l + 1];
    for (const [name, shape] of [
      [`weights${l}`, [outputs, inputs]],
      [`biases${l}`, [outputs]],
    ] as const) {
      const length = shape.reduce<number>((product, n) => product * n, 1);
      slices.push({ name, shape, offset, length });
      offset += length;
    }
  }
  return slices;
}

/** Number of weights and biases of a dense network. @param widths - [inputs, ...hidden, outputs] */
export function networkSize(widths: readonly number[]): number {
  return networkLayout(widths).reduce((sum, slice) => sum + slice.length, 0);
}

/** Throws unless `hidden` is a list of one or more positive whole widths. */
export function checkHidden(hidden: readonly number[]): void {
  checkArgument("hidden", hidden, "list", { code: "bad-hidden-widths" });
  if (
    hidden.length === 0 ||
    hidden.length > 16 ||
    !Array.from(hidden).every((h) => Number.isInteger(h) && h > 0 && h <= 4096)
  )
    throw new MclnnError("hidden widths cannot be used", {
      code: "bad-hidden-widths",
      argument: "hidden",
      expected: "1 to 16 whole numbers between 1 and 4096",
      got: `[${Array.from(hidden).map(described).join(",")}]`,
      mend: "The paper uses [10, 10].",
    });
}

interface Layer {
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
  /** Adjoints of h, u, c. [inputs] */
  readonly ah: Float64Array;
  readonly au: Float64Array;
  readonly ac: Float64Array;
}

/**
 * Dense squareplus network from one separation to one energy, in float64.
 *
 * squareplus(z) = (z + sqrt(z^2 + 4)) / 2, linear output (paper, A.6). Value, first and second derivative in r go forward together;
 * {@link accumulateGradient} sends any combination of the three back to the weights.
 * Only exactly rounded operations: the same weights give the same bits on every machine.
 */
export class EnergyNetwork {
  readonly hidden: readonly number[];
  /** Number of weights and biases; 141 for [10, 10]. */
  readonly size: number;
  /** V, dV/dr and d2V/dr2 at the last {@link evaluate}. */
  energy = 0;
  slope = 0;
  curvature = 0;
  private readonly layers: readonly Layer[];

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
        ah: vector(inputs),
        au: vector(inputs),
        ac: vector(inputs),
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
    const { layers } = this;
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
    const { layers } = this;
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
