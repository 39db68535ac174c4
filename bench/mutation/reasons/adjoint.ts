import type { Reason } from "../reasons.ts";

const ADJOINT = "packages/learning/src/engine/adjoint.ts";
const ROLLOUT = "packages/learning/src/engine/pair-rollout.ts";
const STARTS = "packages/learning/src/rollout/starts.ts";
const CELLS = "packages/models/src/splines/cells.ts";
const NETWORK = "packages/models/src/networks/energy-network.ts";
const CURVE = "packages/learning/src/network/network-curve.ts";
const TABULATED = "packages/learning/src/network/rollout-loss.ts";
const DIRECT = "packages/learning/src/network/direct-rollout-loss.ts";

/** Of a loop over laws. */
const NONE_BEYOND = "a law beyond the last has no cells";
const BEYOND = "what is written beyond the end of a typed array is lost";

/** Of the rollout loss, its adjoint, and the network. */
export const adjoint: readonly Reason[] = [
  {
    file: ADJOINT,
    why: BEYOND,
    changes: [
      ["k < own.length", "k <= own.length"],
      ["c < components", "c <= components"],
    ],
  },
  {
    file: ADJOINT,
    why: "to drift by 0 adds 0",
    changes: [["h !== 0", "true"]],
  },
  {
    file: STARTS,
    why: BEYOND,
    changes: [
      ["i < unknowns", "i <= unknowns"],
      ["unknowns - 1", "unknowns + 1"],
    ],
  },
  {
    file: STARTS,
    why: "one trajectory too many has nothing that could be copied",
    changes: [["t < trajectories", "t <= trajectories"]],
  },
  {
    file: CELLS,
    why: "NaN, like what lies before the first bin, is in bin 0, and so is bin 0",
    changes: [["bin > 0", "bin >= 0"]],
  },
  {
    file: CELLS,
    why: NONE_BEYOND,
    changes: [["b < cells.blocks", "b <= cells.blocks"]],
  },
  {
    file: CURVE,
    why: NONE_BEYOND,
    changes: [["law < cells.blocks", "law <= cells.blocks"]],
  },
  {
    file: TABULATED,
    why: "at an edge that was reached neither gradient is 0, unless by a chance that no test can wait for",
    changes: [
      ["values[k] === 0 && derivatives[k] === 0", "values[k] === 0 || derivatives[k] === 0"],
      ["values[k] === 0", "true"],
      ["derivatives[k] === 0", "true"],
    ],
  },
  {
    file: DIRECT,
    why: "the start is given, and its residual is 0",
    changes: [
      ["compared <= 0", "compared < 0"],
      ["compared > 0", "compared >= 0"],
    ],
  },
  {
    file: DIRECT,
    why: "a kick of 0 adds 0",
    changes: [
      ["w === 0", "false"],
      ["w !== 0", "true"],
    ],
  },
  {
    file: DIRECT,
    why: BEYOND,
    changes: [["c < components", "c <= components"]],
  },
  {
    file: DIRECT,
    why: "a pair beyond the last has no particles, and is written to no place",
    changes: [["p < pairs", "p <= pairs"]],
  },
  {
    file: NETWORK,
    why: "the loop is left at the output layer, wherever it could go",
    changes: [["layers.length - 1", "layers.length + 1"]],
  },
  {
    file: NETWORK,
    why: BEYOND,
    changes: [["k < outputs", "k <= outputs"]],
  },
  {
    file: ROLLOUT,
    why: BEYOND,
    changes: [["c < components", "c <= components"]],
  },
  {
    file: ROLLOUT,
    why: "null weighs as little as 0",
    changes: [["velocityWeight !== null", "true"]],
  },
  {
    file: ROLLOUT,
    why: "nothing is compared after the last event",
    changes: [["e < events", "e <= events"]],
  },
  {
    file: ROLLOUT,
    why: "a kick of 0 adds 0, and the next kick takes the place of what is kept",
    changes: [["w === 0", "false"]],
  },
  {
    file: ROLLOUT,
    why: "a pair beyond the last has no particles, and the next kick takes the place of what is kept",
    changes: [["p < pairs", "p <= pairs"]],
  },
  {
    file: ROLLOUT,
    why: "NaN, like what lies before the first bin, is in bin 0, and so is bin 0",
    changes: [["bin > 0", "bin >= 0"]],
  },
  {
    file: ROLLOUT,
    why: "who goes down a cell too far comes up again",
    changes: [["r < (left[k] as number)", "r <= (left[k] as number)"]],
  },
  {
    file: CELLS,
    why: "who goes down a cell too far comes up again",
    changes: [["r < (left[k] as number)", "r <= (left[k] as number)"]],
  },
  {
    file: ROLLOUT,
    why: "what is not asked for is not kept",
    changes: [["{ keep: false }", "{}"]],
  },
];
