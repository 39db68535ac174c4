import type { Random } from "@mclnn/datasets";
import { choleskyFactor, choleskySolve, diagonalMean } from "../linear-algebra.ts";
import {
  type LeastSquares,
  type LevenbergMarquardtState,
  levenbergMarquardt,
} from "../training/optimizers/levenberg-marquardt.ts";
import { accelerationLoss, createWorkspace, type ScaledPoints } from "./acceleration-loss.ts";
import { initialPositionWeights } from "./initial-weights.ts";
import type { PositionNetwork } from "./position-network.ts";

/** One round of the race of starts: iterations each, how many go on, and equations a weight in one subset of the points. */
interface Round {
  readonly iterations: number;
  readonly survivors: number;
  readonly equations: number;
}

const STARTS = 5;
const RACE: readonly Round[] = [
  { iterations: 25, survivors: 3, equations: 8 },
  { iterations: 35, survivors: 2, equations: 8 },
  { iterations: 40, survivors: 1, equations: 8 },
];
/** The winner goes on with larger subsets. */
const FINAL: Round = { iterations: 120, survivors: 1, equations: 16 };
/** Iterations in a row without a fall of the checked loss by 1 % that end the training. */
const PATIENCE = 25;
/** Iterations on one subset of the points before the next one. */
const SUBSET_ITERATIONS = 3;
/** Iterations between looks at the checked loss. */
const CHECK_EVERY = 5;
const MAX_SUBSETS = 10;
/** Ridge on the output weights at the start, relative to the diagonal. */
const OUTPUT_RIDGE = 1e-4;

/** Iterations of {@link fitAccelerations} when their number is not given. */
export const FIT_ITERATIONS: number = [...RACE, FINAL].reduce(
  (sum, { iterations }, round) =>
    sum + iterations * (round === 0 ? STARTS : (RACE[round - 1] as Round).survivors),
  0,
);

/** One iteration of a fit. */
export interface FitStep {
  readonly phase: string;
  /** Counted over all starts. */
  readonly iteration: number;
  /** Mean squared error on the subset at hand, in scaled units. */
  readonly loss: number;
  /** The weights with the lowest checked loss so far; the object changes as training goes on. */
  readonly best: BestWeights;
}

export interface BestWeights {
  weights: Float64Array;
  /** Mean squared error on the points to check by, in scaled units. */
  loss: number;
}

interface Start {
  readonly weights: Float64Array;
  readonly state: LevenbergMarquardtState;
  loss: number;
}

/**
 * Fits a position network to accelerations by Levenberg-Marquardt from several starts; the best by `check` goes on.
 *
 * Each iteration sees one subset of the points, and subsets take turns: an iteration costs little, yet the run sees all points and cannot
 * settle on the errors of one subset. Counts iterations and never looks at a clock: the same data and seed give the same weights.
 *
 * @param check - points to choose by: validation points, or some of the training points
 * @param options - iterations: upper bound over all starts, without it {@link FIT_ITERATIONS}, fewer when progress ends; until: stops at this
 * mean squared error over all points, in scaled units
 * @returns why it ended; the weights are in the last step's `best`
 */
