import * as tf from "@tensorflow/tfjs";

/** A scalar function of one tensor. */
export type ScalarFunction = (x: tf.Tensor) => tf.Tensor;

/**
 * Gradient of a scalar function with respect to its tensor; 0 where it does not depend on it, as the curvature of a linear law does not.
 *
 * tf.grad throws there.
 */
export function gradient(f: ScalarFunction): (x: tf.Tensor) => tf.Tensor {
  return (x) =>
    tf.tidy(() => {
      const { grads } = tf.engine().gradients(() => f(x), [x], undefined, true);
      return (grads[0] as tf.Tensor | undefined) ?? tf.zerosLike(x);
    });
}

/** Numbers of a tensor in float64. */
export function numbers(x: tf.Tensor): Float64Array {
  return Float64Array.from(x.dataSync());
}
