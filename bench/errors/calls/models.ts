import { accelerationPoints, type TrajectorySet } from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import * as learning from "@mclnn/learning";
import * as training from "@mclnn/learning/parts";
import * as models from "@mclnn/models";
import * as parts from "@mclnn/models/parts";
import type { EntryCalls } from "../call.ts";
import { seenInPart, spring, springs, springsOfSpecies, start } from "../samples.ts";

const { createMclnnModel, createSplineModel, networkSize, positionNetworkSize } = models;
const { createSchedule, createTrainingData } = training;
const { createCells } = parts;

const record = (): models.TrainingRecord => ({
  seed: 1,
  optimizer: "auto",
  dt: 0.01,
  stride: 10,
  iterations: 3,
  reachedTarget: true,
  trainLoss: 1e-9,
  validationLoss: null,
});
const separations = (): models.SeparationRecord => ({
  ranges: [[0.5, 2]],
  edges: Float64Array.of(0.5, 1, 2),
  counts: Float64Array.of(3, 4),
});
const numbers = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, k) => 0.1 + ((7 * k) % 5) / 10);
const mclnnParts = () => ({
  ...{ hidden: [4, 4], weights: numbers(networkSize([1, 4, 4, 1])), coupling: "none" as const },
  ...{ separations: separations(), record: record() },
});
const splineParts = () => ({
  knots: [Float64Array.of(0.5, 1, 1.5, 2)],
  ...{ coefficients: numbers(6), coupling: "none" as const },
  ...{ separations: separations(), record: record() },
});
const mclnn = (): models.MclnnModel => createMclnnModel(mclnnParts());
const spline = (): models.SplineModel => createSplineModel(splineParts());
/** One that knows what its records said. */
const sure = (): models.SplineModel => {
  const { knots, coefficients } = splineParts();
  const unit = Float64Array.from({ length: 36 }, (_, k) => (k % 7 === 0 ? 1 : 0));
  const likelihood = { metric: unit, gradient: new Float64Array(6) };
  return createSplineModel({
    ...splineParts(),
    uncertainty: { knots, coefficients, factor: unit, variance: 1e-4, likelihood },
  });
};
/** Stops at its first look, so that a training that begins takes no time. */
const brief = { epochs: 2, timeLimit: 0.2 };
/** What trainings of all kinds take. */
const common = () => ({
  ...{ hidden: [3], seed: 1, until: 1, optimizer: "adam", learningRate: 1e-3, dt: 0.05, ...brief },
  ...{ signal: { aborted: false }, onProgress: () => undefined },
});
const points = (): ReturnType<typeof accelerationPoints> =>
  accelerationPoints(spring, { start, points: 20 });
const data = (set: TrajectorySet = springs()): training.TrainingData =>
  createTrainingData(set, { coupling: "none" });
const schedule = (): training.Schedule => createSchedule(springs().times, velocityVerlet.stages, 2);
const cells = (): parts.Cells => createCells([Float64Array.of(0.2, 1, 2, 3)]);

/** What is made keeps its arguments as they are; nothing is computed yet. */
const kept = (): boolean => true;

