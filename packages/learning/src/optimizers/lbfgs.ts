import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { Objective, Optimizer, StepReport } from "./optimizer.ts";

/** Everything L-BFGS remembers between steps. */
export interface LbfgsState {
  /** Steps and changes of the gradient, oldest first; at most `memory` of each. [size] each */
  readonly steps: Float64Array[];
  readonly changes: Float64Array[];
  /** 1 / (step . change). */
  readonly inverseProducts: number[];
  /** Loss at the current parameters; null before the first step. */
  loss: number | null;
  /** Gradient at the current parameters. [size] */
  readonly gradient: Float64Array;
}

export interface LbfgsOptions {
  /** Number of past steps kept. */
  readonly memory?: number;
  /** Sufficient-decrease constant of the strong Wolfe conditions. */
  readonly decrease?: number;
  /** Curvature constant of the strong Wolfe conditions. */
  readonly curvature?: number;
  /** Upper bound on evaluations of one line search. */
  readonly maxEvaluations?: number;
}

/**
 * Limited-memory BFGS with a line search to the strong Wolfe conditions.
 *
 * One `step` is one line search along -H g, H the inverse Hessian estimated from the last `memory` steps. Loss never rises.
 * Trial points with a non-finite loss are stepped back from. Converged: the gradient is 0, or no lower loss is found along -g.
 *
 * @throws MclnnError `bad-option`; in the first step `diverged` (failure) when loss or gradient at the start are not finite
 * @see Nocedal and Wright, Numerical Optimization, 2nd ed., algorithms 3.5, 7.4 and 7.5; cubic step (3.59)
 */
export function lbfgs(options: LbfgsOptions = {}): Optimizer<LbfgsState> {
  checkArgument("options", options, {
    memory: "number?",
    decrease: "number?",
    curvature: "number?",
    maxEvaluations: "number?",
  });
  const { memory = 30, decrease = 1e-4, curvature = 0.9, maxEvaluations = 25 } = options;
  check("memory", memory, Number.isInteger(memory) && memory > 0, "a positive whole number");
  check("decrease", decrease, decrease > 0 && decrease < 0.5, "a number between 0 and 0.5");
  check(
    "curvature",
    curvature,
    curvature > decrease && curvature < 1,
    "a number between `decrease` and 1",
  );
  check(
    "maxEvaluations",
    maxEvaluations,
    Number.isInteger(maxEvaluations) && maxEvaluations > 0,
    "a positive whole number",
  );

  return {
    name: "lbfgs",
    reports: "after",
    init: (size) => ({
      steps: [],
      changes: [],
      inverseProducts: [],
      loss: null,
      gradient: new Float64Array(size),
    }),
    step: (objective, parameters, state) =>
      step(objective, parameters, state, { memory, decrease, curvature, maxEvaluations }),
  };
}

function step(
  objective: Objective,
  parameters: Float64Array,
  state: LbfgsState,
  options: Required<LbfgsOptions>,
): StepReport {
  const { gradient, steps } = state;
  let evaluations = 0;
  if (state.loss === null) {
    state.loss = firstLoss(objective, parameters, gradient);
    evaluations++;
  }
  const { loss } = state;
  const trial: Trial = {
    parameters: new Float64Array(objective.size),
    gradient: new Float64Array(objective.size),
    loss: Number.NaN,
    evaluations,
  };
  // Twice at most: along the quasi-Newton direction, then, the memory emptied, along -g.
  for (;;) {
    const direction = quasiNewtonDirection(state);
    let slope = dot(gradient, direction);
    if (!(slope < 0)) {
      forget(state);
      for (let i = 0; i < direction.length; i++) direction[i] = -gradient[i];
      slope = -dot(gradient, gradient);
      if (!(slope < 0)) return { loss, converged: true, evaluations: trial.evaluations };
    }
    const length = steps.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    const line = { objective, parameters, direction, loss, slope };
    if (searchLine(line, length, trial, options)) {
      remember(state, parameters, trial, options.memory);
      parameters.set(trial.parameters);
      gradient.set(trial.gradient);
      state.loss = trial.loss;
      return { loss: trial.loss, converged: false, evaluations: trial.evaluations };
    }
    if (steps.length === 0) return { loss, converged: true, evaluations: trial.evaluations };
    forget(state);
  }
}

/** Loss at the start, its gradient written. @throws MclnnError `diverged` (failure) */
function firstLoss(objective: Objective, parameters: Float64Array, gradient: Float64Array): number {
  const loss = objective.evaluate(parameters, gradient);
  if (Number.isFinite(loss) && allFinite(gradient)) return loss;
  throw new MclnnError("L-BFGS cannot start where loss or gradient are not finite", {
    code: "diverged",
    argument: "parameters",
    expected: "a finite loss and gradient at the start",
    got: Number.isFinite(loss) ? "a gradient that is not" : `a loss of ${loss}`,
    kind: "failure",
  });
}

/** Where a step begins, and along what it goes. */
interface Line {
  readonly objective: Objective;
  readonly parameters: Float64Array;
  readonly direction: Float64Array;
  readonly loss: number;
  /** Of the loss along the direction, below 0. */
  readonly slope: number;
}

