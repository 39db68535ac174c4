import type { Random } from "@mclnn/datasets";
import type { PositionNetwork } from "@mclnn/models";
import { choleskyFactor, choleskySolve, diagonalMean } from "../algebra/linear-algebra.ts";
import {
  type LeastSquares,
  type LeastSquaresOptimizer,
  type LevenbergMarquardtState,
  levenbergMarquardt,
} from "../optimizers/levenberg-marquardt.ts";
import type { BestWeights, DescentStep } from "../runs/descend.ts";
import { accelerationLoss, createWorkspace } from "./acceleration-loss.ts";
import { initialPositionWeights } from "./initial-weights.ts";
import type { ScaledPoints } from "./scaled-points.ts";

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
/** Iterations in a row without a fall of the checked loss by 1 % that end the training, unless told otherwise. */
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
    sum + iterations * (round === 0 ? STARTS : RACE[round - 1].survivors),
  0,
);

interface Start {
  readonly weights: Float64Array;
  readonly state: LevenbergMarquardtState;
  loss: number;
}

/** Everything that the next iteration of a fit depends on. */
export interface FitState {
  /** Iterations over all starts. */
  done: number;
  readonly best: BestWeights;
  /** Starts that are still in the race. */
  field: Start[];
  /** Round of the race; after the last one the winner goes on. */
  round: number;
  /** Which of the field runs, and its iterations in this round. */
  runner: number;
  made: number;
  /** The runner's turn is over. */
  over: boolean;
  reached: boolean;
  /** The winner's loss that has to be beaten by 1 %, and iterations since that happened. */
  bar: number;
  sinceGain: number;
  ending: "" | "converged" | "target";
}

/** The state that a fit begins with: all starts, their output weights solved for. */
export function beginFit(
  network: PositionNetwork,
  points: ScaledPoints,
  check: ScaledPoints,
  random: Random,
): FitState {
  const method = levenbergMarquardt();
  const checked = accelerationLoss(network, check);
  const [first] = subsetProblems(network, points, RACE[0].equations);
  const best: BestWeights = { weights: new Float64Array(0), loss: Number.POSITIVE_INFINITY };
  const field: Start[] = [];
  for (let s = 0; s < STARTS; s++) {
    const weights = initialPositionWeights(network.inputs, network.hidden, points.inputs, random);
    solveOutputWeights(network, first as LeastSquares, weights);
    const loss = checked.sumOfSquares(weights) * checked.weight;
    field.push({ weights, state: method.init(network.size), loss });
    if (s > 0 && !(loss < best.loss)) continue;
    best.loss = Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
    best.weights = weights.slice();
  }
  return {
    done: 0,
    best,
    field,
    round: 0,
    runner: 0,
    made: 0,
    over: false,
    reached: false,
    bar: Number.POSITIVE_INFINITY,
    sinceGain: 0,
    ending: "",
  };
}

/**
 * Fits a position network to accelerations by Levenberg-Marquardt from several starts; the best by `check` goes on.
 *
 * Each iteration sees one subset of the points, and subsets take turns: an iteration costs little, yet the run sees all points and cannot
 * settle on the errors of one subset. Counts iterations and never looks at a clock: the same data and seed give the same weights.
 *
 * @param check - points to choose by: validation points, or some of the training points
 * @param state - where to go on, from {@link beginFit} or a copy taken between two iterations; changes in place
 * @param options - iterations: upper bound over all starts, without it {@link FIT_ITERATIONS}, fewer when progress ends; patience: iterations of the
 * best start in a row without a fall of the checked loss by 1 % that end it, also where `iterations` are given; until: stops at this mean squared
 * error over all points, in scaled units
 * @returns why it ended; the weights are in the state's `best`
 */
