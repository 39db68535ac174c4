// Learn a law from trajectories of three particles, then simulate six with it, and compare with the truth.
import { generateTrajectories } from "@mclnn/datasets";
import { rollout } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import { errorSeries } from "@mclnn/metrics";
import { createState, createSystem, morse, pairwise } from "@mclnn/physics";

const trajectories = Number(process.argv[2] ?? 100);

// The law that the learner does not know.
const potential = pairwise(morse({ depth: 1, width: 1.5, restLength: 1 }));
const three = createSystem({ masses: [1, 1, 1], dimension: 3, potential });
const start = createState(
  {
    positions: [
      [0.62, 0, 0],
      [-0.62, 0, 0.1],
      [0, 1.1, -0.1],
    ],
    velocities: [
      [0.2, 0.3, 0.1],
      [-0.3, 0, 0.2],
      [0.1, -0.3, -0.3],
    ],
  },
  { dimension: 3 },
);
const data = generateTrajectories({ system: three, start, trajectories, records: 20, seed: 100 });

const { model, trainLoss, trainSeconds } = await train(data, { model: "mclnn", seed: 100 });
console.log(
  `learned from ${trajectories} trajectories: loss ${trainLoss.toExponential(1)} in ${trainSeconds.toFixed(2)} s`,
);

// An octahedron: separations near 0.95 and 1.34, as in the data.
const edge = 0.67;
const masses = [1, 1, 1, 1, 1, 1];
const octahedron = createState(
  {
    positions: [
      [edge, 0, 0],
      [-edge, 0, 0],
      [0, edge, 0],
      [0, -edge, 0],
      [0, 0, edge],
      [0, 0, -edge],
    ],
    velocities: [
      [0, 0.1, 0],
      [0, -0.1, 0],
      [0, 0, 0.1],
      [0, 0, -0.1],
      [0.1, 0, 0],
      [-0.1, 0, 0],
    ],
  },
  { dimension: 3 },
);
const truth = createSystem({ masses, dimension: 3, potential });
const learned = createSystem({ masses, dimension: 3, potential: model.potential });
const options = { dt: 0.01, stride: 10, records: 101 };
const series = errorSeries(
  truth,
  rollout(learned, octahedron, options),
  rollout(truth, octahedron, options),
);
for (const quantity of ["position", "hamiltonian", "linearMomentum", "angularMomentum"] as const) {
  console.log(
    `six particles, t = 10: largest error of ${quantity} ${Math.max(...series[quantity]).toExponential(1)}`,
  );
}
