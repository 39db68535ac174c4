import { createRandom } from "@mclnn/datasets";
import { networkLayout, networkSize } from "@mclnn/models";
import { checkHidden } from "@mclnn/models/parts";
import { checkArgument, checkLength, optional, room } from "@mclnn/physics/arguments";
import type * as TF from "@tensorflow/tfjs";
import { type TfjsBackendName, tfjsBackend } from "./backend.ts";
import { tf } from "./tensorflow.ts";

/** squareplus(z) = (z + sqrt(z^2 + 4)) / 2, of operations whose derivatives tfjs gets right to any order. */
export function squareplus(z: TF.Tensor): TF.Tensor {
  return tf.mul(0.5, tf.add(z, tf.sqrt(tf.add(tf.square(z), 4))));
}

/** A dense squareplus network with a linear output, in tfjs: the built-in network's twin. */
export interface DenseNetwork {
  /** Kernels [inputs, outputs] and biases [outputs], layer by layer. */
  readonly variables: readonly TF.Variable[];
  /** Outputs, one a row, [B], of inputs [B, inputs]. */
  apply(inputs: TF.Tensor): TF.Tensor1D;
  /** Flat weights as they are now, in the order of `networkLayout([inputs, ...hidden, 1])`. */
  weights(): Float64Array;
  dispose(): void;
}

/**
 * Makes a dense network from flat weights, or from a seed (Glorot & Bengio 2010, biases 0).
 *
 * @param options - `backend`: where the weights are made. Default `cpu`; `inputs`: numbers a row; `hidden`: hidden widths. Default [10, 10];
 * `weights`: in the order of `networkLayout([inputs, ...hidden, 1])`; copied, to float32; `seed`: where no weights are given. Default 100
 * @throws MclnnError `bad-hidden-widths`, `bad-shape`, `not-finite`, `bad-option`, `missing-backend`
 */
export async function denseNetwork(
  options: {
    readonly backend?: TfjsBackendName;
    readonly inputs?: number;
    readonly hidden?: readonly number[];
    readonly weights?: Float64Array;
    readonly seed?: number;
  } = {},
): Promise<DenseNetwork> {
  checkArgument("options", options, {
    inputs: "count?",
    hidden: optional("list"),
    weights: "floats?",
    seed: "whole?",
  });
  const {
    backend: backendName = "cpu",
    inputs = 1,
    hidden = [10, 10],
    weights,
    seed = 100,
  } = options;
  checkHidden(hidden);
  const widths = [inputs, ...hidden, 1];
  const layout = networkLayout(widths);
  const flat = weights ?? glorot(widths, seed);
  checkLength("weights", flat, [networkSize(widths), "weights"]);
  const backend = await tfjsBackend(backendName);
  const variables = backend.run(() =>
    layout.map(({ shape, offset, length }) => {
      const values = Float32Array.from(flat.subarray(offset, offset + length));
      if (shape.length === 1) return tf.variable(tf.tensor1d(values));
      // [outputs, inputs] row by row, as columns: a product without a transpose is what the wasm backend is fast at.
      return tf.variable(tf.transpose(tf.tensor2d(values, shape as [number, number])));
    }),
  ) as TF.Variable[];
  return {
    variables,
    apply(x) {
      let h: TF.Tensor = x;
      for (let l = 0; l < variables.length; l += 2) {
        const z = tf.add(
          tf.matMul(h as TF.Tensor2D, variables[l] as unknown as TF.Tensor2D),
          variables[l + 1] as TF.Tensor,
        );
        h = l + 2 < variables.length ? squareplus(z) : z;
      }
      return tf.reshape(h, [-1]) as TF.Tensor1D;
    },
    weights() {
      const out = new Float64Array(networkSize(widths));
      layout.forEach(({ shape, offset }, k) => {
        const values = backend.run(() => (variables[k] as TF.Variable).dataSync());
        const [outputs, columns] = shape as readonly [number, number?];
        values.forEach((x, i) => {
          const at = columns === undefined ? i : (i % outputs) * columns + Math.floor(i / outputs);
          out[offset + at] = x;
        });
      });
      return out;
    },
    dispose() {
      for (const variable of variables) variable.dispose();
    },
  };
}

function glorot(widths: readonly number[], seed: number): Float64Array {
  const random = createRandom(seed);
  const out = room("inputs", networkSize(widths));
  for (const { shape, offset, length } of networkLayout(widths)) {
    const [outputs, inputs] = shape;
    if (inputs === undefined) continue;
    const limit = Math.sqrt(6 / (inputs + (outputs as number)));
    for (let k = 0; k < length; k++) out[offset + k] = limit * (2 * random.uniform() - 1);
  }
  return out;
}
