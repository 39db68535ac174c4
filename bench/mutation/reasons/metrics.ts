import type { Reason } from "../reasons.ts";

const BEYOND = "what is written beyond the end of a typed array is lost";

/** Of `packages/metrics`. */
export const metrics: readonly Reason[] = [
  {
    file: "packages/metrics/src/chaos-floor.ts",
    why: BEYOND,
    changes: [["i < masses.length", "i <= masses.length"]],
  },
  {
    file: "packages/metrics/src/errors.ts",
    why: BEYOND,
    changes: [["k < out.length", "k <= out.length"]],
  },
  {
    file: "packages/metrics/src/errors.ts",
    why: "an error as large as the largest yet changes nothing",
    changes: [["x <= max", "x < max"]],
  },
  {
    file: "packages/metrics/src/series.ts",
    why: BEYOND,
    changes: [["k < out.length", "k <= out.length"]],
  },
  {
    file: "packages/metrics/src/symmetry.ts",
    why: "velocities and positions are added only: L = T(v) - V(q) has no mixed derivative, and what is measured for it is roundoff, whatever the step",
    changes: [
      ["4 * h * g", "4 * h / g"],
      [
        "(drift[k] as number) + vq * (velocities[l] as number)",
        "(drift[k] as number) - vq * (velocities[l] as number)",
      ],
      ["vq * (velocities[l] as number)", "vq / (velocities[l] as number)"],
      [
        "gradient / GRADIENT_STEP - (drift[k] as number)",
        "gradient / GRADIENT_STEP + (drift[k] as number)",
      ],
    ],
  },
  {
    file: "packages/metrics/src/symmetry.ts",
    why: "the step of velocities is 1",
    changes: [
      ["s * h", "s / h"],
      ["4 * h", "4 / h"],
      ["scale / (VELOCITY_STEP * VELOCITY_STEP)", "scale * (VELOCITY_STEP * VELOCITY_STEP)"],
      ["VELOCITY_STEP * VELOCITY_STEP", "VELOCITY_STEP / VELOCITY_STEP"],
    ],
  },
  {
    file: "packages/metrics/src/symmetry.ts",
    why: "the one derivative too many is by a velocity beyond the end, and 0",
    changes: [["k < n", "k <= n"]],
  },
];
