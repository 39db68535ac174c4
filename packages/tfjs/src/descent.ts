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
  const descent = new StagedDescent(weights, last.until, {
    signal,
    timeLimit: timeLimit === undefined ? undefined : 1000 * timeLimit,
    onProgress,
  });
  for (const stage of stages) {
    const goesOn = await descent.follow(stage, learningRate);
    if (goesOn || descent.best.loss <= stage.until) continue;
    // The loss of the last stage is the one that counts, also for what was reached on the way to it.
    if (!stage.counts) descent.best = { weights, loss: last.objective.evaluate(weights) };
    break;
  }
  const { best, iterations, stopped, log } = descent;
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

interface Limits {
  readonly signal: StopSignal | undefined;
  /** Milliseconds. */
  readonly timeLimit: number | undefined;
}

/** A descent of one loss after another, and how far it is. */
class StagedDescent {
  readonly log: LossLog;
  iterations = 0;
  stopped: TfjsTrainResult["stopped"] = "converged";
  /** Of the stage. */
  best: { readonly weights: Float64Array; readonly loss: number };
  private readonly started = now();
  private readonly weights: Float64Array;
  private readonly limits: Limits;

  constructor(
    weights: Float64Array,
    until: number,
    {
      onProgress,
      ...limits
    }: Limits & { readonly onProgress: TfjsTrainOptions["onProgress"] | undefined },
  ) {
    this.weights = weights;
    this.best = { weights, loss: Number.POSITIVE_INFINITY };
    this.log = new LossLog(this.started, { until, onProgress });
    this.limits = limits;
  }

  /** Follows the loss of a stage to its end, and leaves the best weights. @returns whether training may go on */
  async follow(stage: Stage, learningRate: number): Promise<boolean> {
    const end = this.iterations + stage.epochs;
    const left = (): number => end - this.iterations;
    this.best = { weights: this.weights.slice(), loss: Number.POSITIVE_INFINITY };
    let goesOn = await this.descend(stage, stage.optimizer, left(), learningRate);
    // In float32 a line search gives up on roundoff, far from where the loss ends: a few small steps by Adam, and it finds its way again.
    for (let k = 0; k < SHAKES && goesOn && this.stopped === "converged" && left() > SHAKE; k++) {
      goesOn =
        (await this.descend(stage, "adam", SHAKE, SHAKE_RATE)) &&
        this.best.loss > stage.until &&
        (await this.descend(stage, "lbfgs", left(), learningRate));
    }
    this.weights.set(this.best.weights);
    return goesOn;
  }

  /** Follows one loss for a while. @returns whether training may go on */
  private async descend(
    { phase, objective, until, counts }: Stage,
    method: "adam" | "lbfgs",
    epochs: number,
    rate: number,
  ): Promise<boolean> {
    const { weights, limits, log, started } = this;
    const descendFrom = <S extends object>(optimizer: Optimizer<S>) => {
      const state = beginDescent(optimizer, weights);
      const options = { phase, epochs, until, checkEvery: 1 };
      return { state, steps: descend(optimizer, objective, state, options) };
    };
    const { state, steps } =
      method === "adam" ? descendFrom(adam({ learningRate: rate })) : descendFrom(lbfgs());
    const before = this.iterations;
    const outcome = await drive(steps, {
      ...limits,
      started,
      onStep: (step) => {
        this.iterations = before + step.iteration;
        if (step.best.loss < this.best.loss)
          this.best = { weights: step.best.weights.slice(), loss: step.best.loss };
        if (counts) log.measured(this.iterations, step.loss);
        log.progress(phase, this.iterations, step.loss);
      },
    });
    weights.set(state.weights);
    this.stopped = "interrupted" in outcome ? outcome.interrupted : outcome.result;
    return !("interrupted" in outcome);
  }
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
