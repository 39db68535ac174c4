import {
  accelerationPoints,
  addPositionNoise,
  dropObservations,
  dropVelocities,
  experimentByName,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import {
  type TrainOptions,
  type TrainResult,
  train,
  trainBaseline,
  trainSeeds,
  trainSpecies,
} from "@mclnn/learning";
import { decodeSafetensors, encodeModel, type Model } from "@mclnn/models";
import {
  createSystem,
  morse,
  type PairPotential,
  pairwise,
  pairwiseBySpecies,
  sumOfForces,
} from "@mclnn/physics";
import { linearDrag } from "@mclnn/physics/forces";
import type { BitsCase } from "./bits-case.ts";

function data(name: string, pair: PairPotential, trajectories: number): TrajectorySet {
  const { masses, trainStart } = experimentByName(name);
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  return generateTrajectories({ system, start: trainStart, trajectories });
}

const spring = (trajectories = 30) =>
  data("linear-spring", experimentByName("linear-spring").pair, trajectories);
const quartic = (trajectories = 30) =>
  data("quartic-spring", experimentByName("quartic-spring").pair, trajectories);
const planets = () => data("gravity", experimentByName("gravity").pair, 30);
const bonds = () => data("linear-spring", morse({ depth: 2 }), 30);

function twoSpecies(): TrajectorySet {
  const { trainStart } = experimentByName("linear-spring");
  const system = createSystem({
    masses: [1, 1, 1],
    species: [0, 0, 1],
    dimension: 3,
    potential: pairwiseBySpecies([
      { species: [0, 0], pair: experimentByName("linear-spring").pair },
      { species: [0, 1], pair: morse({ depth: 3 }) },
    ]),
  });
  return generateTrajectories({ system, start: trainStart, trajectories: 20 });
}

function dragged(): TrajectorySet {
  const { masses, pair, trainStart } = experimentByName("linear-spring");
  const potential = sumOfForces(pairwise(pair), linearDrag({ coefficient: 0.01 }));
  const system = createSystem({ masses, dimension: 3, potential });
  return generateTrajectories({ system, start: trainStart, trajectories: 10 });
}

const noisy = (set: TrajectorySet): TrajectorySet =>
  addPositionNoise(set, { sigma: 1e-3, seed: 1 });

/** All numbers of a model's file, and of what was found out in training. Seconds are left out. */
function outcome({
  model,
  trainLoss,
  validationLoss,
  iterations,
  noise,
  substeps,
  dt,
  masses,
  history,
  findings,
}: TrainResult<Model>): number[] {
  const { tensors } = decodeSafetensors(encodeModel(model), { source: "model" });
  return [
    ...[...tensors.values()].flatMap(({ data: numbers }) => [...numbers]),
    ...[trainLoss, validationLoss ?? -1, iterations, noise ?? -1, substeps, dt],
    ...(masses ?? []).flatMap(({ mass, deviation }) => [mass, deviation]),
    ...history.flatMap(({ iteration, loss }) => [iteration, loss]),
    findings.length,
    ...(model.kind === "mclnn" || model.kind === "spline" ? lawOf(model) : []),
  ];
}

/** The law at separations inside its data, outside, and near 0. */
function lawOf({ pair, table }: Extract<Model, { kind: "mclnn" | "spline" }>): number[] {
  return Array.from({ length: 60 }, (_, k) => 0.05 + 0.1 * k).flatMap((r) => [
    pair.energy(r),
    pair.slope(r),
    table.slope(r),
  ]);
}

type Case = readonly [name: string, set: () => TrajectorySet, options: TrainOptions];

/** Trajectories where start states are fitted too, which takes ten times as long. */
const FEW = 6;

const CASES: readonly Case[] = [
  ["MCLNN, linear spring", spring, { until: 1e-8 }],
  ["MCLNN, quartic spring", quartic, { seed: 101, until: 1e-8 }],
  ["MCLNN, gravity", planets, { coupling: "mass-product", seed: 102, until: 1e-8 }],
  ["MCLNN, as good as its data", quartic, { seed: 103 }],
  ["MCLNN, deep", spring, { until: 1e-12 }],
  ["MCLNN, other widths, validated", bonds, { hidden: [7, 5], validation: spring(5), until: 1e-8 }],
  ["MCLNN, noise, no velocities", () => dropVelocities(noisy(spring(FEW))), { until: 1e-5 }],
  ["MCLNN by Adam", spring, { optimizer: "adam", epochs: 40, hidden: [6] }],
  [
    "MCLNN by Adam, drag found",
    dragged,
    { optimizer: "adam", epochs: 5, hidden: [6], terms: ["pair", "drag"] },
  ],
  ["MCLNN by L-BFGS", spring, { optimizer: "lbfgs", epochs: 30, integrator: "forest-ruth" }],
  ["spline, gravity", planets, { model: "spline" }],
  ["spline, Morse", bonds, { model: "spline" }],
  ["spline, noise, velocities measured", () => noisy(quartic(FEW)), { model: "spline" }],
  ["spline, velocities unknown", () => quartic(FEW), { model: "spline", velocities: "unknown" }],
  [
    "spline, gaps",
    () => dropObservations(noisy(spring(FEW)), { share: 0.1, seed: 2 }),
    { model: "spline" },
  ],
  [
    "spline, drag and field found, noise",
    () => dropVelocities(noisy(spring(FEW))),
    { model: "spline", terms: ["pair", "drag", "field"] },
  ],
  [
    "spline, drag given, coarse tangents",
    dragged,
    { model: "spline", known: [{ spec: { name: "drag" }, coefficients: [0.01] }] },
  ],
  ["spline, masses fitted", spring, { model: "spline", fitMasses: true }],
  ["LNN", () => spring(10), { model: "lnn", hidden: [6], epochs: 20 }],
  ["LNN by Adam", () => spring(10), { model: "lnn", hidden: [6], optimizer: "adam", epochs: 20 }],
];

/** Trainings of each kind. */
export const trainingCases: readonly BitsCase[] = [
  ...CASES.map(([name, set, options]) => ({
    name: `training: ${name}`,
    bits: async () => outcome((await train(set(), options)) as TrainResult<Model>),
  })),
  {
    name: "training: two species",
    bits: async () => outcome(await trainSpecies(twoSpecies(), { model: "spline" })),
  },
  {
    name: "training: LNN on accelerations",
    bits: async () => {
      const { masses, pair, trainStart: start } = experimentByName("linear-spring");
      const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
      const points = accelerationPoints(system, { start, points: 200 });
      return outcome(await trainBaseline(points, { hidden: [8, 8], epochs: 15 }));
    },
  },
  {
    name: "training: three seeds",
    bits: async () =>
      (await trainSeeds(spring(), [7, 8, 9], { until: 1e-8 })).flatMap(({ result }) =>
        outcome(result),
      ),
  },
];
