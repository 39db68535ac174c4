import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import type { TfjsBackendName } from "../../src/tfjs/index.ts";

// No greeting on standard error.
tf.enableProdMode();

/** Backends that every machine has, and the native one where a test run has loaded it (scripts/tfjs-node-native.sh). */
export const BACKENDS: readonly TfjsBackendName[] = [
  "cpu",
  "wasm",
  ...("tensorflow" in tf.engine().registryFactory ? (["node"] as const) : []),
];

/** Tensors alive, counted without asking a backend to be chosen. */
export const aliveTensors = (): number => tf.engine().state.numTensors;
