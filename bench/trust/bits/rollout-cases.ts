import { experimentByName } from "@mclnn/datasets";
import { type Integrator, integrators, rollout, velocityVerlet } from "@mclnn/integrators";
import { exactMomentum } from "@mclnn/integrators/exact-momentum";
import { conservation, observableSeries } from "@mclnn/metrics";
import { createLnnModel, createMclnnModel, PositionNetwork } from "@mclnn/models";
import {
  createSystem,
  type Force,
  lennardJones,
  linearSpring,
  morse,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  pairwiseBySpecies,
  type State,
  yukawa,
} from "@mclnn/physics";
import {
  builtInPotentials,
  parseFormula,
  smoothCutoff,
  tabulated,
} from "@mclnn/physics/potentials";
import { normals, RECORD, SEPARATIONS } from "../random-law.ts";
import type { BitsCase } from "./bits-case.ts";

const MASSES = [1, 2.3, 0.7];
const START: State = {
  time: 0,
  positions: Float64Array.of(0.61, 0.72, 0.13, -0.74, 0.35, -0.21, 0.02, -0.86, 0.43),
  velocities: Float64Array.of(-0.36, 0.3, 0.02, -0.17, -0.37, -0.05, 0.43, 0.01, 0.08),
};

function systemOf(potential: Force, species?: readonly number[]): ParticleSystem {
  return createSystem({
    masses: MASSES,
    charges: [1, -1, 1],
    ...(species === undefined ? {} : { species }),
    dimension: 3,
    potential,
  });
}

/** Positions and velocities of 200 records of 10 steps, and what is conserved along them. */
function run(
  system: ParticleSystem,
  integrator: Integrator = velocityVerlet,
  start: State = START,
): number[] {
  const options = { dt: 0.005, stride: 10, records: 200, integrator };
  const trajectory = rollout(system, start, options);
  const { hamiltonian, angularMomentum } = observableSeries(system, trajectory);
  const { maxDrift, slope, slopeStandardError } = conservation(trajectory.times, hamiltonian);
  return [
    ...[...trajectory.positions, ...(trajectory.velocities ?? [])],
    ...[...hamiltonian, ...angularMomentum],
    ...[maxDrift, slope ?? 0, slopeStandardError ?? 0],
  ];
}

const ofPair = (pair: PairPotential): readonly number[] => run(systemOf(pairwise(pair)));

const table = Float64Array.from({ length: 60 }, (_, k) => 0.2 + 0.1 * k);

const FORMULAS = [
  "4*eps*((s/r)^12-(s/r)^6); eps=0.2; s=0.8",
  "exp(-r/0.7)/r + 0.1*r^2.5",
  "log(r) * sin(2*r) - cos(r)*tanh(r) + atan(r)",
  "sinh(r/4)/cosh(r) + tan(r/9) + abs(r-2) + r^(0.3*r) + sqrt(r)",
];

function network() {
  return createMclnnModel({
    hidden: [10, 10],
    weights: normals(141, 7).map((x) => 0.3 * x),
    separations: SEPARATIONS,
    record: RECORD,
  });
}

function positionsOnly(): number[] {
  const hidden = [5, 4];
  const { size } = new PositionNetwork(9, hidden);
  const { potential } = createLnnModel({
    particles: 3,
    dimension: 3,
    masses: Float64Array.from(MASSES),
    hidden,
    weights: normals(size, 8),
    centre: normals(9, 9),
    inputScale: 0.8,
    energyScale: 0.7,
    record: RECORD,
  });
  return run(systemOf(potential));
}

/** Runs, with each method, each built-in law, laws of one's own, and learned ones. */
export const rolloutCases: readonly BitsCase[] = [
  ...integrators.map((integrator) => ({
    name: `rollout by ${integrator.name}`,
    bits: () => run(systemOf(pairwise(linearSpring())), integrator),
  })),
  ...["linear-spring", "quartic-spring", "gravity"].map((name) => ({
    name: `rollout of ${name}, the experiment`,
    bits: () => {
      const { masses, dimension, pair, testStart } = experimentByName(name);
      const system = createSystem({ masses, dimension, potential: pairwise(pair) });
      return run(system, velocityVerlet, testStart);
    },
  })),
  ...builtInPotentials.map(({ name, create }) => ({
    name: `rollout with ${name}`,
    bits: () => ofPair(create(name === "power-law" ? { exponent: 1.7 } : {})),
  })),
  ...FORMULAS.map((text) => ({
    name: `rollout with ${text}`,
    bits: () => ofPair(parseFormula(text)),
  })),
  {
    name: "rollout with a table",
    bits: () =>
      ofPair(tabulated({ separations: table, energies: table.map((r) => morse().energy(r)) })),
  },
  {
    name: "rollout with a cutoff",
    bits: () => ofPair(smoothCutoff(yukawa({ range: 2 }), { onset: 1, cutoff: 2 })),
  },
  {
    name: "rollout with species",
    bits: () =>
      run(
        systemOf(
          pairwiseBySpecies([
            { species: [0, 0], pair: linearSpring() },
            { species: [0, 1], pair: morse() },
          ]),
          [0, 0, 1],
        ),
      ),
  },
  { name: "rollout with a learned law's table", bits: () => run(systemOf(network().potential)) },
  { name: "rollout with a learned law's network", bits: () => ofPair(network().pair) },
  { name: "rollout with a learned energy of all positions", bits: positionsOnly },
  ...[linearSpring(), lennardJones({ epsilon: 0.1, sigma: 0.8 })].map((pair) => ({
    name: `rollout with exact momentum, ${pair.name}`,
    bits: () => run(systemOf(pairwise(pair)), exactMomentum(velocityVerlet)),
  })),
];
