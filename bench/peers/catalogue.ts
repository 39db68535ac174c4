import { cPeers } from "./c/peer.ts";
import { jaxPeer } from "./jax/peer.ts";
import type { Peer } from "./peer.ts";
import { pytorchPeers } from "./pytorch/peer.ts";
import { scipyPeer } from "./scipy/peer.ts";

/** All peers, in the order of the tables. */
export const peers: readonly Peer[] = [...cPeers, scipyPeer, ...pytorchPeers, jaxPeer];
