import type { TrajectorySet } from "@mclnn/datasets";
import { createTrainingData, separationRecord, sortedSeparations } from "@mclnn/learning/parts";
import {
  createSplineModel,
  encodeSafetensors,
  type SplineModel,
  type Tensor,
  type TrainingRecord,
} from "@mclnn/models";
import { type Coupling, MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type * as TF from "@tensorflow/tfjs";
import { type TfjsBackend, type TfjsBackendName, tfjsBackend } from "./backend.ts";
import type { TfjsEnergy } from "./energy-function.ts";
import { tfjsPairPotential } from "./pair-potential.ts";
import { splineThrough } from "./spline-law.ts";
import { tf } from "./tensorflow.ts";
import { type LearnedPair, learnPair } from "./train-pair.ts";
import type {
  TfjsPairPotential,
  TfjsPairTrainOptions,
  TfjsPairTrainResult,
} from "./trainable-pair.ts";

/** A pair energy in tfjs and the tensors to train: a `LayersModel`, or a function of separations with its variables. */
export type TfjsNetwork =
  | TF.LayersModel
  | { readonly energy: TfjsEnergy; readonly variables?: readonly TF.Variable[] };

/**
 * What a network module exports as its default: makes the network with the `tf` it is given, which is the one that trains it, on the backend
 * that trains it. Whatever is random comes from `seed`.
 */
export type TfjsNetworkModule = (given: {
  readonly tf: typeof TF;
  readonly seed: number;
}) => TfjsNetwork | Promise<TfjsNetwork>;

export interface TfjsNetworkOptions extends TfjsPairTrainOptions {
  /** Default `cpu`. */
  readonly backend?: TfjsBackendName;
  /** Handed to the module. Default 100. */
  readonly seed?: number;
  /** Default `none`. */
  readonly coupling?: Coupling;
  /** In the model's record. Default `tfjs`. */
  readonly name?: string;
}

export interface TfjsNetworkResult extends TfjsPairTrainResult {
  /** The law as a spline, equal to the network's V' at its sites: `encodeModel` makes a file of it that everything opens. */
  readonly model: SplineModel;
  /** The trained tensors as a safetensors file in float64, by the names of their variables. */
  readonly weights: Uint8Array;
  /** The network itself. Its variables are yours to dispose. */
  readonly pair: TfjsPairPotential;
}

/**
 * Makes a network on a backend, trains it on trajectories as {@link trainTfjsPair} does, and makes a model of the law it learned.
 *
 * @throws MclnnError `bad-network` for what no network can be made of; as `tfjsPairPotential` and `trainTfjsPair`
 */
export async function trainTfjsNetwork(
  data: TrajectorySet,
  network: TfjsNetworkModule,
  options: TfjsNetworkOptions = {},
): Promise<TfjsNetworkResult> {
  checkArgument("network", network, "function");
  checkArgument("options", options, { seed: "whole?" });
  const { backend: backendName = "cpu", seed = 100, coupling = "none", name = "tfjs" } = options;
  const range = rangeOf(data, coupling);
  const backend = await tfjsBackend(backendName);
  const made = networkOf(await backend.during(() => network({ tf, seed })));
  const pair = await tfjsPairPotential(made.energy, {
    backend: backendName,
    name,
    coupling,
    range,
    ...(made.variables === undefined ? {} : { variables: made.variables }),
  });
  const learned = await learnPair(data, pair, options);
  return {
    ...learned.result,
    model: modelOf(data, pair, learned, seed),
    weights: weightsOf(pair, backend),
    pair,
  };
}

/** The separations that occur, a little wider where there is but one. */
function rangeOf(data: TrajectorySet, coupling: Coupling): [number, number] {
  const sorted = sortedSeparations(createTrainingData(data, { coupling }))[0] as Float64Array;
  const from = sorted[0] as number;
  return [from, Math.max(sorted.at(-1) as number, 1.01 * from)];
}

function networkOf(made: unknown): Exclude<TfjsNetwork, TF.LayersModel> {
  const { energy, apply } = (made ?? {}) as { energy?: TfjsEnergy; apply?: unknown };
  if (typeof apply === "function") return { energy: made as TF.LayersModel };
  if (typeof energy === "function" || (typeof energy === "object" && energy !== null))
    return made as Exclude<TfjsNetwork, TF.LayersModel>;
  throw new MclnnError("the network module makes no network", {
    code: "bad-network",
    argument: "network",
    expected: "a LayersModel, or { energy, variables }",
    got:
      made === null || typeof made !== "object"
        ? String(made)
        : `{ ${Object.keys(made).join(", ")} }`,
    mend: "Write `export default ({ tf, seed }) => ({ energy: (r) => ..., variables: [...] });`.",
  });
}

function modelOf(
  data: TrajectorySet,
  pair: TfjsPairPotential,
  { result, basis, separations, optimizer, until, integrator, dt, stride }: LearnedPair,
  seed: number,
): SplineModel {
  const { trajectories, records, particles, provenance } = data;
  const { trainLoss, validationLoss, iterations, reachedTarget } = result;
  const record: TrainingRecord = {
    seed,
    optimizer,
    until,
    trainLoss,
    validationLoss,
    iterations,
    reachedTarget,
    integrator,
    dt,
    stride,
    startStates: "exact",
    trajectories,
    records,
    particles,
    network: { name: pair.name, parameters: pair.parameterCount, backend: pair.backend },
    data: provenance,
  };
  return createSplineModel({
    knots: basis.clusters.map(({ knots }) => knots),
    coefficients: splineThrough(basis, (r) => pair.evaluate(r).slopes),
    coupling: pair.coupling ?? "none",
    separations: separationRecord(separations, result.ranges),
    record,
  });
}

/** tfjs numbers variables that were given no name; here they are numbered in their order. */
function weightsOf({ name, internals }: TfjsPairPotential, backend: TfjsBackend): Uint8Array {
  const tensors = internals.energy.parameters.variables.map((variable, k): [string, Tensor] => [
    /^\d+$/.test(variable.name) ? `variables.${k}` : variable.name,
    { shape: variable.shape, data: backend.run(() => Float64Array.from(variable.dataSync())) },
  ]);
  return encodeSafetensors(new Map(tensors), new Map([["network", name]]));
}
