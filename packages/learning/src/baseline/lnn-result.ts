import { createLnnModel, type LnnModel } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import type { TimeStepSource } from "../records/time-step.ts";
import type { Retreat } from "../runs/descend.ts";
import type { LossLog } from "../runs/loss-log.ts";
import type { TrainResult } from "../runs/train-options.ts";
import type { PositionScaling } from "./scaling.ts";
import type { LnnSettings } from "./settings.ts";

/** What a baseline was trained on. */
interface LnnSystem {
  readonly particles: number;
  readonly dimension: 2 | 3;
  readonly masses: Float64Array;
}

/** How a training of the baseline went. */
interface LnnTraining {
  readonly system: LnnSystem;
  readonly settings: LnnSettings;
  readonly scaling: PositionScaling;
  /** Of the network of all components. */
  readonly weights: Float64Array;
  readonly optimizer: string;
  readonly loss: "acceleration" | "rollout";
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly iterations: number;
  readonly stopped: TrainResult["stopped"];
  readonly retreats: readonly Retreat[];
  readonly dt: number;
  readonly dtSource: TimeStepSource;
  readonly stride: number;
  /** What the model's record says of the data. */
  readonly data: Record<string, unknown>;
  readonly log: LossLog;
}

/** The trained model, and what there is to say of its training. */
export function lnnResult({
  system: { particles, dimension, masses },
  settings: { hidden, seed, until },
  scaling: { centre, inputScale, energyScale },
  weights,
  optimizer,
  loss,
  trainLoss,
  validationLoss,
  iterations,
  stopped,
  retreats,
  dt,
  dtSource,
  stride,
  data,
  log,
}: LnnTraining): TrainResult<LnnModel> {
  const trainSeconds = log.seconds();
  const reachedTarget = trainLoss <= until;
  return {
    model: createLnnModel({
      particles,
      dimension,
      masses,
      hidden,
      weights,
      centre,
      inputScale,
      energyScale,
      record: {
        seed,
        optimizer,
        loss,
        until,
        trainLoss,
        validationLoss,
        iterations,
        reachedTarget,
        dt,
        stride,
        ...data,
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
    dtSource,
    integrator: "velocity-verlet",
    substeps: stride,
    startStates: "exact",
    noise: null,
    findings: [],
    masses: null,
    lawError: null,
    networkError: null,
    history: log.history,
    milestones: log.milestones,
  };
}

/** @throws MclnnError `diverged` (failure) for a loss that is not finite */
export function checkTrainLoss(loss: LnnTraining["loss"], trainLoss: number): void {
  if (!Number.isFinite(trainLoss))
    throw new MclnnError("training of the baseline diverged", {
      code: "diverged",
      expected: `a finite ${loss} loss`,
      got: String(trainLoss),
      mend: "Try another seed or a smaller learning rate.",
      kind: "failure",
    });
}

/** @throws MclnnError `bad-shape` for validation data of other particles */
export function checkSameSystem(
  what: "points" | "trajectories",
  validation: LnnSystem,
  { particles, dimension }: LnnSystem,
): void {
  if (validation.particles !== particles || validation.dimension !== dimension)
    throw new MclnnError(`validation ${what} are of another system`, {
      code: "bad-shape",
      argument: "validation",
      expected: `${particles} particles in ${dimension} dimensions`,
      got: `${validation.particles} particles in ${validation.dimension} dimensions`,
    });
}
