// A potential of one's own, at two of the three heights: V(r) alone, and V(r) with its slope. It then works like any other.
import { rollout } from "@mclnn/integrators";
import {
  createState,
  createSystem,
  definePairPotential,
  hamiltonian,
  linearMomentum,
  pairwise,
  stateAt,
} from "@mclnn/physics";
import { checkPairPotential, parseFormula } from "@mclnn/physics/potentials";

const records = Number(process.argv[2] ?? 2000);

// Buckingham's exp-6: a soft wall and an attraction, V(1) = -1 the lowest.
const energy = (r: number) => 0.75 * Math.exp(14 * (1 - r)) - 1.75 / r ** 6;
const slope = (r: number) => -10.5 * Math.exp(14 * (1 - r)) + 10.5 / r ** 7;
const potentials = [
  definePairPotential({ name: "V alone", energy }),
  definePairPotential({ name: "V and slope", energy, slope }),
  parseFormula("(6*exp(a*(1-r)) - a*r^-6) / (a-6); a=14", { name: "formula" }),
];

const start = createState(
  {
    positions: [
      [0.55, 0, 0],
      [-0.55, 0, 0],
      [0, 0.95, 0],
    ],
    velocities: [
      [0, 0.1, 0.1],
      [0, -0.1, 0],
      [0, 0, -0.1],
    ],
  },
  { dimension: 3 },
);

for (const pair of potentials) {
  checkPairPotential(pair, { from: 0.8, to: 3 });
  const system = createSystem({ masses: [1, 1, 1], dimension: 3, potential: pairwise(pair) });
  const run = rollout(system, start, { dt: 0.005, stride: 20, records });
  const end = stateAt(run, records - 1);
  const drift = Math.abs(hamiltonian(system, end) - hamiltonian(system, start));
  const momentum = Math.max(...linearMomentum(system, end.velocities).map(Math.abs));
  console.log(
    `${pair.name.padEnd(12)} t = ${end.time.toFixed(0)}: energy off by ${drift.toExponential(1)}, momentum ${momentum.toExponential(1)}`,
  );
}
