import { createState, gravity, type State } from "@mclnn/physics";
import { type Experiment, PAPER_RECORDING } from "./experiment.ts";
import { unitMasses } from "./springs.ts";

/** Two binaries round each other (4.1.1, A.6.3). Regular; separations from 0.60 to 2.03 and from 5.92 to 12.0, nothing between. */
export const gravityExperiment = (): Experiment => ({
  ...PAPER_RECORDING,
  name: "gravity",
  title: "gravity",
  pair: gravity(),
  masses: unitMasses(4),
  trainStart: createState(
    {
      positions: [
        [1, 0, 0],
        [9, 0, 0],
        [11, 0, 0],
        [-1, 0, 0],
      ],
      velocities: [
        [0, 0.05, 0],
        [0, -0.05, 0],
        [0, 0.65, 0],
        [0, -0.65, 0],
      ],
    },
    { dimension: 3 },
  ),
  testStart: createState(
    {
      positions: [
        [1, 0.1, 0],
        [9, -0.1, 0],
        [11, 0, 0.1],
        [-1, 0, -0.1],
      ],
      velocities: [
        [0, 0.04, 0.02],
        [0, -0.04, -0.02],
        [0, 0.64, 0.02],
        [0, -0.64, -0.02],
      ],
    },
    { dimension: 3 },
  ),
  larger: { masses: unitMasses(8), start: ringOfBinaries() },
});

/** Four binaries (separation 1.2) on a ring of radius 5.2. */
function ringOfBinaries(): State {
  const far = 5.8;
  const near = 4.6000000000000005;
  const fast = 1.2525;
  const slow = 0.03849999999999998;
  return createState(
    {
      positions: [
        [far, 0, 0],
        [near, 0, 0],
        [0, far, 0],
        [0, near, 0],
        [-far, 0, 0],
        [-near, 0, 0],
        [0, -far, 0],
        [0, -near, 0],
      ],
      velocities: [
        [0, fast, 0],
        [0, -slow, 0],
        [-fast, 0, 0],
        [slow, 0, 0],
        [0, -fast, 0],
        [0, slow, 0],
        [fast, 0, 0],
        [-slow, 0, 0],
      ],
    },
    { dimension: 3 },
  );
}
