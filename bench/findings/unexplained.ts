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
import { mean } from "../numbers.ts";
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

/** A row of the table: what is wrong, what is to be found, the data. */
const row = (
  title: string,
  expected: Unexplained["expected"],
  make: Unexplained["make"],
  coupling: Coupling = "none",
): Unexplained => ({ title, expected, make, coupling });

const still = (name: string) => disturbed(name, () => term({ name: "field" }, 0, 0, 0))();
const trap = (...centre: readonly number[]) => ({ name: "trap", per: "force", centre }) as const;

/** A system of the library, all as it is, with records so far apart. */
function undisturbed(name: string, apart?: number): TrajectorySet {
  const { system, start, spacing } = lawSystemByName(name);
  return follow(system, start, apart ?? spacing);
}

/** x at another scale than y and z. */
function stretched(): TrajectorySet {
  const { positions, velocities = positions, ...set } = still(spring);
  const scale = (values: Float64Array): Float64Array =>
    values.map((x, k) => (k % set.dimension === 0 ? 1.03 * x : x));
  return { ...set, positions: scale(positions), velocities: scale(velocities) };
}

function wrongMass(): TrajectorySet {
  const set = still("morse");
  return { ...set, masses: set.masses.map((m, i) => (i === 1 ? 1.05 * m : m)) };
}

function equalMasses(): TrajectorySet {
  const { pair } = lawSystemByName("gravity").laws[0];
  const system = createSystem({ masses: [1, 0.5, 0.2], dimension: 3, potential: pairwise(pair) });
  const positions = [0, 0, 0, 1.2, 0, 0, 0, -3, 0.3];
  const velocities = [0, -0.4, 0, 0, 1.1, 0.1, 0.8, 0, 0];
  const start = createState({ positions, velocities }, { dimension: 3 });
  const { spacing } = lawSystemByName(spring);
  return { ...follow(system, start, spacing), masses: Float64Array.of(1, 1, 1) };
}

export const UNEXPLAINED: readonly Unexplained[] = [
  row(
    "uniform field, 1 % of the forces",
    ["outside-force"],
    disturbed(spring, () => term({ name: "field" }, 0, 0.01, 0)),
  ),
  // About the middle of equal masses a trap is a pair law: only beside it something shows.
  row(
    "harmonic trap beside the springs, 3 % as stiff",
    ["trap", "outside-force"],
    disturbed(spring, () => term(trap(2, 0, 0), 0.03)),
  ),
  row(
    "harmonic trap about the middle of unequal masses",
    ["trap"],
    disturbed("morse", () => term(trap(0, 0, 0), 0.05)),
  ),
  row(
    "drag, 3 % a time unit",
    ["drag"],
    disturbed(spring, () => term({ name: "drag" }, 0.03)),
  ),
  row(
    "drag with Morse bonds",
    ["drag"],
    disturbed("morse", () => term({ name: "drag" }, 0.03)),
  ),
  row(
    "magnetic field, cyclotron frequency 0.03",
    ["velocity-force"],
    disturbed(spring, () => term({ name: "magnetic" }, 0, 0, 0.03)),
  ),
  row(
    "swirl across the line between particles",
    ["non-central"],
    disturbed(spring, () => swirl(0.03)),
  ),
  row(
    "springs 5 % stiffer along x",
    ["direction"],
    disturbed(spring, (pair) => anisotropic(pair, 0.05)),
  ),
  row("x recorded at another scale (3 %)", ["direction"], stretched),
  row(
    "three-body force (Axilrod-Teller)",
    ["three-body"],
    disturbed("morse", () => threeBody(0.02)),
  ),
  row("a fourth particle that was not recorded", ["unrecorded-body"], () =>
    withoutLast(undisturbed("morse")),
  ),
  row("a mass that is wrong by 5 %", ["masses"], wrongMass),
  row("masses of gravity, all taken as one", ["masses"], equalMasses, "mass-product"),
  row("one law asked where two species need three", ["species"], () => undisturbed("two-species")),
  row(
    "records that skip whole orbits",
    ["unresolved-motion", "followed-in-segments"],
    () => undisturbed("gravity", 5.3),
    "mass-product",
  ),
];

/** As recorded: with noise, and the velocities left out. */
export function recorded(set: TrajectorySet, noise: number, seed: number): TrajectorySet {
  if (noise === 0) return set;
  const sigma = noise * (mean(setSeparations(set)) ?? 0);
  return dropVelocities(addPositionNoise(set, { sigma, seed }));
}
