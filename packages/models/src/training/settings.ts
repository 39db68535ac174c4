import { MclnnError } from "@mclnn/physics";
import { checkHidden } from "../network.ts";
import type { TrainSettings } from "./problem.ts";
import { PAPER_LOSS, type TrainOptions } from "./train-options.ts";

/** The options, checked, with defaults filled in. @throws MclnnError `bad-option`, `bad-shape` */
export function checkOptions(options: TrainOptions): TrainSettings {
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
  const positive = (argument: string, value: number | undefined, whole = false): void => {
    if (value === undefined) return;
    if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
      throw new MclnnError(`${argument} cannot be used`, {
        code: "bad-option",
        argument,
        expected: whole ? "a positive whole number" : "a positive number",
        got: String(value),
      });
  };
  positive("until", until);
  positive("learningRate", learningRate);
  positive("epochs", epochs, true);
  positive("substeps", substeps, true);
  positive("timeLimit", timeLimit);
  if (!Number.isInteger(seed))
    throw new MclnnError("seed cannot be used", {
      code: "bad-option",
      argument: "seed",
      expected: "a whole number",
      got: String(seed),
    });
  if (!["auto", "given", "unknown"].includes(velocities))
    throw new MclnnError("velocities cannot be used", {
      code: "bad-option",
      argument: "velocities",
      expected: "auto, given or unknown",
      got: String(velocities),
    });
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
