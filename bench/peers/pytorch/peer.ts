import type { Peer } from "../peer.ts";
import { pythonPeer } from "../python.ts";

/** The network at every pair instead of a table: the table's error is allowed for. */
const WITHOUT_TABLE = 1e-5;
const REORDERED = 1e-9;

export const pytorchPeers: readonly Peer[] = [
  pythonPeer({
    name: "pytorch",
    title: "PyTorch",
    folder: "pytorch",
    modules: ["numpy", "torch"],
    args: ["eager"],
    works: {
      "adjoint-gradient": WITHOUT_TABLE,
      "network-batch": REORDERED,
      "lnn-10": REORDERED,
      "lnn-256": REORDERED,
    },
  }),
  pythonPeer({
    name: "pytorch-tape",
    title: "PyTorch, V' by autograd",
    folder: "pytorch",
    modules: ["numpy", "torch"],
    args: ["tape"],
    works: { "adjoint-gradient": WITHOUT_TABLE },
  }),
  pythonPeer({
    name: "pytorch-compile",
    title: "PyTorch, compiled",
    folder: "pytorch",
    modules: ["numpy", "torch"],
    args: ["compiled"],
    works: { "adjoint-gradient": WITHOUT_TABLE },
  }),
];
