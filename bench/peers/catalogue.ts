import { cPeers } from "./c/peer.ts";
import { jaxPeer } from "./jax/peer.ts";
import { jaxJsPeer } from "./jax-js/peer.ts";
import type { Peer } from "./peer.ts";
import { pytorchPeers } from "./pytorch/peer.ts";
import { scipyPeer } from "./scipy/peer.ts";
import { tfjsPeers } from "./tfjs/peer.ts";

/** All peers, in the order of the tables. */
export const peers: readonly Peer[] = [
  ...cPeers,
  scipyPeer,
  ...pytorchPeers,
  jaxPeer,
  ...tfjsPeers,
  jaxJsPeer,
];
