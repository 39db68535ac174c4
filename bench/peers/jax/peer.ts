import type { Peer } from "../peer.ts";
import { pythonPeer } from "../python.ts";

/** The network at every pair instead of a table: the table's error is allowed for. */
const WITHOUT_TABLE = 1e-5;
const REORDERED = 1e-9;

/** One thread, as everybody has. */
export const jaxPeer: Peer = pythonPeer({
  name: "jax",
  title: "JAX",
  folder: "jax",
  modules: ["numpy", "jax", "optax", "jaxopt"],
  env: { JAX_PLATFORMS: "cpu", XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false", NPROC: "1" },
  works: {
    "adjoint-gradient": WITHOUT_TABLE,
    "network-batch": REORDERED,
    "lnn-10": REORDERED,
    "lnn-256": REORDERED,
    adam: WITHOUT_TABLE,
    lbfgs: WITHOUT_TABLE,
  },
});
