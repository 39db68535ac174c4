import * as tf from "@tensorflow/tfjs";

/** A scalar function of one tensor. */
export type ScalarFunction = (x: tf.Tensor) => tf.Tensor;

/**
 * Gradient of a scalar function with respect to its tensor, differentiable twice more.
 *
 * tf.grad throws where the function does not depend on x, as the slope of a linear law does not. Such a function is tied to x by 0 x^4, which
 * has nothing to add but is still a function of x after three derivatives.
 */
export function gradient(f: ScalarFunction): (x: tf.Tensor) => tf.Tensor {
  return tf.grad((x) => {
    const y = f(x);
    return tf.add(y, tie(x));
  });
}

/** 0, as a function of x that three derivatives do not cut off. */
function tie(x: tf.Tensor): tf.Tensor {
  const square = tf.mul(x, x);
  return tf.mul(0, tf.sum(tf.mul(square, square)));
}

/** Numbers of a tensor in float64. */
export function numbers(x: tf.Tensor): Float64Array {
  return Float64Array.from(x.dataSync());
}