export function* fitAccelerations(
  network: PositionNetwork,
  points: ScaledPoints,
  check: ScaledPoints,
  {
    random,
    iterations,
    until = 0,
  }: {
    readonly random: Random;
    readonly iterations?: number | undefined;
    readonly until?: number;
  },
): Generator<FitStep, "converged" | "epochs" | "target"> {
  const method = levenbergMarquardt();
  const checked = accelerationLoss(network, check);
  const checkedLoss = (weights: Float64Array): number =>
    checked.sumOfSquares(weights) * checked.weight;
  const limit = iterations ?? FIT_ITERATIONS;
  const best: BestWeights = { weights: new Float64Array(0), loss: Number.POSITIVE_INFINITY };
  const keepIfBest = (start: Start): void => {
    if (!(start.loss < best.loss)) return;
    best.loss = start.loss;
    best.weights = start.weights.slice();
  };
  const whole = accelerationLoss(network, points);
  let done = 0;
  let reached = false;
  function* run(
    start: Start,
    problems: readonly LeastSquares[],
    count: number,
    phase: string,
  ): Generator<FitStep, void> {
    for (let k = 0; k < count && done < limit; k++) {
      const problem = problems[Math.floor(k / SUBSET_ITERATIONS) % problems.length] as LeastSquares;
      const { loss, converged } = method.step(problem, start.weights, start.state);
      done++;
      // One subset is quickly asked; all points have the last word.
      reached = loss <= until && whole.sumOfSquares(start.weights) * whole.weight <= until;
      const ends =
        reached || (converged && problems.length === 1) || k + 1 === count || done === limit;
      if (ends || (k + 1) % CHECK_EVERY === 0) {
        start.loss = checkedLoss(start.weights);
        if (reached) best.loss = Number.POSITIVE_INFINITY;
        keepIfBest(start);
      }
      yield { phase, iteration: done, loss, best };
      if (ends) return;
    }
  }

  let problems = subsetProblems(network, points, (RACE[0] as Round).equations);
  let field: Start[] = [];
  for (let s = 0; s < STARTS; s++) {
    const weights = initialPositionWeights(network.inputs, network.hidden, points.inputs, random);
    solveOutputWeights(network, problems[0] as LeastSquares, weights);
    const start = { weights, state: method.init(network.size), loss: checkedLoss(weights) };
    keepIfBest(start);
    field.push(start);
  }
  for (const { iterations: count, survivors, equations } of RACE) {
    problems = subsetProblems(network, points, equations);
    for (const start of field) yield* run(start, problems, count, `race of ${field.length} starts`);
    if (done >= limit) return "epochs";
    // Sorting is stable: among equals the first stays first.
    field = field.sort((a, b) => a.loss - b.loss).slice(0, survivors);
  }

  const winner = field[0] as Start;
  problems = subsetProblems(network, points, FINAL.equations);
  const last = iterations === undefined ? FINAL.iterations : limit - done;
  let sinceGain = 0;
  let bar = winner.loss;
  for (const step of run(winner, problems, last, "best start")) {
    yield step;
    if (reached) return "target";
    sinceGain++;
    if (winner.loss < 0.99 * bar) {
      bar = winner.loss;
      sinceGain = 0;
    }
    if (iterations === undefined && sinceGain > PATIENCE) return "converged";
  }
  return done >= limit ? "epochs" : "converged";
}

/** The points dealt into subsets, each spread over the whole, with `equations` equations a weight where there are enough points. */
function subsetProblems(
  network: PositionNetwork,
  points: ScaledPoints,
  equations: number,
): readonly LeastSquares[] {
  const wanted = Math.ceil((equations * network.size) / network.inputs);
  const size = Math.min(wanted, points.points);
  const count = Math.max(1, Math.min(MAX_SUBSETS, Math.floor(points.points / size)));
  const workspace = createWorkspace();
  return Array.from({ length: count }, (_, b) =>
    accelerationLoss(
      network,
      selectPoints(
        points,
        Int32Array.from({ length: size }, (_, i) =>
          Math.floor(((i + (b + 0.5) / count) * points.points) / size),
        ),
      ),
      workspace,
    ),
  );
}

/** Some of the points; the part that the network does not see is shared out evenly. */
export function selectPoints(points: ScaledPoints, indices: Int32Array): ScaledPoints {
  const width = points.responses.length;
  const inputs = new Float64Array(indices.length * width);
  const targets = new Float64Array(indices.length * width);
  indices.forEach((index, n) => {
    inputs.set(points.inputs.subarray(index * width, (index + 1) * width), n * width);
    targets.set(points.targets.subarray(index * width, (index + 1) * width), n * width);
  });
  return {
    ...points,
    points: indices.length,
    inputs,
    targets,
    idleSquares: (points.idleSquares * indices.length) / points.points,
  };
}

/** Output weights by ridge least squares, in which they are linear; hidden layers as they are. */
function solveOutputWeights(
  network: PositionNetwork,
  problem: LeastSquares,
  weights: Float64Array,
): void {
  const { size, hidden } = network;
  const width = hidden[hidden.length - 1] as number;
  const first = size - width;
  weights.fill(0, first);
  const matrix = new Float64Array(size * size);
  const vector = new Float64Array(size);
  problem.normalEquations(weights, matrix, vector);
  const gram = new Float64Array(width * width);
  const solution = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    solution[i] = -(vector[first + i] as number);
    for (let k = 0; k <= i; k++)
      gram[i * width + k] = matrix[(first + i) * size + first + k] as number;
  }
  const ridge = OUTPUT_RIDGE * diagonalMean(gram, width);
  for (let i = 0; i < width; i++) gram[i * width + i] = (gram[i * width + i] as number) + ridge;
  if (choleskyFactor(gram, width)) weights.set(choleskySolve(gram, width, solution), first);
}
