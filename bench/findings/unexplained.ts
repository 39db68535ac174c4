import {
  addPositionNoise,
  dropVelocities,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import type { Finding } from "@mclnn/learning";
import {
  type Coupling,
  createState,
  createSystem,
  type Force,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  type State,
  sumOfForces,
} from "@mclnn/physics";
import { setSeparations } from "../laws/reference-data.ts";
import { lawSystemByName } from "../laws/systems/catalogue.ts";
import { anisotropic, swirl, term, threeBody } from "./faults.ts";

/** Data that no pair law explains, and what is to be said about them. */
export interface Unexplained {
  readonly title: string;
  /** One of these must be among the findings. */
  readonly expected: readonly Finding["kind"][];
  make(): TrajectorySet;
  readonly coupling?: Coupling;
}

const REFERENCE = dormandPrince({ relativeTolerance: 1e-12, absoluteTolerance: 1e-13 });
const TRAJECTORIES = 20;
/** Of the mean separation. */
export const NOISES = [0, 1e-3] as const;

/** Trajectories of a system of the library with something added to its forces. */
function disturbed(name: string, extra: (pair: PairPotential) => Force): () => TrajectorySet {
  return () => {
    const { system, start, laws, spacing } = lawSystemByName(name);
    const pair = laws[0].pair;
    return follow(
      { ...system, potential: sumOfForces(pairwise(pair), extra(pair)) },
      start,
      spacing,
    );
  };
}

function follow(system: ParticleSystem, start: State, spacing: number): TrajectorySet {
  return {
    ...generateTrajectories({
      system,
      start,
      trajectories: TRAJECTORIES,
      dt: spacing,
      stride: 1,
      integrator: REFERENCE,
      scheme: "random",
    }),
    provenance: {},
  };
}

/** The set without its last particle. */
function withoutLast(set: TrajectorySet): TrajectorySet {
  const { particles, dimension, velocities } = set;
  const keep = (values: Float64Array): Float64Array =>
    values.filter((_, k) => Math.floor(k / dimension) % particles < particles - 1);
  return {
    ...set,
    particles: particles - 1,
    masses: set.masses.slice(0, -1),
    positions: keep(set.positions),
    ...(velocities === undefined ? {} : { velocities: keep(velocities) }),
  };
}

const spring = "linear-spring";

export const UNEXPLAINED: readonly Unexplained[] = [
  {
    title: "uniform field, 1 % of the forces",
    expected: ["outside-force"],
    make: disturbed(spring, () => term({ name: "field" }, 0, 0.01, 0)),
  },
  {
    // About the middle of equal masses a trap is a pair law: only beside it something shows.
    title: "harmonic trap beside the springs, 3 % as stiff",
    expected: ["trap", "outside-force"],
    make: disturbed(spring, () => term({ name: "trap", per: "force", centre: [2, 0, 0] }, 0.03)),
  },
  {
    title: "harmonic trap about the middle of unequal masses",
    expected: ["trap"],
    make: disturbed("morse", () => term({ name: "trap", per: "force", centre: [0, 0, 0] }, 0.05)),
  },
  {
    title: "drag, 3 % a time unit",
    expected: ["drag"],
    make: disturbed(spring, () => term({ name: "drag" }, 0.03)),
  },
  {
    title: "drag with Morse bonds",
    expected: ["drag"],
    make: disturbed("morse", () => term({ name: "drag" }, 0.03)),
  },
  {
    title: "magnetic field, cyclotron frequency 0.03",
    expected: ["velocity-force"],
    make: disturbed(spring, () => term({ name: "magnetic" }, 0, 0, 0.03)),
  },
  {
    title: "swirl across the line between particles",
    expected: ["non-central"],
    make: disturbed(spring, () => swirl(0.03)),
  },
  {
    title: "springs 5 % stiffer along x",
    expected: ["direction"],
    make: disturbed(spring, (pair) => anisotropic(pair, 0.05)),
  },
  {
    title: "x recorded at another scale (3 %)",
    expected: ["direction"],
    make() {
      const set = disturbed(spring, () => term({ name: "field" }, 0, 0, 0))();
      const scale = (values: Float64Array): Float64Array =>
        values.map((x, k) => (k % set.dimension === 0 ? 1.03 * x : x));
      return {
        ...set,
        positions: scale(set.positions),
        velocities: scale(set.velocities as Float64Array),
      };
    },
  },
  {
    title: "three-body force (Axilrod-Teller)",
    expected: ["three-body"],
    make: disturbed("morse", () => threeBody(0.02)),
  },
  {
    title: "a fourth particle that was not recorded",
    expected: ["unrecorded-body"],
    make() {
      const { system, start, spacing } = lawSystemByName("morse");
      return withoutLast(follow(system, start, spacing));
    },
  },
  {
    title: "a mass that is wrong by 5 %",
    expected: ["masses"],
    make() {
      const set = disturbed("morse", () => term({ name: "field" }, 0, 0, 0))();
      return { ...set, masses: set.masses.map((m, i) => (i === 1 ? 1.05 * m : m)) };
    },
  },
  {
    title: "masses of gravity, all taken as one",
    expected: ["masses"],
    coupling: "mass-product",
    make() {
      const { spacing } = lawSystemByName(spring);
      const { pair } = lawSystemByName("gravity").laws[0] as { pair: PairPotential };
      const system = createSystem({
        masses: [1, 0.5, 0.2],
        dimension: 3,
        potential: pairwise(pair),
      });
      const start = createState(
        {
          positions: [
            [0, 0, 0],
            [1.2, 0, 0],
            [0, -3, 0.3],
          ],
          velocities: [
            [0, -0.4, 0],
            [0, 1.1, 0.1],
            [0.8, 0, 0],
          ],
        },
        { dimension: 3 },
      );
      return { ...follow(system, start, spacing), masses: Float64Array.of(1, 1, 1) };
    },
  },
  {
    title: "one law asked where two species need three",
    expected: ["species"],
    make() {
      const { system, start, spacing } = lawSystemByName("two-species");
      return follow(system, start, spacing);
    },
  },
  {
    title: "records that skip whole orbits",
    coupling: "mass-product",
    expected: ["unresolved-motion", "followed-in-segments"],
    make() {
      const { system, start } = lawSystemByName("gravity");
      return follow(system, start, 5.3);
    },
  },
];

/** As recorded: with noise, and the velocities left out. */
export function recorded(set: TrajectorySet, noise: number, seed: number): TrajectorySet {
  if (noise === 0) return set;
  const separations = setSeparations(set);
  const mean = separations.reduce((sum, r) => sum + r, 0) / separations.length;
  return dropVelocities(addPositionNoise(set, { sigma: noise * mean, seed }));
}
