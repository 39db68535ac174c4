import { expect, it } from "vitest";
import { peer, tf } from "../src/tensorflow.ts";

it("is TensorFlow.js itself, with no backend chosen by loading it", () => {
  expect(tf.version.tfjs).toMatch(/^4\./);
});

it("a package that is not installed: the line that installs it", async () => {
  const name = "@tensorflow/tfjs-that-nobody-has";
  await expect(peer(name, () => import(/* @vite-ignore */ `${name}`))).rejects.toMatchObject({
    code: "missing-package",
    argument: name,
    message: expect.stringContaining(`npm install ${name}`),
  });
});

it("an error of the package's own stays what it is", async () => {
  const own = new Error("broken inside");
  await expect(peer("x", () => Promise.reject(own))).rejects.toBe(own);
});
