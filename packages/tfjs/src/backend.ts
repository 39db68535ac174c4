import { isMclnnError, MclnnError } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";
import { tf } from "./tensorflow.ts";

/** The backends of TensorFlow.js that a model can be put on; `node` is the native library of `@tensorflow/tfjs-node`. */
export type TfjsBackendName = "cpu" | "wasm" | "webgl" | "webgpu" | "node";

/** A backend that has been made ready. */
export interface TfjsBackend {
  readonly name: TfjsBackendName;
  /**
   * Runs `work` on this backend and disposes every tensor made in it; the process's own choice of backend is as it was afterwards.
   *
   * `work` is synchronous and returns numbers, not tensors.
   *
   * @throws MclnnError `backend-failed` (failure) where a WebGPU device was lost; what `work` throws
   */
  run<T>(work: () => T): T;
  /** Awaits `work` with this backend as the process's own choice, which is put back afterwards; nothing is disposed. */
  during<T>(work: () => Promise<T> | T): Promise<T>;
}

/** Names under which tfjs knows the backends, and how each comes to be registered. */
const REGISTERED: Readonly<Record<TfjsBackendName, { key: string; mend: string }>> = {
  cpu: { key: "cpu", mend: "npm install @tensorflow/tfjs" },
  wasm: {
    key: "wasm",
    mend: 'npm install @tensorflow/tfjs-backend-wasm, and import "@tensorflow/tfjs-backend-wasm" first',
  },
  webgl: { key: "webgl", mend: "Only browsers have it; in Node use cpu, wasm or node" },
  webgpu: {
    key: "webgpu",
    mend: 'npm install @tensorflow/tfjs-backend-webgpu, and import "@tensorflow/tfjs-backend-webgpu" first, in a browser',
  },
  node: {
    key: "tensorflow",
    mend: 'npm install @tensorflow/tfjs-node, and call loadTfjsNode() of "@mclnn/tfjs/node" first',
  },
};

/**
 * Makes a backend ready, by the name the caller chose.
 *
 * Nothing is chosen for the caller: a backend that is not there is an error, not another backend. The backend that tfjs itself would use by
 * default stays as it was, so that two models can live on two backends in one process. (Where none has been chosen yet, the first to run is.)
 *
 * @throws MclnnError `unknown-backend`; `missing-backend` with the install line where it is not registered; `backend-failed` (kind
 * `failure`) where it does not start
 */
export async function tfjsBackend(name: TfjsBackendName): Promise<TfjsBackend> {
  const entry =
    typeof name === "string" && Object.hasOwn(REGISTERED, name) ? REGISTERED[name] : undefined;
  if (entry === undefined)
    throw new MclnnError("there is no such tfjs backend", {
      code: "unknown-backend",
      argument: "backend",
      expected: `one of ${Object.keys(REGISTERED).join(", ")}`,
      got: described(name),
    });
  const { key, mend } = entry;
  const engine = tf.engine();
  if (!(key in engine.registryFactory))
    throw new MclnnError(`the tfjs backend ${name} is not here`, {
      code: "missing-backend",
      argument: "backend",
      expected: `${name} to be registered with tfjs`,
      got: `${Object.keys(engine.registryFactory).join(", ") || "none"}`,
      mend: `${mend}.`,
    });
  try {
    // Starts it without choosing it: setBackend would leave the process without any backend while this one starts.
    if (engine.findBackend(key) === null) await engine.ready();
  } catch (cause) {
    throw failed(name, cause);
  }
  if (engine.registry[key] === undefined) throw failed(name, undefined);
  return {
    name,
    run: (work) => {
      const before = engine.backendName || undefined;
      // Both backends are ready, and so the switch happens before setBackend returns.
      if (before !== key) void tf.setBackend(key);
      try {
        let result: ReturnType<typeof work> | undefined;
        tf.tidy(() => {
          result = work();
        });
        if (!answers(name)) throw lost(name, undefined);
        return result as ReturnType<typeof work>;
      } catch (error) {
        throw answers(name) ? error : lost(name, error);
      } finally {
        if (before !== undefined && before !== key) void tf.setBackend(before);
      }
    },
    async during(work) {
      const before = engine.backendName || undefined;
      await tf.setBackend(key);
      try {
        return await work();
      } finally {
        if (before !== undefined && before !== key) await tf.setBackend(before);
      }
    },
  };
}

/**
 * Whether the backend still computes. A WebGPU device that is lost gives zeros for results without a word: a number filled in there and read
 * back shows it.
 */
function answers(name: TfjsBackendName): boolean {
  if (name !== "webgpu") return true;
  try {
    return tf.tidy(() =>
      tf
        .fill([4], 3)
        .dataSync()
        .every((x) => x === 3),
    );
  } catch {
    return false;
  }
}

function lost(name: string, cause: unknown): MclnnError {
  if (isMclnnError(cause) && cause.code === "backend-failed") return cause;
  return new MclnnError(`the tfjs backend ${name} does not compute any more`, {
    code: "backend-failed",
    argument: "backend",
    expected: "what was filled in on the device, read back from it",
    got: "something else, as from a device that is lost",
    mend: "Load the page again, or choose wasm, which is faster for networks of this size.",
    kind: "failure",
    ...(cause === undefined ? {} : { cause }),
  });
}

function failed(name: string, cause: unknown): MclnnError {
  return new MclnnError(`the tfjs backend ${name} does not start`, {
    code: "backend-failed",
    argument: "backend",
    expected: "a backend that initialises",
    got: cause instanceof Error ? (cause.message.split("\n")[0] as string) : "a refusal by tfjs",
    kind: "failure",
    ...(cause === undefined ? {} : { cause }),
  });
}
