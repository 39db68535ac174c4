import { createRequire } from "node:module";
import { accelerationPoints } from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import { createSchedule, createTrainingData } from "@mclnn/learning/parts";
import { createMclnnModel, networkSize } from "@mclnn/models";
import { createCells } from "@mclnn/models/parts";
import * as tfjs from "@mclnn/tfjs";
import type { EntryCalls } from "../call.ts";
import { spring, springs, start } from "../samples.ts";
import type { Callable } from "../use.ts";

const tf = createRequire(new URL("../../../packages/tfjs/package.json", import.meta.url))(
  "@tensorflow/tfjs",
) as { enableProdMode(): void };
// A greeting on standard error, but for this.
tf.enableProdMode();

const backend = "cpu";
const energy: tfjs.TfjsEnergy = (r) => r.square();
const kinetic: tfjs.TfjsLagrangianEnergy = (_, v) => v.square().sum(1).mul(0.5);
const net = await tfjs.denseNetwork({ hidden: [2] });
const apply: tfjs.TfjsEnergy = (r) => net.apply(r.reshape([-1, 1]));
const pair = await tfjs.tfjsPairPotential(apply, { variables: net.variables });
const lagrangian = await tfjs.lagrangianNetwork({ coordinates: 9, hidden: [2] });
const points = () => accelerationPoints(spring, { start, points: 3 });
const model = () =>
  createMclnnModel({
    hidden: [2],
    weights: new Float64Array(networkSize([1, 2, 1])).fill(0.1),
    coupling: "none",
    separations: { ranges: [[1, 2]], edges: Float64Array.of(1, 2), counts: Float64Array.of(1) },
    record: {
      ...{ seed: 1, optimizer: "auto", dt: 0.01, stride: 10, iterations: 3 },
      ...{ reachedTarget: true, trainLoss: 1e-9, validationLoss: null },
    },
  });
const layers = await tfjs.toLayersModel(model());
const brief = { seed: 1, epochs: 1, timeLimit: 0.1 };

/** What is made holds tensors, of which tfjs keeps account. */
const unseen =
  (f: unknown): Callable =>
  async (...args) => {
    await (f as Callable)(...args);
  };
/** A training, that ends soon where it is not told when. */
const timed =
  (f: unknown): Callable =>
  async (data, law, options) => {
    const told = options === undefined ? {} : options;
    const open = /^[of]/.test(typeof told) && told !== null && !("timeLimit" in (told as object));
    await (f as Callable)(data, law, open ? { ...told, timeLimit: 0.1 } : told);
  };
const made = [
  ...["denseNetwork", "fromLayersModel", "lagrangianNetwork", "layersModelFiles"],
  ...["separableLagrangian", "tfjsBackend", "tfjsLagrangian", "tfjsPairPotential", "toLayersModel"],
];

/** The entry for TensorFlow.js; it takes seconds to load. */
export const tfjsCalls: EntryCalls = {
  entry: "@mclnn/tfjs",
  module: {
    ...tfjs,
    ...Object.fromEntries(made.map((name) => [name, unseen(Reflect.get(tfjs, name))])),
    trainTfjsLagrangian: timed(tfjs.trainTfjsLagrangian),
    trainTfjsNetwork: timed(tfjs.trainTfjsNetwork),
    trainTfjsPair: timed(tfjs.trainTfjsPair),
  },
  calls: {
    denseNetwork: () => [{ backend, inputs: 1, hidden: [2], weights: net.weights(), seed: 1 }],
    fromLayersModel: { args: () => [layers, { backend }], whole: true },
    LagrangianAccelerationLoss: { args: () => [lagrangian, points()], mayBe: () => true },
    LagrangianRolloutLoss: { args: () => [lagrangian, springs(), 2], mayBe: () => true },
    lagrangianNetwork: () => [
      { coordinates: 2, backend, hidden: [2], seed: 1, periodic: false, inertia: 1 },
    ],
    layersModelFiles: { args: () => [layers], whole: true },
    separableLagrangian: () => [
      { species: [0, 0], dimension: 2, backend, kineticHidden: [2], pairHidden: [2], seed: 1 },
    ],
    tfjsBackend: () => [backend],
    tfjsLagrangian: () => [kinetic, { coordinates: 2, backend, variables: [], name: "own" }],
    tfjsPairPotential: () => [
      energy,
      { backend, variables: [], name: "own", coupling: "none", range: [0.6, 2] },
    ],
    TfjsRolloutLoss: {
      args: () => [
        createTrainingData(springs(), { coupling: "none" }),
        createSchedule(springs().times, velocityVerlet.stages, 2),
        createCells([Float64Array.of(0.2, 1, 2, 3)]),
        pair,
      ],
      callsLater: true,
      mayBe: () => true,
    },
    toLayersModel: () => [model(), { backend }],
    trainTfjsLagrangian: {
      args: () => [points(), lagrangian, { substeps: 1, ...brief }],
      slow: true,
    },
    trainTfjsNetwork: {
      args: () => [
        springs(),
        () => ({ energy: apply, variables: net.variables }),
        { backend, name: "own", coupling: "none", functionFirst: false, dt: 0.01, ...brief },
      ],
      slow: true,
    },
    trainTfjsPair: {
      args: () => [springs(), pair, { functionFirst: false, dt: 0.01, ...brief }],
      slow: true,
    },
  },
  excused: {
    installHigherOrderGradients: "takes nothing",
    squareplus: "of a tensor; tfjs itself says what it cannot take",
  },
};
