import { experimentByName, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import {
  encodeModel,
  type TrainingState,
  type TrainOptions,
  type TrainResult,
  train,
} from "../src/index.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../src/training/index.ts";

function records(trajectories: number, count: number): TrajectorySet {
  const { masses, pair, trainStart } = experimentByName("quartic-spring");
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  return generateTrajectories({
    system,
    start: trainStart,
    trajectories,
    records: count,
    dt: 0.05,
    stride: 2,
  });
}

const data = records(6, 5);
const validation = records(2, 4);

/** A state as a file gives it back, without what a clock said. */
function throughFile(state: TrainingState): TrainingState {
  const clock = { seconds: 0, log: new Float64Array(state.log.losses.length) };
  const bytes = encodeCheckpoint({ config: {}, state: { ...state, clock } });
  return decodeCheckpoint(bytes, { source: "state" }).state as TrainingState;
}

async function run(
  options: TrainOptions,
  resume?: TrainingState,
  kept: (state: TrainingState) => TrainingState = (state) => state,
): Promise<{ result: TrainResult; states: TrainingState[] }> {
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

/** All that a run ends with, as bytes. */
function ended({ result, states }: Awaited<ReturnType<typeof run>>): unknown {
  const { model, history, trainLoss, validationLoss, iterations, stopped, retreats } = result;
  return {
    model: Buffer.from(encodeModel(model)).toString("base64"),
    state: throughFile(states.at(-1) as TrainingState),
    log: history.map(({ iteration, loss }) => [iteration, loss]),
    trainLoss,
    validationLoss,
    iterations,
    stopped,
    retreats,
  };
}

const INTEGRATORS = [
  "velocity-verlet",
  "position-verlet",
  "forest-ruth",
  "pefrl",
  "blanes-moan-4",
  "yoshida-6",
];

/** All of the iterations, or the first, the last and some between. */
const EACH = Array.from({ length: 64 }, (_, k) => k);
const SOME = [0, 1, 17, 40, 63];

describe("a run that is begun again between any two of its 64 iterations ends with the same bits", () => {
  const rows: [string, readonly number[], TrainOptions][] = [
    ["adam", EACH, { optimizer: "adam", epochs: 64, learningRate: 0.01 }],
    ["lbfgs", EACH, { optimizer: "lbfgs", epochs: 64 }],
    ["lnn, Levenberg-Marquardt and then L-BFGS", EACH, { model: "lnn", epochs: 32 }],
    ...INTEGRATORS.map((integrator): [string, readonly number[], TrainOptions] => [
      `adam, ${integrator}`,
      SOME,
      { optimizer: "adam", epochs: 64, learningRate: 0.01, integrator },
    ]),
    ["adam with validation", SOME, { optimizer: "adam", epochs: 64, validation }],
    [
      "adam, where the loss stops being finite",
      SOME,
      { optimizer: "adam", epochs: 64, learningRate: 1e64 },
    ],
    ["lnn by adam", SOME, { model: "lnn", optimizer: "adam", epochs: 64 }],
    [
      "lnn by lbfgs, with validation",
      SOME,
      { model: "lnn", optimizer: "lbfgs", epochs: 64, validation },
    ],
  ];
  it.each(rows)("%s", { timeout: 60_000 }, async (_, splits, options) => {
    const whole = await run(options, undefined, throughFile);
    expect(whole.states.map(({ iteration }) => iteration)).toEqual(EACH.map((k) => k + 1));
    expect(whole.result.retreats.length > 0).toBe(options.learningRate === 1e64);
    const expected = ended(whole);
    for (const k of splits) {
      const state = whole.states[k] as TrainingState;
      const rest = await run(options, state);
      // What was done is not done again.
      expect(rest.states).toHaveLength(63 - k);
      if (rest.states.length === 0) rest.states.push(state);
      expect(ended(rest)).toEqual(expected);
    }
  });
});
