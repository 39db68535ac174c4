import type { Milestone, StopSignal, TrainProgress } from "@mclnn/learning";
import type { Objective, Optimizer } from "@mclnn/learning/parts";
import { adam, beginDescent, descend, drive, LossLog, lbfgs, now } from "@mclnn/learning/parts";
import { MclnnError } from "@mclnn/physics";
import { checkArgument, optional } from "@mclnn/physics/arguments";

/** Options that all trainings through tfjs share. */
export interface TfjsTrainOptions {
  /** Training stops at this loss. */
  readonly until?: number;
  /** Default `lbfgs`. */
  readonly optimizer?: "adam" | "lbfgs";
  /** Upper bound on iterations. Default 2,000. */
  readonly epochs?: number;
  /** Adam's learning rate. Default 1e-3. */
  readonly learningRate?: number;
  /** Seconds after which the best weights so far are kept. */
  readonly timeLimit?: number;
  readonly signal?: StopSignal;
  readonly onProgress?: (progress: TrainProgress) => void;
}

/** What a training through tfjs came to. The weights with the lowest loss are in the variables. */
export interface TfjsTrainResult {
  readonly trainLoss: number;
  readonly trainSeconds: number;
  readonly iterations: number;
  readonly reachedTarget: boolean;
  readonly stopped: "target" | "converged" | "epochs" | "time-limit" | "aborted" | "diverged";
  readonly history: readonly { iteration: number; seconds: number; loss: number }[];
  readonly milestones: readonly Milestone[];
}

/** One stretch of a training: a loss, and how long to follow it. */
export interface Stage {
  readonly phase: string;
  readonly objective: Objective;
  readonly optimizer: "adam" | "lbfgs";
  readonly epochs: number;
  readonly until: number;
  /** Whether its loss is that of the training, and goes into the history. */
  readonly counts: boolean;
}

/** Steps of Adam that take L-BFGS out of a standstill, their rate, and how often they are tried. */
const SHAKE = 40;
const SHAKE_RATE = 1e-4;
const SHAKES = 2;

/**
 * Follows one loss after another from the weights given, and leaves the best weights of the last in `weights`.
 *
 * @throws MclnnError `bad-option`; `diverged` (failure) when no loss of the last stage was finite
 */
export async function descendInStages(
  weights: Float64Array,
  stages: readonly Stage[],
  { learningRate = 1e-3, timeLimit, signal, onProgress }: TfjsTrainOptions,
): Promise<TfjsTrainResult> {
  const last = stages.at(-1) as Stage;
  const started = now();
  const log = new LossLog(started, { until: last.until, onProgress });
  let iterations = 0;
  let stopped: TfjsTrainResult["stopped"] = "converged";
  let best: { readonly weights: Float64Array; readonly loss: number } = {
    weights: weights.slice(),
    loss: Number.POSITIVE_INFINITY,
  };
  /** Follows one loss for a while; whether training may go on. */
  const follow = async (
    { phase, objective, until, counts }: Stage,
    method: "adam" | "lbfgs",
    epochs: number,
    rate: number,
  ): Promise<boolean> => {
    const descendFrom = <S extends object>(optimizer: Optimizer<S>) => {
      const state = beginDescent(optimizer, weights);
      const options = { phase, epochs, until, checkEvery: 1 };
      return { state, steps: descend(optimizer, objective, state, options) };
    };
    const { state, steps } =
      method === "adam" ? descendFrom(adam({ learningRate: rate })) : descendFrom(lbfgs());
    const before = iterations;
    const outcome = await drive(steps, {
      signal,
      timeLimit: timeLimit === undefined ? undefined : 1000 * timeLimit,
      started,
      onStep: (step) => {
        iterations = before + step.iteration;
        if (step.best.loss < best.loss)
          best = { weights: step.best.weights.slice(), loss: step.best.loss };
        if (counts) log.measured(iterations, step.loss);
        log.progress(phase, iterations, step.loss);
      },
    });
    weights.set(state.weights);
    stopped = "interrupted" in outcome ? outcome.interrupted : outcome.result;
    return !("interrupted" in outcome);
  };
  for (const stage of stages) {
    const end = iterations + stage.epochs;
    const left = (): number => end - iterations;
    best = { weights: weights.slice(), loss: Number.POSITIVE_INFINITY };
    let goesOn = await follow(stage, stage.optimizer, left(), learningRate);
    // In float32 a line search gives up on roundoff, far from where the loss ends: a few small steps by Adam, and it finds its way again.
    for (let k = 0; k < SHAKES && goesOn && stopped === "converged" && left() > SHAKE; k++) {
      goesOn =
        (await follow(stage, "adam", SHAKE, SHAKE_RATE)) &&
        best.loss > stage.until &&
        (await follow(stage, "lbfgs", left(), learningRate));
    }
    weights.set(best.weights);
    if (goesOn || best.loss <= stage.until) continue;
    // The loss of the last stage is the one that counts, also for what was reached on the way to it.
    if (!stage.counts) best = { weights, loss: last.objective.evaluate(weights) };
    break;
  }
  if (!Number.isFinite(best.loss))
    throw new MclnnError("training through tfjs diverged in its first step", {
      code: "diverged",
      expected: "a finite loss",
      got: String(best.loss),
      mend: "Try other initial weights or a smaller learning rate.",
      kind: "failure",
    });
  return {
    trainLoss: best.loss,
    trainSeconds: log.seconds(),
    iterations,
    reachedTarget: best.loss <= last.until,
    stopped,
    history: log.history,
    milestones: log.milestones,
  };
}

/** Checked options with the defaults of a training filled in. */
export function stageDefaults(
  options: TfjsTrainOptions,
  target: number,
): Pick<Stage, "until" | "optimizer" | "epochs"> {
  checkArgument("options", options, {
    until: "number?",
    optimizer: ["adam", "lbfgs", undefined],
    epochs: "count?",
    learningRate: "positive?",
    timeLimit: "positive?",
    signal: optional({}),
    onProgress: "function?",
  });
  const { until = target, optimizer = "lbfgs", epochs = 2000 } = options;
  if (until < 0)
    throw new MclnnError("until cannot be used", {
      code: "bad-option",
      argument: "until",
      expected: "a number from 0 up",
      got: String(until),
    });
  return { until, optimizer, epochs };
}