export function* fitAccelerations(
  network: PositionNetwork,
  points: ScaledPoints,
  check: ScaledPoints,
  state: FitState,
  {
    iterations,
    patience = iterations === undefined ? PATIENCE : Number.POSITIVE_INFINITY,
    until = 0,
  }: {
    readonly iterations?: number | undefined;
    readonly patience?: number | undefined;
    readonly until?: number;
  },
): Generator<DescentStep, "converged" | "epochs" | "target"> {
  const limit = iterations ?? FIT_ITERATIONS;
  const turns: Turns = {
    method: levenbergMarquardt(),
    checked: accelerationLoss(network, check),
    whole: accelerationLoss(network, points),
    limit,
    until,
  };

  for (; state.round < RACE.length; state.round++) {
    const { iterations: count, survivors, equations } = RACE[state.round];
    const problems = subsetProblems(network, points, equations);
    for (; state.runner < state.field.length; state.runner++)
      yield* takeTurn(state, turns, problems, count, `race of ${state.field.length} starts`);
    if (state.done >= limit) return "epochs";
    state.runner = 0;
    // Sorting is stable: among equals the first stays first.
    state.field = state.field.sort((a, b) => a.loss - b.loss).slice(0, survivors);
    state.bar = state.field[0].loss;
  }

  const problems = subsetProblems(network, points, FINAL.equations);
  // What the race took of it is known also where it was run in another process.
  const last = iterations === undefined ? FINAL.iterations : limit - (state.done - state.made);
  if (state.ending === "")
    yield* takeTurn(state, turns, problems, last, "best start", (winner) => {
      if (state.reached) {
        state.ending = "target";
        return;
      }
      state.sinceGain++;
      if (winner.loss < 0.99 * state.bar) {
        state.bar = winner.loss;
        state.sinceGain = 0;
      }
      if (state.sinceGain > patience) state.ending = "converged";
    });
  if (state.ending !== "") return state.ending;
  return state.done >= limit ? "epochs" : "converged";
}

/** What the turns of all starts have in common. */
interface Turns {
  readonly method: LeastSquaresOptimizer<LevenbergMarquardtState>;
  /** Losses over the points to choose by, and over all. */
  readonly checked: LeastSquares;
  readonly whole: LeastSquares;
  /** Upper bound on the iterations over all starts. */
  readonly limit: number;
  readonly until: number;
}

/** The runner's turn, from where it is: at most `count` iterations. */
function* takeTurn(
  state: FitState,
  { method, checked, whole, limit, until }: Turns,
  problems: readonly LeastSquares[],
  count: number,
  phase: string,
  afterStep?: (start: Start) => void,
): Generator<DescentStep, void> {
  const { best } = state;
  const start = state.field[state.runner];
  while (!state.over && state.made < count && state.done < limit) {
    const subset = Math.floor(state.made / SUBSET_ITERATIONS) % problems.length;
    const { loss, converged } = method.step(problems[subset], start.weights, start.state);
    state.done++;
    state.made++;
    // One subset is quickly asked; all points have the last word.
    state.reached = loss <= until && whole.sumOfSquares(start.weights) * whole.weight <= until;
    state.over =
      state.reached ||
      (converged && problems.length === 1) ||
      state.made === count ||
      state.done === limit;
    if (state.over || state.made % CHECK_EVERY === 0) {
      start.loss = checked.sumOfSquares(start.weights) * checked.weight;
      if (state.reached) best.loss = Number.POSITIVE_INFINITY;
      if (start.loss < best.loss) {
        best.loss = start.loss;
        best.weights.set(start.weights);
      }
    }
    afterStep?.(start);
    yield { phase, iteration: state.done, loss, best };
    if (state.ending !== "") return;
  }
  state.over = false;
  state.made = 0;
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
  const width = hidden[hidden.length - 1];
  const first = size - width;
  weights.fill(0, first);
  const matrix = new Float64Array(size * size);
  const vector = new Float64Array(size);
  problem.normalEquations(weights, matrix, vector);
  const gram = new Float64Array(width * width);
  const solution = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    solution[i] = -vector[first + i];
    for (let k = 0; k <= i; k++) gram[i * width + k] = matrix[(first + i) * size + first + k];
  }
  const ridge = OUTPUT_RIDGE * diagonalMean(gram, width);
  for (let i = 0; i < width; i++) gram[i * width + i] = gram[i * width + i] + ridge;
  if (choleskyFactor(gram, width)) weights.set(choleskySolve(gram, width, solution), first);
}
