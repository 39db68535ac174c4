import { type AccelerationPoints, checkAccelerationPoints, createRandom } from "@mclnn/datasets";
import type { LnnModel } from "@mclnn/models";
import { PositionNetwork } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { adam } from "../optimizers/adam.ts";
import { lbfgs } from "../optimizers/lbfgs.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { beginDescent, type DescentEnding, type DescentStep, descend } from "../runs/descend.ts";
import { drive } from "../runs/drive.ts";
import { LossLog } from "../runs/loss-log.ts";
import type { TrainResult } from "../runs/train-options.ts";
import { accelerationLoss } from "./acceleration-loss.ts";
import { beginFit, FIT_ITERATIONS, fitAccelerations, selectPoints } from "./fit-accelerations.ts";
import { initialPositionWeights } from "./initial-weights.ts";
import { checkSameSystem, checkTrainLoss, lnnResult } from "./lnn-result.ts";
import type { ScaledPoints } from "./scaled-points.ts";
import { componentMasses, positionScaling, scalePoints, widenWeights } from "./scaling.ts";
import {
  checkLnnOptions,
  LARGEST_LEAST_SQUARES,
  type LnnOptions,
  type LnnSettings,
} from "./settings.ts";

/** Epochs of the paper (A.6). */
const ADAM_EPOCHS = 100_000;
const LBFGS_ITERATIONS = 2_000;
/** `auto` for a network too large for Levenberg-Marquardt: L-BFGS on some of the points. */
const LARGE_NETWORK = { points: 2_000, iterations: 300 };
/** Points by which the best weights are chosen. */
const CHECK_POINTS = 2_000;

export interface BaselineOptions extends LnnOptions {
  /** Points that choose the best weights and give the validation loss: from the records after the training ones. */
  readonly validation?: AccelerationPoints;
  /** Kept in the model's record for who rolls it out; no rollout takes place here. Default 0.01 and 10 (paper, A.6). */
  readonly dt?: number;
  readonly stride?: number;
}

/** See `trainBaseline`. @param started - when the points were in memory, by the clock */
export async function fitBaseline(
  points: AccelerationPoints,
  options: BaselineOptions,
  started: number,
): Promise<TrainResult<LnnModel>> {
  if (points?.points === 0)
    throw new MclnnError("there is nothing to learn from", {
      code: "too-few-points",
      argument: "points",
      expected: "at least 1 point",
      got: "0",
    });
  checkAccelerationPoints("points", points);
  const settings = checkLnnOptions(options);
  checkArgument("options", options, { dt: "positive?", stride: "count?" });
  const { validation, dt = 0.01, stride = 10 } = options;
  if (validation !== undefined) checkAccelerationPoints("validation", validation);
  if (validation !== undefined) checkSameSystem("points", validation, points);
  const scaling = positionScaling(points, componentMasses(points));
  const network = new PositionNetwork(scaling.active.length, settings.hidden);
  const training = scalePoints(points, scaling);
  const validating = validation === undefined ? null : scalePoints(validation, scaling);
  const { accelerationScale } = scaling;
  const unit = accelerationScale * accelerationScale;
  const log = new LossLog(started, settings);
  const [optimizer, iterationBound, steps] = chooseMethod(
    network,
    training,
    thin(validating ?? training, CHECK_POINTS),
    settings,
    unit,
  );
  let best: DescentStep["best"] | undefined;
  let iterations = 0;
  const outcome = await drive(steps, {
    signal: settings.signal,
    timeLimit: settings.timeLimit,
    started,
    onStep: (step) => {
      best = step.best;
      iterations = step.iteration;
      log.measured(iterations, step.loss * unit);
      log.progress(step.phase, iterations, step.loss * unit, iterationBound);
    },
  });
  const weights = best?.weights ?? new Float64Array(0);
  const lossOver = (some: ScaledPoints): number => {
    const loss = accelerationLoss(network, some);
    return loss.sumOfSquares(weights) * loss.weight * unit;
  };
  const trainLoss = lossOver(training);
  checkTrainLoss("acceleration", trainLoss);
  const validationLoss = validating === null ? null : lossOver(validating);
  return lnnResult({
    system: points,
    settings,
    scaling,
    weights: widenWeights(weights, settings.hidden[0], scaling),
    optimizer,
    loss: "acceleration",
    trainLoss,
    validationLoss,
    iterations,
    stopped: "interrupted" in outcome ? outcome.interrupted : outcome.result,
    retreats: [],
    dt,
    dtSource: "option",
    stride,
    data: { points: points.points, particles: points.particles },
    log,
  });
}

/** Name, bound on the iterations, and steps of the method that the options ask for. */
function chooseMethod(
  network: PositionNetwork,
  training: ScaledPoints,
  check: ScaledPoints,
  { optimizer, seed, epochs, patience, until, learningRate }: LnnSettings,
  unit: number,
): [name: string, bound: number, Generator<DescentStep, DescentEnding>] {
  const random = createRandom(seed);
  const isLarge = network.size > LARGEST_LEAST_SQUARES;
  if (optimizer === "auto" && !isLarge)
    return [
      "levenberg-marquardt",
      epochs ?? FIT_ITERATIONS,
      fitAccelerations(network, training, check, beginFit(network, training, check, random), {
        iterations: epochs,
        patience,
        until: until / unit,
      }),
    ];
  const checked = accelerationLoss(network, check);
  const weights = initialPositionWeights(network.inputs, network.hidden, training.inputs, random);
  const descent = {
    until: until / unit,
    checkedLoss: (w: Float64Array) => checked.sumOfSquares(w) * checked.weight,
    checkEvery: 10,
  };
  const descendBy = <S extends object>(
    method: Optimizer<S>,
    over: ScaledPoints,
    phase: string,
    bound: number,
  ) =>
    descend(method, accelerationLoss(network, over), beginDescent(method, weights, descent), {
      ...descent,
      phase,
      epochs: bound,
      patience,
    });
  if (optimizer === "adam") {
    const bound = epochs ?? ADAM_EPOCHS;
    return ["adam", bound, descendBy(adam({ learningRate }), training, "Adam", bound)];
  }
  const seen = optimizer === "auto" ? thin(training, LARGE_NETWORK.points) : training;
  const bound = epochs ?? (optimizer === "auto" ? LARGE_NETWORK.iterations : LBFGS_ITERATIONS);
  return ["lbfgs", bound, descendBy(lbfgs(), seen, "L-BFGS", bound)];
}

/** At most `count` of the points, evenly spread. */
function thin(points: ScaledPoints, count: number): ScaledPoints {
  if (points.points <= count) return points;
  return selectPoints(
    points,
    Int32Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * points.points) / count)),
  );
}
