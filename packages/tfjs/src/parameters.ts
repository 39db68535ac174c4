import { MclnnError } from "@mclnn/physics";
import type * as TF from "@tensorflow/tfjs";
import { tf } from "./tensorflow.ts";

/** The trained tensors of a model as one flat float64 vector, which is what optimisers work on. tfjs itself keeps float32. */
export class Parameters {
  readonly size: number;
  readonly variables: readonly TF.Variable[];

  /** @throws MclnnError `bad-variables` for anything but float32 variables that are alive */
  constructor(variables: readonly TF.Variable[]) {
    Array.from(variables).forEach((variable, k) => {
      const alive = typeof variable?.assign === "function" && !variable.isDisposed;
      if (!alive || variable.dtype !== "float32")
        throw new MclnnError(`variable ${k} cannot be trained`, {
          code: "bad-variables",
          argument: "variables",
          expected: "variables of dtype float32, made by tf.variable and not disposed",
          got: alive ? String(variable.dtype) : variable?.isDisposed ? "disposed" : typeof variable,
        });
    });
    this.variables = [...variables];
    this.size = variables.reduce((sum, { size }) => sum + size, 0);
  }

  read(): Float64Array {
    const out = new Float64Array(this.size);
    let offset = 0;
    for (const variable of this.variables) {
      out.set(variable.dataSync(), offset);
      offset += variable.size;
    }
    return out;
  }

  /** Inside a tidy. @param flat - [size] */
  write(flat: Float64Array): void {
    let offset = 0;
    for (const variable of this.variables) {
      const values = Float32Array.from(flat.subarray(offset, offset + variable.size));
      variable.assign(tf.tensor(values, variable.shape, "float32"));
      offset += variable.size;
    }
  }

  /**
   * Gradient of a scalar with respect to all variables, and to other tensors, by one pass back; 0 for what does not matter. Inside a tidy.
   *
   * @param out - [size], overwritten
   * @param others - what else to differentiate with respect to
   * @returns gradients of `others`
   */
  gradientOf(
    scalar: () => TF.Scalar,
    out: Float64Array,
    others: readonly TF.Tensor[] = [],
  ): Float64Array[] {
    const { variables } = this;
    // Not tf.variableGrads: it throws where the scalar depends on no variable, and takes no other tensors.
    const { grads } = tf.engine().gradients(scalar, [...variables, ...others], undefined, true);
    let offset = 0;
    variables.forEach(({ size }, k) => {
      const part = grads[k];
      if (part === undefined || part === null) out.fill(0, offset, offset + size);
      else out.set(part.dataSync(), offset);
      offset += size;
    });
    return others.map((x, k) => {
      const part = grads[variables.length + k];
      return part === undefined || part === null
        ? new Float64Array(x.size)
        : Float64Array.from(part.dataSync());
    });
  }
}
