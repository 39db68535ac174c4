import { checkHidden } from "@mclnn/models/parts";
import { COUPLINGS, checkArgument } from "@mclnn/physics/arguments";
import { PAPER_LOSS, type TrainOptions } from "../runs/train-options.ts";
import type { TrainSettings } from "./problem.ts";

/** The options, checked, with defaults filled in. @throws MclnnError `bad-option`, `bad-shape` */
export function checkOptions(options: TrainOptions): TrainSettings {
  checkArgument("options", options, {
    model: ["mclnn", "spline", "lnn", undefined],
    seed: "whole?",
    until: "positive?",
    optimizer: ["auto", "adam", "lbfgs", undefined],
    learningRate: "positive?",
    coupling: COUPLINGS,
    velocities: ["auto", "given", "unknown", undefined],
    integrator: "text?",
    substeps: "count?",
    dt: "number?",
    epochs: "count?",
    timeLimit: "positive?",
    fitMasses: "flag?",
    onProgress: "function?",
  });
  const { threads, checkpoints } = options;
  if (threads !== undefined)
    checkArgument("threads", threads, { count: "count", divide: "function", spread: "function" });
  if (checkpoints !== undefined)
    checkArgument("checkpoints", checkpoints, { every: "number", save: "function" });
  const {
    model = "mclnn",
    hidden = [10, 10],
    seed = 100,
    until = PAPER_LOSS,
    optimizer = "auto",
    learningRate = 1e-3,
    coupling = "none",
    velocities = "auto",
    integrator,
    substeps,
    dt,
    epochs,
    timeLimit,
    signal,
    onProgress,
  } = options;
  checkHidden(hidden);
  return {
    model,
    hidden,
    seed,
    until,
    optimizer,
    learningRate,
    coupling,
    velocities,
    integrator,
    substeps,
    dt,
    epochs,
    timeLimit: timeLimit === undefined ? undefined : timeLimit * 1000,
    signal,
    onProgress,
  };
}
