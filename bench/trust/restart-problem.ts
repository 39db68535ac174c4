import { experimentByName, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { type TrainingState, type TrainOptions, type TrainResult, train } from "@mclnn/learning";
import { decodeCheckpoint, encodeCheckpoint } from "@mclnn/learning/parts";
import { encodeModel } from "@mclnn/models";
import { createSystem, pairwise } from "@mclnn/physics";

/** Few and short trajectories: what is tried is bookkeeping, not learning. */
function records(trajectories: number, count: number): TrajectorySet {
  const { masses, pair, trainStart } = experimentByName("quartic-spring");
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  const spacing = { dt: 0.05, stride: 2 };
  return generateTrajectories({
    system,
    start: trainStart,
    trajectories,
    records: count,
    ...spacing,
  });
}

const data = records(6, 5);
const validation = records(2, 4);

/** A training that is left and gone on with. */
export interface RestartCase {
  readonly name: string;
  readonly options: TrainOptions;
}

const INTEGRATORS = [
  "velocity-verlet",
  "position-verlet",
  "forest-ruth",
  "pefrl",
  "blanes-moan-4",
  "yoshida-6",
];

/** Each optimiser, then each integrator, then what else goes through other code. */
export const RESTART_CASES: readonly RestartCase[] = [
  ...Object.entries({
    adam: { optimizer: "adam", epochs: 32, learningRate: 0.01 },
    lbfgs: { optimizer: "lbfgs", epochs: 32 },
    "lnn, Levenberg-Marquardt and then L-BFGS": { model: "lnn", epochs: 32 },
    ...Object.fromEntries(
      INTEGRATORS.map((integrator) => [
        `adam, ${integrator}`,
        { optimizer: "adam", epochs: 32, learningRate: 0.01, integrator },
      ]),
    ),
    "adam with validation": { optimizer: "adam", epochs: 32, validation },
    "adam, where the loss stops being finite": {
      optimizer: "adam",
      epochs: 32,
      learningRate: 1e64,
    },
    "lnn by adam": { model: "lnn", optimizer: "adam", epochs: 32 },
    "lnn by lbfgs, with validation": { model: "lnn", optimizer: "lbfgs", epochs: 32, validation },
    "function first": { hidden: [6], until: 1e-7 },
    "function first, twice": { hidden: [6], until: 1e-10, validation },
    "function first, several starts": { hidden: [2], until: 1e-9, epochs: 32 },
    "unknown start states": { hidden: [6], until: 1e-8, velocities: "unknown" },
  } satisfies Record<string, TrainOptions>).map(([name, options]) => ({
    name,
    options: options as TrainOptions,
  })),
];

export interface KeptRun {
  readonly result: TrainResult;
  readonly states: readonly TrainingState[];
}

/** A state without what a clock said. */
export function withoutClock(state: TrainingState): TrainingState {
  return { ...state, clock: { seconds: 0, log: new Float64Array(state.log.losses.length) } };
}

/** The same as a file gives it back. */
export function throughFile(state: TrainingState): TrainingState {
  const bytes = encodeCheckpoint({ config: {}, state: withoutClock(state) });
  return decodeCheckpoint(bytes, { source: "state" }).state as TrainingState;
}

/** Trains, from a state where one is given, and keeps the state after each iteration. */
export async function keptRun(
  options: TrainOptions,
  resume?: TrainingState,
  kept: (state: TrainingState) => TrainingState = (state) => state,
): Promise<KeptRun> {
  const states: TrainingState[] = [];
  const result = await train(data, {
    seed: 3,
    hidden: [4],
    until: 1e-30,
    ...options,
    checkpoints: { every: 1, save: (state) => void states.push(kept(state)), resume },
  });
  return { result, states };
}

/** All that a run ends with, as text: model, state, loss log and what it says about itself. */
export function endOf({ result }: KeptRun, last: TrainingState): string {
  const { model, history, trainLoss, validationLoss, iterations, stopped, retreats } = result;
  const state = encodeCheckpoint({ config: {}, state: throughFile(last) });
  return JSON.stringify({
    model: Buffer.from(encodeModel(model)).toString("base64"),
    state: Buffer.from(state).toString("base64"),
    log: history.map(({ iteration, loss }) => [iteration, loss]),
    trainLoss,
    validationLoss,
    iterations,
    stopped,
    retreats,
  });
}
