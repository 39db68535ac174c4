import { nodePeer } from "../node.ts";
import type { Peer } from "../peer.ts";

/** float32 over 190 steps. */
const SINGLE = 1e-3;

const backend = (name: "cpu" | "wasm"): Peer =>
  nodePeer({
    name: `tfjs-${name}`,
    title: `tfjs ${name}`,
    folder: "tfjs",
    packages: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"],
    args: [name],
    works: { "adjoint-gradient": SINGLE },
  });

export const tfjsPeers: readonly Peer[] = [backend("cpu"), backend("wasm")];
