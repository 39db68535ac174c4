import {
  type AccelerationPoints,
  accelerationPoints,
  createRandom,
  oneStepTrajectories,
  randomRotation,
  tiltedStartMove,
} from "@mclnn/datasets";
import {
  type TrainProgress,
  type TrainResult,
  train,
  trainBaseline,
  trainLnnOnTrajectories,
} from "@mclnn/learning";
import { determination, lengths, meanSquaredError } from "@mclnn/metrics";
import { type SymmetryViolations, symmetryViolations } from "@mclnn/metrics/symmetry";
import type { Model } from "@mclnn/models";
import { accelerations, type ParticleSystem, type Trajectory } from "@mclnn/physics";
import { trainingProgress } from "../../compare/progress.ts";
import type { JobHooks } from "../../jobs/job-hooks.ts";
import { type OpenExperiment, openExperiment, type StartName, withLaw } from "../experiment.ts";
import { measureFrom, type RunResult, STEP, trueRun } from "../rollouts.ts";
import type { SystemName } from "../settings.ts";
import { paperData } from "../training-data.ts";

/** What is trained, and on what. */
export type BaselineKind = "lnn" | "wide" | "trajectories" | "recipe" | "mclnn";

/** One model of the comparison of baselines. */
export interface BaselineInput {
  readonly system: SystemName;
  readonly kind: BaselineKind;
  readonly seed: number;
  readonly hidden: readonly number[];
  /** Accelerations to learn from, evenly spread over the records of the training run. */
  readonly points: number;
  /** Every how manyth record is one of them. */
  readonly every: number;
  readonly validationPoints: number;
  /** Trajectories to learn from, where it is trajectories. */
  readonly trajectories: number;
  readonly iterations: number | null;
  /** Iterations without a gain in validation that end the training; null: the trainer's own. */
  readonly patience: number | null;
  readonly records: number;
  readonly starts: readonly StartName[];
}

export interface BaselineResult {
  readonly parameters: number;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  /** Mean squared acceleration error on the points after the training run, whatever the loss was. */
  readonly accelerationLoss: number;
  readonly iterations: number;
  readonly trainSeconds: number;
  readonly stopped: string;
  readonly runs: Readonly<Partial<Record<StartName, RunResult>>>;
  /** Forces along the true run from the test start: size of the force on each particle, predicted and true, and R^2. */
  readonly forces: {
    readonly predicted: Float64Array;
    readonly measured: Float64Array;
    readonly determination: number;
    /** Root mean square error of the forces, over their root mean square. */
    readonly relativeError: number;
  };
  /** At the test start. */
  readonly symmetry: SymmetryViolations;
}

/** Every how manyth record of the test run is compared in Fig. 6. */
const FORCE_EVERY = 5;
const DRAWN: readonly StartName[] = ["test", "moved"];

export async function studyBaseline(
  input: BaselineInput,
  { onProgress, signal }: JobHooks,
): Promise<BaselineResult> {
  const experiment = openExperiment(input.system);
  const { system, starts, trainStart } = experiment;
  const { points, every, validationPoints, records } = input;
  const recording = { start: trainStart, dt: STEP.dt, stride: STEP.stride * every };
  const training = accelerationPoints(system, { ...recording, points });
  const validation = accelerationPoints(system, {
    start: trainStart,
    ...STEP,
    points: validationPoints,
    first: points * every,
  });
  const report = trainingProgress(input.kind, [0, 0.9]);
  const { model, ...result } = await learn(input, experiment, training, validation, {
    onProgress: (progress) => onProgress?.(report(progress)),
    ...(signal === undefined ? {} : { signal }),
  });
  const own = withLaw(system, model.potential);
  const runs: Partial<Record<StartName, RunResult>> = {};
  let test: Trajectory | undefined;
  for (const name of input.starts) {
    onProgress?.({ fraction: 0.9, detail: `rolling out, ${name}` });
    const truth = trueRun(system, starts[name], records);
    if (name === "test") test = truth;
    runs[name] = measureFrom(system, own, starts[name], truth, { keep: DRAWN.includes(name) });
  }
  const random = createRandom(input.seed);
  return {
    parameters: model.parameterCount,
    trainLoss: result.trainLoss,
    validationLoss: result.validationLoss,
    accelerationLoss: meanSquaredError(
      accelerationsAt(own, validation.positions),
      validation.accelerations,
    ),
    iterations: result.iterations,
    trainSeconds: result.trainSeconds,
    stopped: result.stopped,
    runs,
    forces: forcesAlong(system, own, test ?? trueRun(system, starts.test, records)),
    symmetry: symmetryViolations(own, starts.test, {
      shift: tiltedStartMove.shift,
      rotation: randomRotation(3, random),
      permutation: Array.from(system.masses, (_, i) => (i + 1) % system.masses.length),
    }),
  };
}

interface Hooks {
  readonly onProgress: (progress: TrainProgress) => void;
  readonly signal?: AbortSignal;
}

/** Trains as the input says. */
async function learn(
  { kind, seed, hidden, iterations, patience, trajectories }: BaselineInput,
  experiment: OpenExperiment,
  training: AccelerationPoints,
  validation: AccelerationPoints,
  hooks: Hooks,
): Promise<TrainResult<Model>> {
  const options = {
    seed,
    hidden,
    ...(iterations === null ? {} : { epochs: iterations }),
    ...hooks,
  };
  switch (kind) {
    case "lnn":
    case "wide":
      return trainBaseline(training, {
        ...options,
        ...(patience === null ? {} : { patience }),
        validation,
      });
    case "recipe":
      return trainBaseline(training, { ...options, validation, optimizer: "adam" });
    case "trajectories": {
      const data = paperData(experiment, { trajectories });
      return trainLnnOnTrajectories(data.training, { ...options, validation: data.validation });
    }
    case "mclnn":
      return train(oneStepTrajectories(training), {
        ...options,
        velocities: "given",
        integrator: "velocity-verlet",
        substeps: 1,
        until: 1e-30,
        validation: oneStepTrajectories(validation),
      });
  }
}

/** Accelerations of a law at configurations. @param positions - [configurations x N x dimension] */
export function accelerationsAt(system: ParticleSystem, positions: Float64Array): Float64Array {
  const out = new Float64Array(positions.length);
  const size = system.masses.length * system.dimension;
  const a = new Float64Array(size);
  for (let o = 0; o < positions.length; o += size)
    out.set(accelerations(system, positions.subarray(o, o + size), a), o);
  return out;
}

function forcesAlong(
  system: ParticleSystem,
  own: ParticleSystem,
  truth: Trajectory,
): BaselineResult["forces"] {
  const { particles, dimension, times } = truth;
  const size = particles * dimension;
  const chosen = Math.ceil(times.length / FORCE_EVERY);
  const positions = new Float64Array(chosen * size);
  for (let k = 0; k < chosen; k++)
    positions.set(
      truth.positions.subarray(k * FORCE_EVERY * size, (k * FORCE_EVERY + 1) * size),
      k * size,
    );
  // All masses are 1: accelerations are forces.
  const given = accelerationsAt(own, positions);
  const expected = accelerationsAt(system, positions);
  const predicted = lengths(given, dimension);
  const measured = lengths(expected, dimension);
  return {
    predicted,
    measured,
    determination: determination(predicted, measured) as number,
    relativeError: Math.sqrt(
      meanSquaredError(given, expected) /
        meanSquaredError(new Float64Array(expected.length), expected),
    ),
  };
}