const calls: EntryCalls["calls"] = {
  createLnnModel: () => [
    {
      ...{ particles: 2, dimension: 2, masses: Float64Array.of(1, 1), hidden: [3] },
      ...{ weights: numbers(positionNetworkSize(4, [3])), centre: new Float64Array(4) },
      ...{ inputScale: 1, energyScale: 1, record: record() },
    },
  ],
  createMclnnModel: () => [mclnnParts()],
  createSpeciesModel: () => [{ laws: [{ species: [0, 0], model: mclnn() }], record: record() }],
  createSplineModel: () => [splineParts()],
  decodeModel: () => [models.encodeModel(mclnn()), { source: "law.safetensors" }],
  decodeSafetensors: () => [models.encodeModel(mclnn()), { source: "law.safetensors" }],
  encodeModel: () => [mclnn()],
  encodeSafetensors: () => [
    new Map([["x", { shape: [2], data: Float64Array.of(1, 2) }]]),
    new Map([["format", "own"]]),
  ],
  EnergyNetwork: () => [[4, 4]],
  findFormula: { args: () => [sure(), { maxConstants: 1 }], slow: true },
  fitPowerLaw: () => [spline()],
  ForwardEnergyNetwork: () => [[4, 4]],
  ForwardPositionNetwork: () => [6, [4]],
  inspectRecords: () => [springs()],
  continuedLaw: () => [spline().table, { from: 0.5, to: 2 }],
  // Without error bars there are none.
  lawOnGrid: { args: () => [sure(), { points: 5, from: 0.6, to: 1.9 }], mayBe: Number.isNaN },
  motionOf: () => [spline()],
  networkLayout: () => [[1, 4, 1]],
  networkSize: () => [[1, 4, 4, 1]],
  PositionNetwork: () => [6, [4]],
  positionNetworkLayout: () => [6, [4]],
  positionNetworkSize: () => [6, [4]],
  train: {
    args: () => [
      springs(),
      {
        ...{ ...common(), model: "spline", coupling: "none", velocities: "given" },
        ...{ fitMasses: false, fitCharges: false, validation: springs() },
      },
    ],
    slow: true,
  },
  trainBaseline: {
    args: () => [points(), { ...common(), patience: 2, stride: 10, validation: points() }],
    slow: true,
  },
  trainLnnOnTrajectories: {
    args: () => [springs(), { ...common(), patience: 2, validation: springs() }],
    slow: true,
  },
  trainSeeds: {
    args: () => [
      springs(),
      [1, 2],
      { model: "spline", separateSpecies: false, onSeed: () => undefined, ...brief },
    ],
    slow: true,
  },
  trainSpecies: {
    args: () => [springsOfSpecies(), { model: "spline", velocities: "given", ...brief }],
    slow: true,
  },

  adam: () => [{ learningRate: 1e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }],
  createCells: () => [[Float64Array.of(0.2, 1, 2, 3)]],
  createSchedule: () => [springs().times, velocityVerlet.stages, 2, 0.05],
  createTrainingData: () => [
    seenInPart(),
    { coupling: "none", needVelocities: true, separateSpecies: false, watch: () => undefined },
  ],
  decodeCheckpoint: () => [
    training.encodeCheckpoint({ config: { model: "mclnn" }, state: null }),
    { source: "checkpoint" },
  ],
  DirectRolloutLoss: { args: () => [data(), schedule(), [4, 4]], mayBe: kept },
  encodeCheckpoint: () => [
    {
      config: { model: "mclnn" },
      state: {
        iteration: 1,
        stage: "x",
        values: { a: Float64Array.of(1) },
        log: { iterations: Float64Array.of(1), losses: Float64Array.of(1) },
        clock: { seconds: 1, log: Float64Array.of(1) },
      },
    },
  ],
  lbfgs: () => [{ memory: 5, maxEvaluations: 10, decrease: 1e-4, curvature: 0.9 }],
  levenbergMarquardt: () => [{ damping: 1e-3, floor: 1e-9, maxTries: 5 }],
  LnnRolloutLoss: {
    args: () => [
      new models.PositionNetwork(9, [3]),
      springs(),
      { centre: new Float64Array(9), inputScale: 1, energyScale: 1, dt: 0.05, stride: 2 },
    ],
    mayBe: kept,
  },
  speciesPairs: () => [Int32Array.of(0, 0, 1)],
  TabulatedRolloutLoss: { args: () => [data(), schedule(), cells(), [4, 4]], mayBe: kept },
};

const INNER = "the inner loop of a training, on arrays that are its own";
/** Parts that the packages share, with arguments that they made. */
const PARTS = "a part of the packages, called with what they made";
const excused: EntryCalls["excused"] = {
  ...{ accumulateBatch: INNER, evaluateBatch: INNER },
  useKernels: "a switch: whatever is not false is true",
};

const RESULTS: EntryCalls["excused"] = {
  resultToData: "takes what a training gave",
  resultFromData: "takes what resultToData made; the model in it is read as any file is",
};

/** Those of the calls above that an entry has. */
const entry = (name: string, module: EntryCalls["module"]): EntryCalls => {
  const others = Object.keys(module).filter((key) => !(key in calls));
  const parts = Object.fromEntries(others.map((key) => [key, PARTS]));
  return {
    ...{ entry: name, module },
    calls: Object.fromEntries(Object.entries(calls).filter(([call]) => call in module)),
    excused: name.endsWith("/parts") ? { ...parts, ...excused } : RESULTS,
  };
};

/** All entries of the packages of laws but those for Node and TensorFlow.js. */
export const modelCalls: readonly EntryCalls[] = [
  entry("@mclnn/models", models),
  entry("@mclnn/models/parts", parts),
  entry("@mclnn/learning", learning),
  entry("@mclnn/learning/parts", training),
];
