import { checkTrajectorySet, createRandom, type TrajectorySet } from "@mclnn/datasets";
import type { LnnModel } from "@mclnn/models";
import { createLnnModel, PositionNetwork } from "@mclnn/models";
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
  type Retreat,
} from "../runs/descend.ts";
import { drive, type Interruption } from "../runs/drive.ts";
import { LossLog } from "../runs/loss-log.ts";
import type { CheckpointOptions } from "../runs/state.ts";
import { StateKeeper } from "../runs/state-keeper.ts";
import type { TrainResult } from "../runs/train-options.ts";
import { beginFit, FIT_ITERATIONS, fitAccelerations } from "./fit-accelerations.ts";
import { initialPositionWeights } from "./initial-weights.ts";
import { recordAccelerations } from "./record-accelerations.ts";
import { LnnRolloutLoss } from "./rollout-loss.ts";
import { positionScaling, scalePoints, widenWeights } from "./scaling.ts";
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
  const { particles, dimension, masses } = data;
  if (validation !== undefined) {
    checkTrajectories("validation", validation);
    if (validation.particles !== particles || validation.dimension !== dimension)
      throw new MclnnError("validation trajectories are of another system", {
        code: "bad-shape",
        argument: "validation",
        expected: `${particles} particles in ${dimension} dimensions`,
        got: `${validation.particles} particles in ${validation.dimension} dimensions`,
      });
  }
  const { hidden, until, seed } = settings;
  const log = new LossLog(started, settings);
  const accelerations = recordAccelerations(data);
  const scaling = positionScaling(
    accelerations,
    Float64Array.from(
      { length: particles * dimension },
      (_, k) => masses[Math.floor(k / dimension)],
    ),
  );
  const network = new PositionNetwork(particles * dimension, hidden);
  const objective = new LnnRolloutLoss(network, data, { ...scaling, dt, stride });
  const validationObjective =
    validation === undefined
      ? null
      : new LnnRolloutLoss(network, validation, {
          ...scaling,
          ...chooseTimeStep(validation, dt),
        });

  const narrow = new PositionNetwork(scaling.active.length, hidden);
  const training = scalePoints(accelerations, scaling);
  const random = createRandom(seed);
  const keeper = new StateKeeper(options.checkpoints, log);
  let iterations = 0;
  let interrupted: Interruption | undefined;
  const run = async (
    steps: Generator<DescentStep, DescentEnding>,
    onStep: (step: DescentStep) => void,
  ): Promise<DescentEnding> => {
    const outcome = await drive(steps, {
      signal: settings.signal,
      timeLimit: settings.timeLimit,
      started,
      keeper,
      onStep,
    });
    if ("result" in outcome) return outcome.result;
    interrupted = outcome.interrupted;
    return "epochs";
  };

  const isFitted = settings.optimizer === "auto" && narrow.size <= LARGEST_LEAST_SQUARES;
  let weights = initialPositionWeights(narrow.inputs, hidden, training.inputs, random);
  if (isFitted) {
    const unit = scaling.accelerationScale * scaling.accelerationScale;
    const check =
      validation === undefined ? training : scalePoints(recordAccelerations(validation), scaling);
    const first = beginFit(narrow, training, check, random);
    const state = keeper.resumed("accelerations", first) ?? first;
    keeper.follow("accelerations", { iteration: () => state.done, values: () => state });
    // A later stage's state has all that this one left.
    if (!keeper.isBeyond("accelerations"))
      await run(
        fitAccelerations(narrow, training, check, state, {
          iterations: settings.epochs,
          patience: settings.patience,
        }),
        ({ phase, iteration, loss }) =>
          log.progress(
            `accelerations, ${phase}`,
            iteration,
            loss * unit,
            settings.epochs ?? FIT_ITERATIONS,
          ),
      );
    iterations = state.done;
    weights = state.best.weights;
  }
  weights = widenWeights(weights, hidden[0], scaling);
  let stopped: TrainResult["stopped"] = interrupted ?? "converged";
  let retreats: readonly Retreat[] = [];
  if (interrupted === undefined) {
    const plan = descentPlan(settings, {
      isFitted,
      checkedLoss:
        validationObjective === null ? undefined : (w) => validationObjective.evaluate(w),
    });
    const descendBy = async <S extends object>(optimizer: Optimizer<S>): Promise<DescentEnding> => {
      const first = { before: iterations, descent: beginDescent(optimizer, weights, plan) };
      const state = keeper.resumed("rollout", first) ?? first;
      const { descent, before } = state;
      keeper.follow("rollout", {
        iteration: () => before + descent.iteration,
        values: () => state,
      });
      const ending = await run(
        descend(optimizer, objective, descent, plan),
        ({ phase, iteration, loss }) => {
          log.measured(before + iteration, loss);
          log.progress(phase, iteration, loss, plan.epochs);
        },
      );
      iterations = before + descent.iteration;
      weights = descent.best.weights;
      retreats = descent.retreats;
      return ending;
    };
    const result = await (settings.optimizer === "adam"
      ? descendBy(adam({ learningRate: settings.learningRate }))
      : descendBy(lbfgs()));
    stopped = interrupted ?? result;
  }

  const trainLoss = objective.evaluate(weights);
  if (!Number.isFinite(trainLoss))
    throw new MclnnError("training of the baseline diverged", {
      code: "diverged",
      expected: "a finite rollout loss",
      got: String(trainLoss),
      mend: "Try another seed or a smaller learning rate.",
      kind: "failure",
    });
  log.measured(iterations, trainLoss);
  const validationLoss = validationObjective?.evaluate(weights) ?? null;
  const reachedTarget = trainLoss <= until;
  const trainSeconds = log.seconds();
  return {
    model: createLnnModel({
      particles,
      dimension,
      masses,
      hidden,
      weights,
      centre: scaling.centre,
      inputScale: scaling.inputScale,
      energyScale: scaling.energyScale,
      record: {
        seed,
        optimizer: settings.optimizer,
        loss: "rollout",
        until,
        trainLoss,
        validationLoss,
        iterations,
        reachedTarget,
        dt,
        stride,
        trajectories: data.trajectories,
        records: data.records,
        particles,
        data: data.provenance,
      },
    }),
    trainLoss,
    validationLoss,
    trainSeconds,
    iterations,
    reachedTarget,
    stopped: reachedTarget ? "target" : stopped,
    retreats,
    dt,
    dtSource: source,
    integrator: "velocity-verlet",
    substeps: stride,
    startStates: "exact",
    noise: null,
    findings: [],
    masses: null,
    history: log.history,
    milestones: log.milestones,
  };
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
