import { checkTrajectorySet, createRandom, type TrajectorySet } from "@mclnn/datasets";
import type { LnnModel } from "@mclnn/models";
import { PositionNetwork } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { adam } from "../optimizers/adam.ts";
import { lbfgs } from "../optimizers/lbfgs.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { chooseTimeStep } from "../records/time-step.ts";
import {
  beginDescent,
  type DescentEnding,
  type DescentOptions,
  type DescentStep,
  descend,
} from "../runs/descend.ts";
import { drive, type Interruption } from "../runs/drive.ts";
import { LossLog } from "../runs/loss-log.ts";
import type { CheckpointOptions } from "../runs/state.ts";
import { StateKeeper } from "../runs/state-keeper.ts";
import type { TrainResult } from "../runs/train-options.ts";
import { beginFit, FIT_ITERATIONS, fitAccelerations } from "./fit-accelerations.ts";
import { initialPositionWeights } from "./initial-weights.ts";
import { checkSameSystem, checkTrainLoss, lnnResult } from "./lnn-result.ts";
import { recordAccelerations } from "./record-accelerations.ts";
import { LnnRolloutLoss } from "./rollout-loss.ts";
import {
  type Accelerations,
  componentMasses,
  type PositionScaling,
  positionScaling,
  scalePoints,
  widenWeights,
} from "./scaling.ts";
import {
  checkLnnOptions,
  LARGEST_LEAST_SQUARES,
  type LnnOptions,
  type LnnSettings,
} from "./settings.ts";

/** Epochs of the paper (A.6). */
const ADAM_EPOCHS = 100_000;
const LBFGS_ITERATIONS = 2_000;
/** After the fit to accelerations. */
const REFINEMENT_ITERATIONS = 60;
/** Iterations of the refinement in a row without a fall of the checked loss by 1 % that end it. */
const REFINEMENT_PATIENCE = 15;

export interface LnnTrajectoryOptions extends LnnOptions {
  /** Time step of the rollout. Default: the data's provenance, else a tenth of the record spacing. */
  readonly dt?: number;
  readonly validation?: TrajectorySet;
  /** Keep the state of the training every so often, and go on from one. Default: no states are kept. */
  readonly checkpoints?: CheckpointOptions;
}

/** See `trainLnnOnTrajectories`. @param started - when the data were in memory, by the clock */
export async function fitLnnToTrajectories(
  data: TrajectorySet,
  options: LnnTrajectoryOptions,
  started: number,
): Promise<TrainResult<LnnModel>> {
  checkTrajectorySet("data", data);
  const settings = checkLnnOptions(options);
  checkArgument("options", options, { dt: "number?" });
  const { validation } = options;
  if (validation !== undefined) checkTrajectorySet("validation", validation);
  const { dt, stride, source } = chooseTimeStep(data, options.dt);
  checkTrajectories("data", data);
  if (validation !== undefined) {
    checkTrajectories("validation", validation);
    checkSameSystem("trajectories", validation, data);
  }
  const log = new LossLog(started, settings);
  const accelerations = recordAccelerations(data);
  const scaling = positionScaling(accelerations, componentMasses(data));
  const network = new PositionNetwork(data.particles * data.dimension, settings.hidden);
  const objective = new LnnRolloutLoss(network, data, { ...scaling, dt, stride });
  const validationObjective =
    validation === undefined
      ? null
      : new LnnRolloutLoss(network, validation, {
          ...scaling,
          ...chooseTimeStep(validation, dt),
        });
  const stages: Stages = {
    settings,
    scaling,
    log,
    keeper: new StateKeeper(options.checkpoints, log),
  };
  const first = await firstWeights(accelerations, validation, stages);
  const plan = descentPlan(settings, {
    isFitted: first.isFitted,
    checkedLoss: validationObjective === null ? undefined : (w) => validationObjective.evaluate(w),
  });
  const { weights, iterations, stopped, retreats } =
    first.interrupted !== null
      ? { ...first, stopped: first.interrupted, retreats: [] }
      : settings.optimizer === "adam"
        ? await descendRollouts(
            adam({ learningRate: settings.learningRate }),
            objective,
            plan,
            first,
            stages,
          )
        : await descendRollouts(lbfgs(), objective, plan, first, stages);
  const trainLoss = objective.evaluate(weights);
  checkTrainLoss("rollout", trainLoss);
  log.measured(iterations, trainLoss);
  const { trajectories, records, particles, provenance } = data;
  return lnnResult({
    system: data,
    settings,
    scaling,
    weights,
    optimizer: settings.optimizer,
    loss: "rollout",
    trainLoss,
    validationLoss: validationObjective?.evaluate(weights) ?? null,
    iterations,
    stopped,
    retreats,
    dt,
    dtSource: source,
    stride,
    data: { trajectories, records, particles, data: provenance },
    log,
  });
}

