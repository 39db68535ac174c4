import type { Reason } from "../reasons.ts";

const ADJOINT = "packages/models/src/rollout/adjoint.ts";
const STARTS = "packages/models/src/rollout/starts.ts";

const BEYOND = "what is written beyond the end of a typed array is lost";

/** Of the rollout loss and its adjoint. */
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
];
