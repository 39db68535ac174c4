import type * as TF from "@tensorflow/tfjs";
import { tf } from "./tensorflow.ts";

/** A scalar function of one tensor. */
export type ScalarFunction = (x: TF.Tensor) => TF.Tensor;

/**
 * Gradient of a scalar function with respect to its tensor; 0 where it does not depend on it, as the curvature of a linear law does not.
 *
 * tf.grad throws there.
 */
export function gradient(f: ScalarFunction): (x: TF.Tensor) => TF.Tensor {
  return (x) =>
    tf.tidy(() => {
      const { grads } = tf.engine().gradients(() => f(x), [x], undefined, true);
      return (grads[0] as TF.Tensor | undefined) ?? tf.zerosLike(x);
    });
}

/** Numbers of a tensor in float64. */
export function numbers(x: TF.Tensor): Float64Array {
  return Float64Array.from(x.dataSync());
}
