import {
  createRandom,
  experimentByName,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import {
  createSchedule,
  createTrainingData,
  type Schedule,
  TabulatedRolloutLoss,
  type TrainingData,
} from "@mclnn/learning/parts";
import type { Cells } from "@mclnn/models/parts";
import { createSystem, type ParticleSystem, pairwise } from "@mclnn/physics";
import {
  buildBasis,
  coefficientsOf,
  glorotWeights,
  SensitivityPass,
  sortedSeparations,
  splineCurve,
  tangentStep,
} from "./engine.ts";

/** The paper's network. */
const HIDDEN: readonly number[] = [10, 10];
/** As `train` with optimizer adam or lbfgs tabulates V': 85 intervals of three cells. */
const TABLE_INTERVALS = 85;
/** Coefficients are looked at about a law that is wrong by so much, so that residuals are no roundoff. */
const WRONG_BY = 0.03;

/** The paper's linear spring: what training does with it, over and over. */
export interface RolloutProblem {
  readonly set: TrajectorySet;
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly spline: {
    readonly basis: ReturnType<typeof buildBasis>;
    /** The true V' less 3 %. [basis.size] */
    readonly coefficients: Float64Array;
    /** [4 x cells] */
    readonly curve: Float64Array;
    readonly pass: InstanceType<typeof SensitivityPass>;
    /** Substeps between two applications of the force gradient, as training has them. */
    readonly tangentStep: number;
  };
  readonly network: {
    readonly cells: Cells;
    /** Weights at the start of the paper's recipe, seed 100. [141] */
    readonly weights: Float64Array;
    readonly loss: TabulatedRolloutLoss;
  };
}

/** The system of an experiment. */
export function experimentSystem(name: string): ParticleSystem {
  const { masses, dimension, pair } = experimentByName(name);
  return createSystem({ masses, dimension, potential: pairwise(pair) });
}

/** Trajectories as the paper records them. */
export function paperTrajectories(
  name: string,
  sizes: { trajectories?: number; records?: number } = {},
): TrajectorySet {
  const { trainStart, dt, stride, records, trajectories } = experimentByName(name);
  return generateTrajectories({
    system: experimentSystem(name),
    start: trainStart,
    dt,
    stride,
    records,
    trajectories,
    ...sizes,
  });
}

/** @param cells - knot intervals of the spline. Default 36, as training: 39 coefficients */
export function rolloutProblem(set: TrajectorySet, cells = 36): RolloutProblem {
  const { dt, stride, pair } = experimentByName("linear-spring");
  const data = createTrainingData(set, { coupling: "none" });
  const schedule = createSchedule(data.times, velocityVerlet.stages, stride, dt);
  const separations = sortedSeparations(data);
  const basis = buildBasis(separations, { cells });
  const coefficients = coefficientsOf(basis, (_, r) => (1 - WRONG_BY) * pair.slope(r));
  const curve = splineCurve(basis, coefficients);
  const table = buildBasis(separations, { cells: TABLE_INTERVALS }).cells;
  return {
    set,
    data,
    schedule,
    spline: {
      basis,
      coefficients,
      curve,
      pass: new SensitivityPass(data, schedule, basis),
      tangentStep: tangentStep(data, schedule, basis, curve),
    },
    network: {
      cells: table,
      weights: glorotWeights(HIDDEN, createRandom(100)),
      loss: new TabulatedRolloutLoss(data, schedule, table, HIDDEN),
    },
  };
}
