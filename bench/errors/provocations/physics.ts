import {
  accelerations,
  createSystem,
  definePairPotential,
  gravity,
  hamiltonian,
  kineticEnergy,
  lennardJones,
  linearSpring,
  pairwise,
  pairwiseBySpecies,
  stateAt,
  sumOfForces,
} from "@mclnn/physics";
import { linearDrag, uniformField } from "@mclnn/physics/forces";
import {
  builtInPotential,
  checkPairPotential,
  parseFormula,
  smoothCutoff,
  sumOfPairs,
  tabulated,
} from "@mclnn/physics/potentials";
import type { Provocation } from "../provocation.ts";
import { spring, start, systemOf, touching, untyped } from "../samples.ts";

const range = { from: 1, to: 2 };
const pair = (
  energy: unknown,
  slope: unknown = () => 0,
): Parameters<typeof checkPairPotential>[0] =>
  ({ name: "own", coupling: "none", energy, slope }) as never;
const twoKinds = pairwiseBySpecies([{ species: [0, 0], pair: gravity() }]);
const moved = (changes: object): object => ({
  masses: [1, 1],
  dimension: 2,
  potential: pairwise(gravity()),
  ...changes,
});

const rows: readonly (readonly [code: string, by: string, provoke: () => unknown])[] = [
  ["bad-argument", "kineticEnergy", () => untyped(kineticEnergy)(systemOf(linearSpring()), {})],
  ["bad-cutoff", "smoothCutoff", () => smoothCutoff(lennardJones(), { onset: 3, cutoff: 2 })],
  ["bad-dimension", "createSystem", () => untyped(createSystem)(moved({ dimension: 4 }))],
  ["bad-formula", "parseFormula", () => parseFormula("1/(r-")],
  [
    "bad-index",
    "stateAt",
    () =>
      stateAt(
        {
          particles: 3,
          dimension: 3,
          records: 1,
          times: Float64Array.of(0),
          positions: start.positions,
          velocities: start.velocities,
        } as never,
        7,
      ),
  ],
  ["bad-mass", "createSystem", () => untyped(createSystem)(moved({ masses: [1, -1] }))],
  ["bad-parameter", "builtInPotential", () => builtInPotential("lennard-jones:sigma=x")],
  [
    "bad-potential",
    "definePairPotential",
    () => untyped(definePairPotential)({ name: "own", energy: 5 }),
  ],
  [
    "bad-range",
    "checkPairPotential",
    () => untyped(checkPairPotential)(linearSpring(), { from: 2, to: 1 }),
  ],
  [
    "bad-shape",
    "accelerations",
    () => accelerations(systemOf(linearSpring()), new Float64Array(4), new Float64Array(9)),
  ],
  ["bad-species", "createSystem", () => untyped(createSystem)(moved({ species: [0, 0.5] }))],
  ["bad-table", "tabulated", () => tabulated({ separations: [1, 2], energies: [1, 2] })],
  [
    "missing-charges",
    "accelerations",
    () =>
      accelerations(systemOf(builtInPotential("coulomb")), start.positions, new Float64Array(9)),
  ],
  [
    "missing-law",
    "accelerations",
    () =>
      accelerations(
        createSystem({ masses: [1, 1], dimension: 2, potential: twoKinds, species: [0, 1] }),
        Float64Array.of(0, 0, 1, 0),
        new Float64Array(4),
      ),
  ],
  [
    "missing-species",
    "accelerations",
    () =>
      accelerations(
        createSystem({ masses: [1, 1], dimension: 2, potential: twoKinds }),
        Float64Array.of(0, 0, 1, 0),
        new Float64Array(4),
      ),
  ],
  ["mixed-couplings", "sumOfPairs", () => sumOfPairs(gravity(), linearSpring())],
  [
    "no-energy",
    "hamiltonian",
    () => hamiltonian({ ...spring, potential: sumOfForces(spring.potential, linearDrag()) }, start),
  ],
  ["not-finite", "uniformField", () => uniformField([0, Number.NaN])],
  [
    "not-finite-force",
    "accelerations",
    () =>
      accelerations(
        systemOf(linearSpring()),
        start.positions.map((x) => x * 1e300),
        new Float64Array(9),
      ),
  ],
  [
    "potential-not-finite",
    "checkPairPotential",
    () =>
      untyped(checkPairPotential)(
        pair(() => Number.NaN),
        range,
      ),
  ],
  [
    "potential-not-number",
    "checkPairPotential",
    () =>
      untyped(checkPairPotential)(
        pair(() => "1"),
        range,
      ),
  ],
  [
    "potential-throws",
    "checkPairPotential",
    () =>
      untyped(checkPairPotential)(
        pair(() => {
          throw new Error("out of ink");
        }),
        range,
      ),
  ],
  [
    "slope-not-derivative",
    "checkPairPotential",
    () =>
      untyped(checkPairPotential)(
        pair(
          (r: number) => r * r,
          (r: number) => -2 * r,
        ),
        range,
      ),
  ],
  ["unknown-parameter", "builtInPotential", () => builtInPotential("lennard-jones:sigmo=1")],
  ["unknown-potential", "builtInPotential", () => builtInPotential("lenard-jones")],
  [
    "zero-separation",
    "accelerations",
    () => accelerations(touching.system, touching.positions, new Float64Array(4)),
  ],
];

export const physics: readonly Provocation[] = rows.map(([code, by, provoke]) => ({
  package: "physics",
  code,
  by,
  provoke,
}));
