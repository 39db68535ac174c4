import { checkArgument } from "@mclnn/physics/arguments";
import { peer } from "../tensorflow.ts";
import { loadTfjsNode } from "./tfjs-node.ts";

/** Backends of TensorFlow.js that Node has. */
export type NodeBackendName = "cpu" | "wasm" | "node";

/**
 * Makes a backend available, so that it can be named: `wasm` by its package, `node` by {@link loadTfjsNode}. Never another one instead.
 *
 * @param options - `folder`: of tfjs-node, where it is not installed beside this package
 * @throws MclnnError `missing-package`, `missing-backend` with the install line; `backend-failed` (failure)
 */
export async function loadTfjsBackend(
  name: NodeBackendName,
  options: { readonly folder?: string } = {},
): Promise<void> {
  checkArgument("name", name, ["cpu", "wasm", "node"]);
  checkArgument("options", options, { folder: "text?" });
  if (name === "wasm")
    await peer("@tensorflow/tfjs-backend-wasm", () => import("@tensorflow/tfjs-backend-wasm"));
  if (name === "node") loadTfjsNode(options);
}
