import { accelerationPoints } from "@mclnn/datasets";
import { train, trainBaseline, trainLnnOnTrajectories } from "@mclnn/learning";
import { meanSquaredError, slopeError } from "@mclnn/metrics";
import type { Model } from "@mclnn/models";
import type { PairPotential, ParticleSystem, Trajectory } from "@mclnn/physics";
import { allSeparations } from "../../inputs/separation-range.ts";
import type { JobHooks } from "../../jobs/job-hooks.ts";
import { openExperiment, withLaw } from "../experiment.ts";
import { floorOf, measureFrom, STEP, trueRun } from "../rollouts.ts";
import type { SystemName } from "../settings.ts";
import { paperData, SEGMENT } from "../training-data.ts";
import { accelerationsAt } from "./baseline.ts";

/** Three learners on equally many records of one system. */
export interface EfficiencyInput {
  readonly system: SystemName;
  /** Records to learn from: whole segments, or one shorter trajectory. */
  readonly records: number;
  readonly seeds: readonly number[];
  readonly rolloutRecords: number;
}

/** MCLNN; the baseline on accelerations; the baseline on trajectories. */
export const LEARNERS = ["mclnn", "lnn", "trajectories"] as const;
export type Learner = (typeof LEARNERS)[number];

export interface EfficiencyRun {
  readonly seed: number;
  readonly learner: Learner;
  readonly trainLoss: number;
  readonly trainSeconds: number;
  /** Relative error of V' over all separations of the paper's 2,000 records; null for the baseline, which has no V'. */
  readonly slopeError: number | null;
  /** Root mean square error of the accelerations along the true test run, over their root mean square. */
  readonly accelerationError: number;
  /** Mean position error of the run from the test start; null where it diverged. */
  readonly positionError: number | null;
  /** Records until the positions are 0.1 off; null when they never are. */
  readonly positionRecords: number | null;
}

export interface EfficiencyResult {
  readonly runs: readonly EfficiencyRun[];
  /** Mean position error of the true system started 1e-4 away: what nothing can be judged below. */
  readonly floor: number;
}

/** Loss at which MCLNN stops. */
const UNTIL = 1e-14;

export async function studyEfficiency(
  { system: name, records, seeds, rolloutRecords }: EfficiencyInput,
  { onProgress, signal }: JobHooks,
): Promise<EfficiencyResult> {
  const experiment = openExperiment(name);
  const { system, pair, starts, trainStart } = experiment;
  const whole = paperData(experiment).training;
  const seen = allSeparations(whole.positions, whole);
  const truth = trueRun(system, starts.test, rolloutRecords);
  const expected = accelerationsAt(system, truth.positions);
  const judge = (
    model: Model,
  ): Omit<EfficiencyRun, "seed" | "learner" | "trainLoss" | "trainSeconds"> =>
    measureLearner(model, { system, pair, truth, expected, seen, start: starts.test });
  const runs: EfficiencyRun[] = [];
  const segment = Math.min(records, SEGMENT);
  const trajectories = records / segment;
  for (const [s, seed] of seeds.entries())
    for (const learner of LEARNERS) {
      onProgress?.({
        fraction: runs.length / (seeds.length * LEARNERS.length),
        detail: `${records} records, seed ${seed}, ${learner}`,
      });
      // Every seed has data of its own: the next stretch of the run.
      const skip = s * trajectories;
      const first = skip * segment;
      // A fifth as many further records choose the baseline's weights; MCLNN needs none.
      const checks = Math.ceil(records / 5);
      const common = { seed, ...(signal === undefined ? {} : { signal }) };
      const data = paperData(experiment, {
        trajectories,
        records: segment,
        skip,
        validation: Math.ceil(checks / segment),
      });
      const points = (count: number, from: number) =>
        accelerationPoints(system, { start: trainStart, ...STEP, points: count, first: from });
      const { model, trainLoss, trainSeconds } =
        learner === "mclnn"
          ? await train(data.training, { ...common, model: "mclnn", until: UNTIL })
          : learner === "lnn"
            ? await trainBaseline(points(records, first), {
                ...common,
                validation: points(checks, first + records),
              })
            : await trainLnnOnTrajectories(data.training, {
                ...common,
                validation: data.validation,
              });
      runs.push({ seed, learner, trainLoss, trainSeconds, ...judge(model) });
    }
  const floor = floorOf(system, starts.test, truth).errors.position as Float64Array;
  return { runs, floor: floor.reduce((sum, x) => sum + x, 0) / floor.length };
}

function measureLearner(
  model: Model,
  {
    system,
    pair,
    truth,
    expected,
    seen,
    start,
  }: {
    readonly system: ParticleSystem;
    readonly pair: PairPotential;
    readonly truth: Trajectory;
    readonly expected: Float64Array;
    readonly seen: Float64Array;
    readonly start: Parameters<typeof measureFrom>[2];
  },
): Pick<EfficiencyRun, "slopeError" | "accelerationError" | "positionError" | "positionRecords"> {
  const own = withLaw(system, model.potential);
  const { errors, positionRecords } = measureFrom(system, own, start, truth, { keep: false });
  const zero = new Float64Array(expected.length);
  return {
    slopeError:
      model.kind === "mclnn" || model.kind === "spline"
        ? slopeError(model.pair, pair, { separations: seen }).relativeMean
        : null,
    accelerationError: Math.sqrt(
      meanSquaredError(accelerationsAt(own, truth.positions), expected) /
        meanSquaredError(zero, expected),
    ),
    positionError: errors.position.mae,
    positionRecords,
  };
}
