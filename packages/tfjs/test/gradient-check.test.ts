import { isMclnnError } from "@mclnn/physics";
import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, it } from "vitest";
import { denseNetwork, installHigherOrderGradients, tfjsPairPotential } from "../src/index.ts";
import { BACKENDS } from "./backends.ts";

type Operation = (r: tf.Tensor) => tf.Tensor;

/** Operation, what must be named, order at which tfjs 4.22 fails, and V''(1.3) by hand. */
const TRAPS: readonly [
  name: string,
  operation: Operation,
  named: string,
  order: number,
  curvature: number,
][] = [
  ["tanh", (r) => tf.tanh(r), "Tanh", 2, -2 * Math.tanh(1.3) * (1 - Math.tanh(1.3) ** 2)],
  ["x sigmoid(x), silently wrong", (r) => tf.mul(r, tf.sigmoid(r)), "Sigmoid", 2, swish2(1.3)],
  ["exp", (r) => tf.exp(tf.neg(r)), "Exp", 2, Math.exp(-1.3)],
  ["elu", (r) => tf.elu(tf.neg(r)), "Elu", 2, Math.exp(-1.3)],
  [
    "tanh beside a good path",
    (r) => tf.add(tf.square(r), tf.mul(0.3, tf.tanh(r))),
    "Tanh",
    2,
    2 - 0.6 * Math.tanh(1.3) * (1 - Math.tanh(1.3) ** 2),
  ],
  ["minimum", (r) => tf.square(tf.minimum(r, 7)), "Minimum", 2, 2],
  ["relu6", (r) => tf.mul(r, tf.relu6(r)), "Relu6", 2, 2],
  ["where", (r) => tf.where(tf.greater(r, 0.1), tf.square(r), r), "Greater", 1, 2],
];

function swish2(x: number): number {
  const s = 1 / (1 + Math.exp(-x));
  return s * (1 - s) * (2 + x * (1 - 2 * s));
}

let undo = (): void => {};
afterEach(() => {
  undo();
  undo = () => {};
});

describe.each(BACKENDS)("on %s", (backend) => {
  it.each(TRAPS)(
    "%s is caught and named, and mended on request to 1e-5",
    async (_, f, named, order, curvature) => {
      const error = await tfjsPairPotential(f, { backend }).catch((e: unknown) => e);
      expect(isMclnnError(error) && error.code).toBe("bad-gradient");
      expect(String(error)).toMatch(order === 1 ? /slope dV\/dr/ : /second derivative d2V\/dr2/);
      expect(String(error)).toContain(`because of ${named}`);
      expect(String(error)).toContain("installHigherOrderGradients()");
      undo = installHigherOrderGradients();
      const pair = await tfjsPairPotential(f, { backend });
      expect(Math.abs(pair.curvature(1.3) - curvature)).toBeLessThan(1e-5);
    },
  );

  it("softplus, wrong only in the gradient of training, is caught there and mended", async () => {
    const { variables } = await denseNetwork({ backend, hidden: [4] });
    const energy = (r: tf.Tensor): tf.Tensor => {
      const [w1, b1, w2, b2] = variables as unknown as [
        tf.Tensor2D,
        tf.Tensor,
        tf.Tensor2D,
        tf.Tensor,
      ];
      const h = tf.softplus(tf.add(tf.matMul(tf.reshape(r, [-1, 1]) as tf.Tensor2D, w1), b1));
      return tf.reshape(tf.add(tf.matMul(h as tf.Tensor2D, w2), b2), [-1]);
    };
    const error = await tfjsPairPotential(energy, { backend, variables }).catch((e: unknown) => e);
    expect(String(error)).toMatch(/gradient of slope and curvature with respect to the weights/);
    expect(String(error)).toContain("because of Softplus");
    await expect(tfjsPairPotential(energy, { backend })).resolves.toHaveProperty("name");
    undo = installHigherOrderGradients();
    await expect(tfjsPairPotential(energy, { backend, variables })).resolves.toHaveProperty("name");
  });

  it("laws with kinks, straight lines and singularities pass", async () => {
    for (const f of [
      (r) => tf.square(tf.relu(tf.sub(r, 1))),
      (r) => tf.mul(2, r),
      (r) => tf.neg(tf.reciprocal(r)),
    ] satisfies Operation[])
      await expect(tfjsPairPotential(f, { backend })).resolves.toHaveProperty("name");
  });
});

it("importing changes no gradient, and undoing puts back what was there", () => {
  const before = tf.getGradient("Tanh");
  expect(before.outputsToSave).toEqual([true]);
  installHigherOrderGradients()();
  expect(tf.getGradient("Tanh")).toBe(before);
  expect(tf.getGradient("Greater")).toBeUndefined();
});
