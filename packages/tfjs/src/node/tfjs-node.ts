import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import util from "node:util";
import { isMclnnError, MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type * as Tensorflow from "@tensorflow/tfjs";

/** What became of loading tfjs-node. */
export interface TfjsNodeLoaded {
  /** The backend to name from here on. */
  readonly backend: "node" | "wasm" | "cpu";
  /** Why it is not `node`; null where it is. */
  readonly reason: string | null;
  /** Version of the TensorFlow C library; null where it was not loaded. */
  readonly tensorflow: string | null;
}

/**
 * Loads `@tensorflow/tfjs-node`, so that the backend `node` can be named.
 *
 * Looks for its native library first: importing the package without it fails only after seconds. tfjs-node makes itself the process's default
 * backend when it loads; a default that was chosen before is put back. On Node 23 and later the two functions of `node:util` that it
 * needs and Node has dropped are put back too.
 *
 * @param options - `folder`: of the package, where it is not installed beside this one; `otherwise`: the backend to return where tfjs-node cannot be
 * loaded. Default: none, that is an error
 * @throws MclnnError `missing-backend`, `backend-failed` (failure), unless `otherwise` names a backend
 */
export function loadTfjsNode(
  options: { readonly folder?: string; readonly otherwise?: "wasm" | "cpu" } = {},
): TfjsNodeLoaded {
  checkArgument("options", options, { folder: "text?", otherwise: ["wasm", "cpu", undefined] });
  const { folder, otherwise } = options;
  try {
    return { backend: "node", reason: null, tensorflow: load(folder) };
  } catch (error) {
    if (otherwise === undefined || !isMclnnError(error)) throw error;
    return { backend: otherwise, reason: error.message, tensorflow: null };
  }
}

function load(given: string | undefined): string {
  const require = createRequire(import.meta.url);
  const folder = given ?? installedFolder(require);
  const library = nativeLibrary(folder);
  if (library === null)
    throw new MclnnError("tfjs-node is here without its native library", {
      code: "missing-backend",
      argument: "folder",
      expected: `${path.join(folder, "lib/napi-v8/tfjs_binding.node")}`,
      got: "no such file",
      mend: "Run its install script (npm rebuild @tensorflow/tfjs-node), or scripts/tfjs-node-native.sh where that cannot download.",
    });
  // Not imported: threads come from this entry too, and need no TensorFlow.js.
  const tf = require("@tensorflow/tfjs") as typeof Tensorflow;
  const before = tf.engine().backendName || undefined;
  // tfjs-node 4.22 calls them, and Node 23 has removed the first.
  const old = util as unknown as Record<string, (value: unknown) => boolean>;
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
  try {
    require(folder);
    const binding = require(library) as { readonly TF_Version?: string };
    return String(binding.TF_Version ?? "unknown");
  } catch (cause) {
    throw new MclnnError("tfjs-node does not load", {
      code: "backend-failed",
      argument: "folder",
      expected: "a native library that this Node can load",
      got: cause instanceof Error ? (cause.message.split("\n")[0] as string) : String(cause),
      kind: "failure",
      cause,
    });
  } finally {
    if (before !== undefined) void tf.setBackend(before);
  }
}

function installedFolder(require: NodeJS.Require): string {
  try {
    return path.dirname(require.resolve("@tensorflow/tfjs-node/package.json"));
  } catch {
    throw new MclnnError("tfjs-node is not installed", {
      code: "missing-backend",
      argument: "backend",
      expected: "the package @tensorflow/tfjs-node",
      got: "no such package",
      mend: "npm install @tensorflow/tfjs-node, or name another backend (wasm).",
    });
  }
}

function nativeLibrary(folder: string): string | null {
  const lib = path.join(folder, "lib");
  if (!existsSync(lib)) return null;
  const found = readdirSync(lib)
    .map((version) => path.join(lib, version, "tfjs_binding.node"))
    .find((file) => existsSync(file));
  return found ?? null;
}
