import type { Peer } from "../peer.ts";
import { pythonPeer } from "../python.ts";

/** NumPy's sums have another order than ours. */
export const scipyPeer: Peer = pythonPeer({
  name: "scipy",
  title: "NumPy and SciPy",
  folder: "scipy",
  modules: ["numpy", "scipy"],
  works: { "gauss-newton": 1e-9, "spline-solve": 1e-8, "lnn-10": 1e-9, "lnn-256": 1e-9 },
});