/** What the stages of a training share. */
interface Stages {
  readonly settings: LnnSettings;
  readonly scaling: PositionScaling;
  readonly log: LossLog;
  readonly keeper: StateKeeper;
}

/** Weights of the network of all components, and the iterations that they took. */
interface Reached {
  readonly weights: Float64Array;
  readonly iterations: number;
}

/** Weights to begin the rollouts with: fitted to the accelerations of the records, or random. */
async function firstWeights(
  accelerations: Accelerations,
  validation: TrajectorySet | undefined,
  stages: Stages,
): Promise<Reached & { readonly isFitted: boolean; readonly interrupted: Interruption | null }> {
  const { settings, scaling, log, keeper } = stages;
  const { hidden, seed, optimizer, epochs, patience } = settings;
  const network = new PositionNetwork(scaling.active.length, hidden);
  const training = scalePoints(accelerations, scaling);
  const random = createRandom(seed);
  const isFitted = optimizer === "auto" && network.size <= LARGEST_LEAST_SQUARES;
  const drawn = initialPositionWeights(network.inputs, hidden, training.inputs, random);
  if (!isFitted) {
    const weights = widenWeights(drawn, hidden[0], scaling);
    return { weights, iterations: 0, isFitted, interrupted: null };
  }
  const unit = scaling.accelerationScale * scaling.accelerationScale;
  const check =
    validation === undefined ? training : scalePoints(recordAccelerations(validation), scaling);
  const first = beginFit(network, training, check, random);
  const state = keeper.resumed("accelerations", first) ?? first;
  keeper.follow("accelerations", { iteration: () => state.done, values: () => state });
  // A later stage's state has all that this one left.
  const outcome = keeper.isBeyond("accelerations")
    ? null
    : await driveStage(
        fitAccelerations(network, training, check, state, { iterations: epochs, patience }),
        stages,
        ({ phase, iteration, loss }) =>
          log.progress(`accelerations, ${phase}`, iteration, loss * unit, epochs ?? FIT_ITERATIONS),
      );
  return {
    weights: widenWeights(state.best.weights, hidden[0], scaling),
    iterations: state.done,
    isFitted,
    interrupted: outcome !== null && "interrupted" in outcome ? outcome.interrupted : null,
  };
}

/** Descends the rollout loss. */
async function descendRollouts<S extends object>(
  optimizer: Optimizer<S>,
  objective: LnnRolloutLoss,
  plan: DescentOptions,
  { weights, iterations }: Reached,
  stages: Stages,
): Promise<Reached & Pick<TrainResult, "stopped" | "retreats">> {
  const { log, keeper } = stages;
  const first = { before: iterations, descent: beginDescent(optimizer, weights, plan) };
  const state = keeper.resumed("rollout", first) ?? first;
  const { descent, before } = state;
  keeper.follow("rollout", {
    iteration: () => before + descent.iteration,
    values: () => state,
  });
  const outcome = await driveStage(
    descend(optimizer, objective, descent, plan),
    stages,
    ({ phase, iteration, loss }) => {
      log.measured(before + iteration, loss);
      log.progress(phase, iteration, loss, plan.epochs);
    },
  );
  return {
    weights: descent.best.weights,
    iterations: before + descent.iteration,
    stopped: "interrupted" in outcome ? outcome.interrupted : outcome.result,
    retreats: descent.retreats,
  };
}

function driveStage(
  steps: Generator<DescentStep, DescentEnding>,
  { settings: { signal, timeLimit }, log: { started }, keeper }: Stages,
  onStep: (step: DescentStep) => void,
): ReturnType<typeof drive<DescentStep, DescentEnding>> {
  return drive(steps, { signal, timeLimit, started, keeper, onStep });
}

/** How the rollout loss is descended. */
function descentPlan(
  { optimizer, epochs, patience, until }: LnnSettings,
  {
    isFitted,
    checkedLoss,
  }: {
    readonly isFitted: boolean;
    readonly checkedLoss: ((weights: Float64Array) => number) | undefined;
  },
): DescentOptions {
  if (optimizer === "adam")
    return {
      phase: "Adam",
      epochs: epochs ?? ADAM_EPOCHS,
      until,
      checkedLoss,
      checkEvery: 10,
      patience,
    };
  const bound = epochs ?? (isFitted ? REFINEMENT_ITERATIONS : LBFGS_ITERATIONS);
  const own = isFitted && epochs === undefined ? REFINEMENT_PATIENCE : undefined;
  return {
    phase: "L-BFGS",
    epochs: bound,
    until,
    checkedLoss,
    checkEvery: 3,
    patience: patience ?? own,
  };
}

function checkTrajectories(argument: string, set: TrajectorySet): void {
  if (set.velocities === undefined)
    throw new MclnnError("the trajectories have no velocities", {
      code: "missing-velocities",
      argument: `${argument}.velocities`,
      expected: "velocities at the start of every trajectory",
      got: "positions only",
      mend: "Add a `velocities` array of the shape of `positions` to the file.",
    });
}