/** The point tried last. */
interface Trial {
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
  loss: number;
  /** Of the whole step. */
  evaluations: number;
}

/** Tries the point at `length` along a line. @returns the slope there */
function tryAt({ objective, parameters, direction }: Line, length: number, trial: Trial): number {
  for (let i = 0; i < direction.length; i++)
    trial.parameters[i] = parameters[i] + length * direction[i];
  trial.loss = objective.evaluate(trial.parameters, trial.gradient);
  trial.evaluations++;
  return dot(trial.gradient, direction);
}

/**
 * Looks for a point of the strong Wolfe conditions; where there is none within reach, one of a lower loss will do.
 *
 * @param length - the first one to try
 * @param trial - the point found
 * @returns whether one was found
 */
function searchLine(
  line: Line,
  length: number,
  trial: Trial,
  { decrease, curvature, maxEvaluations }: Required<LbfgsOptions>,
): boolean {
  // The wanted length lies between `low`, where the loss is low enough and still falls, and `high`.
  let low = { length: 0, loss: line.loss, slope: line.slope };
  let high = { length: Number.POSITIVE_INFINITY, loss: 0, slope: 0 };
  for (let tries = 0; tries < maxEvaluations; tries++) {
    const slope = tryAt(line, length, trial);
    const { loss } = trial;
    const lowEnough = loss <= line.loss + decrease * length * line.slope;
    const above = !lowEnough || (low.length > 0 && loss >= low.loss) || Number.isNaN(slope);
    if (!above && Math.abs(slope) <= -curvature * line.slope) {
      if (allFinite(trial.gradient)) return true;
      break;
    }
    if (above || slope > 0) high = { length, loss, slope };
    else low = { length, loss, slope };
    if (high.length === Number.POSITIVE_INFINITY) {
      length *= 2.5;
      continue;
    }
    const width = high.length - low.length;
    if (width < 1e-14 * high.length) break;
    let share = 0.1;
    if (Number.isFinite(high.loss) && Number.isFinite(high.slope))
      share = cubicMinimum(width, low.loss, low.slope, high.loss, high.slope);
    length = low.length + (share > 0.1 ? Math.min(share, 0.9) : 0.1) * width;
  }
  if (low.length > 0 && !(trial.loss <= low.loss)) tryAt(line, low.length, trial);
  return trial.loss < line.loss && allFinite(trial.gradient);
}

/** Adds a step to the memory, where the loss curves upwards along it. */
function remember(
  { steps, changes, inverseProducts, gradient }: LbfgsState,
  parameters: Float64Array,
  trial: Trial,
  memory: number,
): void {
  const taken = trial.parameters.map((x, i) => x - parameters[i]);
  const change = trial.gradient.map((g, i) => g - gradient[i]);
  const product = dot(taken, change);
  if (!(product > 1e-12 * Math.sqrt(dot(taken, taken) * dot(change, change)))) return;
  steps.push(taken);
  changes.push(change);
  inverseProducts.push(1 / product);
  if (steps.length <= memory) return;
  steps.shift();
  changes.shift();
  inverseProducts.shift();
}

/** -H g by the two-loop recursion. */
function quasiNewtonDirection(state: LbfgsState): Float64Array {
  const { steps, changes, inverseProducts, gradient } = state;
  const direction = gradient.map((g) => -g);
  const shares: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    const share = inverseProducts[k] * dot(steps[k], direction);
    shares[k] = share;
    addMultiple(direction, -share, changes[k]);
  }
  const newest = changes[changes.length - 1];
  if (newest !== undefined) {
    const scale = 1 / (inverseProducts[changes.length - 1] * dot(newest, newest));
    for (let i = 0; i < direction.length; i++) direction[i] = scale * direction[i];
  }
  for (let k = 0; k < steps.length; k++) {
    const share = inverseProducts[k] * dot(changes[k], direction);
    addMultiple(direction, shares[k] - share, steps[k]);
  }
  return direction;
}

function forget(state: LbfgsState): void {
  state.steps.length = 0;
  state.changes.length = 0;
  state.inverseProducts.length = 0;
}

/** Where in [0, 1] the cubic with these end values and slopes (per unit length, over `width`) is lowest. */
function cubicMinimum(width: number, f0: number, d0: number, f1: number, d1: number): number {
  const e = d0 + d1 - (3 * (f1 - f0)) / width;
  const square = e * e - d0 * d1;
  if (!(square > 0)) return 0.5;
  const root = Math.sqrt(square);
  return 1 - (d1 + root - e) / (d1 - d0 + 2 * root);
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}

function addMultiple(to: Float64Array, factor: number, of: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i] + factor * of[i];
}

function allFinite(a: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Number.isFinite(a[i])) return false;
  return true;
}

function check(argument: string, value: number, good: boolean, expected: string): void {
  if (!good)
    throw new MclnnError(`L-BFGS cannot work with this ${argument}`, {
      code: "bad-option",
      argument,
      expected,
      got: `${value}`,
    });
}
