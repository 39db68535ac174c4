import type * as TF from "@tensorflow/tfjs";
import { tf } from "./tensorflow.ts";

type Gradient = Parameters<typeof tf.registerGradient>[0];

/** 1 where x > 0, 0 elsewhere, and constant. */
const positive = (x: TF.Tensor): TF.Tensor => tf.step(x);

/** Gradients that save what went in, not what came out: only those can be differentiated again. */
const SMOOTH: Readonly<Record<string, (dy: TF.Tensor, x: TF.Tensor) => TF.Tensor>> = {
  Tanh: (dy, x) => tf.mul(dy, tf.sub(1, tf.square(tf.tanh(x)))),
  Sigmoid: (dy, x) => {
    const s = tf.sigmoid(x);
    return tf.mul(dy, tf.mul(s, tf.sub(1, s)));
  },
  Exp: (dy, x) => tf.mul(dy, tf.exp(x)),
  // Where x <= 0 the slope is exp(x), elsewhere 1; exp never sees a large x.
  Elu: (dy, x) => {
    const above = positive(x);
    const below = tf.sub(1, above);
    return tf.mul(dy, tf.add(above, tf.mul(below, tf.exp(tf.mul(x, below)))));
  },
};

/** Operations whose outputs jump: their derivative is 0 almost everywhere. */
const COMPARISONS = [
  "Equal",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "LogicalAnd",
  "LogicalOr",
  "NotEqual",
] as const;

/** Kernels that {@link installHigherOrderGradients} mends. */
export const MENDED: readonly string[] = [
  ...Object.keys(SMOOTH),
  "Softmax",
  "LogSoftmax",
  ...COMPARISONS,
  "LogicalNot",
];

/**
 * Registers gradients of tanh, sigmoid, exp, elu, softmax, log-softmax and of comparisons that can be differentiated again.
 *
 * tfjs 4.22 saves the outputs of these operations for their gradients, and such a gradient is cut off from its input: the second derivative
 * throws, or is silently wrong (x sigmoid(x)); comparisons have none at all, which breaks the second derivative of maximum, relu6,
 * leakyRelu, clipByValue, and every derivative of `where(greater(x, 0), ...)`. What is registered is global to the process: call this once, in a
 * program, not in a library.
 *
 * @returns a function that puts the gradients back that were there before
 * @see https://github.com/tensorflow/tfjs/issues/3252
 */
export function installHigherOrderGradients(): () => void {
  const before = MENDED.map((kernel) => [kernel, tf.getGradient(kernel)] as const);
  const register = (config: Gradient): void => {
    if (tf.getGradient(config.kernelName) !== undefined) tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
  };
  for (const [kernelName, derivative] of Object.entries(SMOOTH))
    register({
      kernelName,
      inputsToSave: ["x"],
      gradFunc: (dy, saved) => ({
        x: () => derivative(dy as TF.Tensor, saved[0] as TF.Tensor),
      }),
    });
  register({
    kernelName: "Softmax",
    inputsToSave: ["logits"],
    gradFunc: (dy, saved, attrs) => ({
      logits: () => {
        const y = tf.softmax(saved[0] as TF.Tensor, axisOf(attrs, "dim"));
        const dyTimesY = tf.mul(dy as TF.Tensor, y);
        return tf.sub(dyTimesY, tf.mul(tf.sum(dyTimesY, axisOf(attrs, "dim"), true), y));
      },
    }),
  });
  register({
    kernelName: "LogSoftmax",
    inputsToSave: ["logits"],
    gradFunc: (dy, saved, attrs) => ({
      logits: () => {
        const axis = axisOf(attrs, "axis");
        const sum = tf.sum(dy as TF.Tensor, axis, true);
        return tf.sub(dy as TF.Tensor, tf.mul(sum, tf.softmax(saved[0] as TF.Tensor, axis)));
      },
    }),
  });
  for (const kernelName of COMPARISONS)
    register({
      kernelName,
      inputsToSave: ["a", "b"],
      gradFunc: (_, saved) => ({
        a: () => zerosOf(saved[0] as TF.Tensor),
        b: () => zerosOf(saved[1] as TF.Tensor),
      }),
    });
  register({
    kernelName: "LogicalNot",
    inputsToSave: ["x"],
    gradFunc: (_, saved) => ({ x: () => zerosOf(saved[0] as TF.Tensor) }),
  });
  return () => {
    for (const [kernel, config] of before) {
      if (tf.getGradient(kernel) !== undefined) tf.unregisterGradient(kernel);
      if (config !== undefined) tf.registerGradient(config);
    }
  };
}

const zerosOf = (x: TF.Tensor): TF.Tensor => tf.zeros(x.shape);

function axisOf(attrs: unknown, key: "dim" | "axis"): number {
  return (attrs as Readonly<Record<string, number>>)[key] as number;
}
