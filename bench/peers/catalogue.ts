import { cPeers } from "./c/peer.ts";
import type { Peer } from "./peer.ts";

/** All peers, in the order of the tables. */
export const peers: readonly Peer[] = [...cPeers];
