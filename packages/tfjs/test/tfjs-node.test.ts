import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isMclnnError } from "@mclnn/physics";
import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { tfjsBackend } from "../src/index.ts";
import { loadTfjsNode } from "../src/node/index.ts";
import { BACKENDS } from "./backends.ts";

const caught = (f: () => unknown): unknown => {
  try {
    return f();
  } catch (error) {
    return error;
  }
};

it("without the package: an error with the install line, and another backend only when asked for", () => {
  const error = caught(() => loadTfjsNode());
  expect(isMclnnError(error) && error.code).toBe("missing-backend");
  expect(String(error)).toMatch(/npm install @tensorflow\/tfjs-node/);
  const { backend, reason } = loadTfjsNode({ otherwise: "wasm" });
  expect(backend).toBe("wasm");
  expect(reason).toMatch(/tfjs-node is not installed/);
});

it("without its native library: an error that names the file and the script that builds it", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tfjs-node-"));
  const error = caught(() => loadTfjsNode({ folder }));
  rmSync(folder, { recursive: true });
  expect(isMclnnError(error) && error.code).toBe("missing-backend");
  expect(String(error)).toMatch(/tfjs_binding\.node, got no such file.*tfjs-node-native\.sh/);
});

it.runIf(BACKENDS.includes("node"))(
  "the native library computes, and is not the process's default",
  async () => {
    await tf.setBackend("cpu");
    const { tensorflow } = loadTfjsNode({ folder: process.env.MCLNN_TFJS_NODE as string });
    expect(tensorflow).toMatch(/^2\./);
    expect(tf.getBackend()).toBe("cpu");
    const backend = await tfjsBackend("node");
    const product = backend.run(() => {
      expect(tf.getBackend()).toBe("tensorflow");
      return tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0];
    });
    expect(product).toBe(11);
  },
);

it.runIf(!BACKENDS.includes("node"))(
  "naming node without loading it: an error that says how",
  async () => {
    await expect(tfjsBackend("node")).rejects.toThrow(/loadTfjsNode\(\) of "@mclnn\/tfjs\/node"/);
  },
);
