import {
  accelerationPoints,
  createRandom,
  experimentByName,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import {
  createSchedule,
  createTrainingData,
  evaluateBatch,
  type Schedule,
  TabulatedRolloutLoss,
  type TrainingData,
} from "@mclnn/learning/parts";
import { EnergyNetwork, PositionNetwork } from "@mclnn/models";
import type { Cells } from "@mclnn/models/parts";
import { createSystem, type ParticleSystem, pairwise } from "@mclnn/physics";
import type { PeerProblems } from "../peers/problem-folder.ts";
import {
  accelerationLoss,
  buildBasis,
  coefficientsOf,
  glorotWeights,
  initialPositionWeights,
  positionScaling,
  SensitivityPass,
  scalePoints,
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
function experimentSystem(name: string): ParticleSystem {
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

/** V and V' of a pair network at many separations. */
export interface NetworkProblem {
  readonly hidden: readonly number[];
  readonly network: EnergyNetwork;
  readonly weights: Float64Array;
  /** [points] */
  readonly separations: Float64Array;
  /** V and V', one after the other. [2 x points] */
  evaluate(): Float64Array;
}

/** A 1-32-32-1 network with Glorot weights and random biases, at separations from 0.5 to 3. */
function networkProblem(points: number): NetworkProblem {
  const hidden = [32, 32];
  const random = createRandom(7);
  const network = new EnergyNetwork(hidden);
  // Glorot's biases are 0, which would make half of the additions trivial.
  const weights = glorotWeights(hidden, random).map((w) => w + 0.1 * random.normal());
  const separations = Float64Array.from({ length: points }, () => 0.5 + 2.5 * random.uniform());
  const out = new Float64Array(2 * points);
  const energies = out.subarray(0, points);
  const slopes = out.subarray(points);
  return {
    hidden,
    network,
    weights,
    separations,
    evaluate() {
      evaluateBatch(network, weights, separations, energies, slopes);
      return out;
    },
  };
}

/** One loss and gradient of the baseline over all its points. */
export interface LnnProblem {
  readonly hidden: readonly number[];
  readonly points: ReturnType<typeof scalePoints>;
  readonly weights: Float64Array;
  /** Loss and its gradient. [1 + weights] */
  evaluate(): Float64Array;
}

/** The linear spring's accelerations, as the paper trains its baseline on them. */
function lnnProblem(hidden: readonly number[], points: number): LnnProblem {
  const { trainStart, dt, stride } = experimentByName("linear-spring");
  const system = experimentSystem("linear-spring");
  const given = accelerationPoints(system, { start: trainStart, points, dt, stride });
  const { particles, dimension, masses } = given;
  const scaling = positionScaling(
    given,
    Float64Array.from(
      { length: particles * dimension },
      (_, k) => masses[Math.floor(k / dimension)],
    ),
  );
  const scaled = scalePoints(given, scaling);
  const network = new PositionNetwork(scaling.active.length, hidden);
  const weights = initialPositionWeights(network.inputs, hidden, scaled.inputs, createRandom(100));
  const loss = accelerationLoss(network, scaled);
  const out = new Float64Array(1 + network.size);
  const gradient = out.subarray(1);
  return {
    hidden,
    points: scaled,
    weights,
    evaluate() {
      out[0] = loss.evaluate(weights, gradient);
      return out;
    },
  };
}

/** The pieces of work of a run; each made once, when first asked for. */
export function createProblems(quick: boolean): () => PeerProblems {
  const few = quick ? { trajectories: 5, records: 5 } : {};
  const rollout = once(() =>
    rolloutProblem(paperTrajectories("linear-spring", few), quick ? 12 : 36),
  );
  const network = once(() => networkProblem(quick ? 100 : 10_000));
  const lnn = once(() => [10, 256].map((width) => lnnProblem([width, width], quick ? 20 : 10_000)));
  const problems: PeerProblems = {
    get rollout() {
      return rollout();
    },
    get network() {
      return network();
    },
    get lnn() {
      return lnn();
    },
  };
  return () => problems;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
