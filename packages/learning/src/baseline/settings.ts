import { checkHidden } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { StopSignal, TrainProgress } from "../runs/train-options.ts";

/** Networks with more weights than this are too large for Gauss-Newton equations. */
export const LARGEST_LEAST_SQUARES = 1_200;

/** Options that all trainings of the baseline share. */
export interface LnnOptions {
  /** Hidden widths of the network, any number of layers. Default [10, 10]. */
  readonly hidden?: readonly number[];
  /** Default 100. */
  readonly seed?: number;
  /** Training stops at this loss. Default: none. */
  readonly until?: number;
  /** `auto` is Levenberg-Marquardt from several starts (L-BFGS for networks too large for it). Default `auto`. */
  readonly optimizer?: "auto" | "adam" | "lbfgs";
  /** Upper bound on iterations (epochs, for Adam). */
  readonly epochs?: number;
  /**
   * Iterations in a row without a fall of the loss on the validation points by 1 % that end the training. Default: some dozens for `auto` on small
   * networks without `epochs`, else none.
   */
  readonly patience?: number;
  /** Adam's learning rate. Default 1e-3. */
  readonly learningRate?: number;
  /** Seconds after which the best model so far is returned. */
  readonly timeLimit?: number;
  readonly signal?: StopSignal;
  readonly onProgress?: (progress: TrainProgress) => void;
}

/** Checked options, defaults filled in. */
export interface LnnSettings {
  readonly hidden: readonly number[];
  readonly seed: number;
  /** 0: no target. */
  readonly until: number;
  readonly optimizer: "auto" | "adam" | "lbfgs";
  readonly epochs: number | undefined;
  readonly patience: number | undefined;
  readonly learningRate: number;
  /** Milliseconds. */
  readonly timeLimit: number | undefined;
  readonly signal: StopSignal | undefined;
  readonly onProgress: ((progress: TrainProgress) => void) | undefined;
}

/** @throws MclnnError `bad-argument`, `bad-option`, `bad-hidden-widths` */
export function checkLnnOptions(options: LnnOptions): LnnSettings {
  checkArgument("options", options, {
    seed: "whole?",
    until: "number?",
    optimizer: ["auto", "adam", "lbfgs", undefined],
    learningRate: "positive?",
    epochs: "count?",
    patience: "count?",
    timeLimit: "positive?",
    onProgress: "function?",
  });
  const {
    hidden = [10, 10],
    seed = 100,
    until = 0,
    optimizer = "auto",
    epochs,
    patience,
    learningRate = 1e-3,
    timeLimit,
    signal,
    onProgress,
  } = options;
  checkHidden(hidden);
  if (until < 0)
    throw new MclnnError("until cannot be used", {
      code: "bad-option",
      argument: "until",
      expected: "a number from 0 up",
      got: String(until),
    });
  return {
    hidden,
    seed,
    until,
    optimizer,
    epochs,
    patience,
    learningRate,
    timeLimit: timeLimit === undefined ? undefined : 1000 * timeLimit,
    signal,
    onProgress,
  };
}
