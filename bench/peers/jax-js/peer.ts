import { nodePeer } from "../node.ts";
import type { Peer } from "../peer.ts";

/** The network at every pair instead of a table: the table's error is allowed for. */
const WITHOUT_TABLE = 1e-5;

export const jaxJsPeer: Peer = nodePeer({
  name: "jax-js",
  title: "jax-js",
  folder: "jax-js",
  packages: ["@jax-js/jax"],
  works: { "adjoint-gradient": WITHOUT_TABLE },
});
