import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { vi } from "vitest";
import type { TfjsBackendName } from "../src/index.ts";
import { loadTfjsNode } from "../src/node/index.ts";

// Two cores that others use too: the slowest of these takes 4 s alone.
vi.setConfig({ testTimeout: 60_000 });

// No greeting on standard error.
tf.enableProdMode();

/** Set by scripts/tfjs-node-native.sh: the folder of a tfjs-node with its native library. */
const native = process.env.MCLNN_TFJS_NODE;
if (native !== undefined) loadTfjsNode({ folder: native });

/** Backends that every machine has, and the native one where there is one. */
export const BACKENDS: readonly TfjsBackendName[] = [
  "cpu",
  "wasm",
  ...(native === undefined ? [] : (["node"] as const)),
];

/** Tensors alive, counted without asking a backend to be chosen. */
export const aliveTensors = (): number => tf.engine().state.numTensors;
