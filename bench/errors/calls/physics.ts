import * as physics from "@mclnn/physics";
import * as checks from "@mclnn/physics/arguments";
import * as forces from "@mclnn/physics/forces";
import * as portable from "@mclnn/physics/portable";
import * as potentials from "@mclnn/physics/potentials";
import * as space from "@mclnn/physics/space";
import * as terms from "@mclnn/physics/terms";
import type { EntryCalls } from "../call.ts";
import { spring, springsRun, start } from "../samples.ts";

const { linearSpring, gravity, pairwise } = physics;
const uniform = (): physics.Potential => forces.uniformField([0, 0, -1]);
const vectors = (): Float64Array => start.velocities.map((v, k) => v + 0.1 * k);

const main: EntryCalls = {
  entry: "@mclnn/physics",
  module: physics,
  calls: {
    isMclnnError: () => [new Error("other")],
    createSystem: {
      args: () => [
        { masses: [1, 2], dimension: 3, potential: uniform(), charges: [1, -1], species: [0, 1] },
      ],
      callsLater: true,
    },
    createState: () => [{ positions: [[0, 1]], velocities: [1, 2], time: 0 }, { dimension: 2 }],
    accelerations: () => [spring, start.positions, new Float64Array(9), vectors()],
    angularMomentum: () => [spring, start.positions, vectors()],
    centreOfMass: () => [spring, start.positions],
    hamiltonian: () => [spring, start],
    kineticEnergy: () => [spring, vectors()],
    lagrangian: () => [spring, start],
    linearMomentum: () => [spring, vectors()],
    momentaBeside: () => [spring, start],
    potentialEnergy: () => [spring, start.positions],
    separations: () => [start.positions, { particles: 3, dimension: 3 }, new Float64Array(3)],
    stateAt: () => [springsRun(), 1],
    pairwise: { args: () => [linearSpring()], callsLater: true },
    pairwiseBySpecies: {
      args: () => [
        [
          { species: [0, 0], pair: linearSpring() },
          { species: [0, 1], pair: gravity() },
        ],
      ],
      callsLater: true,
    },
    sumOfForces: { args: () => [pairwise(linearSpring()), pairwise(gravity())], callsLater: true },
    coulomb: () => [{ k: 1 }],
    definePairPotential: {
      args: () => [
        {
          name: "own",
          energy: (r: number) => r * r,
          slope: (r: number) => 2 * r,
          curvature: () => 2,
          coupling: "none",
          parameters: { k: 1 },
        },
      ],
      callsLater: true,
    },
    gaussianWell: () => [{ depth: 1, width: 1, centre: 1 }],
    gravity: () => [{ G: 1 }],
    lennardJones: () => [{ epsilon: 1, sigma: 1 }],
    linearSpring: () => [{ stiffness: 1, restLength: 1 }],
    morse: () => [{ depth: 1, width: 1, restLength: 1 }],
    powerLaw: () => [{ strength: 1, exponent: 2 }],
    quarticSpring: () => [{ stiffness: 1, restLength: 1 }],
    softCore: () => [{ strength: 1, core: 1 }],
    yukawa: () => [{ strength: 1, range: 1 }],
  },
  excused: { MclnnError: "it is the error", partsOf: "hands back what is no sum" },
};

const forcesEntry: EntryCalls = {
  entry: "@mclnn/physics/forces",
  module: forces,
  calls: {
    harmonicTrap: () => [{ stiffness: 1, centre: [0, 0, 1], coupling: "none" }],
    bonded: () => [{ name: "spring", energy: (r: number) => r, slope: () => 1 }, [[0, 1, 1]]],
    checkedBonds: () => [[[0, 1, 1]]],
    linearDrag: () => [{ coefficient: 1, coupling: "mass" }],
    magneticField: () => [[0, 0, 1], { coupling: "mass" }],
    quadraticDrag: () => [{ coefficient: 1, coupling: "mass" }],
    uniformField: () => [[0, 0, -1], { coupling: "mass" }],
  },
};

const subpath: EntryCalls = {
  entry: "@mclnn/physics/potentials",
  module: potentials,
  calls: {
    builtInPotential: () => ["lennard-jones:epsilon=1,sigma=1"],
    checkPairPotential: () => [linearSpring(), { from: 0.5, to: 2, points: 20 }],
    parseFormula: () => ["k*r^2; k=1", { name: "own" }],
    scaled: { args: () => [linearSpring(), 2], callsLater: true },
    shifted: { args: () => [linearSpring(), 2], callsLater: true },
    smoothCutoff: { args: () => [linearSpring(), { onset: 1, cutoff: 2 }], callsLater: true },
    sumOfPairs: { args: () => [linearSpring(), linearSpring()], callsLater: true },
    withCutoff: { args: () => [linearSpring(), { cutoff: 2, shifted: true }], callsLater: true },
    tabulated: () => [{ separations: [1, 2, 3], energies: [1, 4, 9], name: "table" }],
  },
};

/** Functions of one number answer as Math does: NaN to what is none. */
const like = (f: string): string =>
  `${f} of one number, called in inner loops: NaN for what is no number, as Math.${f} gives`;

const numbers: EntryCalls = {
  entry: "@mclnn/physics/portable",
  module: portable,
  calls: {},
  excused: {
    ...{ portableCos: like("cos"), portableExp: like("exp"), portableExponent: like("log2") },
    ...{ portableLog: like("log"), portablePower: like("pow"), portableSin: like("sin") },
  },
};

const ours: EntryCalls = {
  entry: "@mclnn/physics/arguments",
  module: checks,
  calls: {},
  excused: Object.fromEntries(
    Object.keys(checks).map((name) => [name, "it is what refuses, and given names by ours"]),
  ),
};

const parts: EntryCalls = {
  entry: "@mclnn/physics/terms",
  module: terms,
  calls: {},
  excused: Object.fromEntries(
    Object.keys(terms).map((name) => [name, "a part of the packages, called with what they made"]),
  ),
};

const inner = "a part of the packages, called with what they made";

const spaces: EntryCalls = {
  entry: "@mclnn/physics/space",
  module: space,
  calls: {
    periodicSpace: () => [
      { rows: [4, 4, 4], origin: [0, 0, 0], periodic: [true, true, true] as const },
    ],
  },
  excused: {
    NeighbourList: inner,
    cellInverse: inner,
    cellVolume: inner,
    openSpace: "no function",
  },
};

/** All entries of the package. */
export const physicsCalls: readonly EntryCalls[] = [
  main,
  forcesEntry,
  subpath,
  spaces,
  parts,
  numbers,
  ours,
];
