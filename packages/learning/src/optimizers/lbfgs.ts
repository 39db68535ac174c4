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

  function step(objective: Objective, parameters: Float64Array, state: LbfgsState): StepReport {
    const { size } = objective;
    const { steps, changes, inverseProducts, gradient } = state;
    let evaluations = 0;
    if (state.loss === null) {
      state.loss = objective.evaluate(parameters, gradient);
      evaluations++;
      if (!Number.isFinite(state.loss) || !allFinite(gradient)) {
        const got = Number.isFinite(state.loss)
          ? "a gradient that is not"
          : `a loss of ${state.loss}`;
        state.loss = null;
        throw new MclnnError("L-BFGS cannot start where loss or gradient are not finite", {
          code: "diverged",
          argument: "parameters",
          expected: "a finite loss and gradient at the start",
          got,
          kind: "failure",
        });
      }
    }
    const loss = state.loss;
    const trial = new Float64Array(size);
    const trialGradient = new Float64Array(size);
    // Twice at most: along the quasi-Newton direction, then, the memory emptied, along -g.
    for (;;) {
      const direction = quasiNewtonDirection(state);
      let fall = dot(gradient, direction);
      if (!(fall < 0)) {
        forget(state);
        for (let i = 0; i < size; i++) direction[i] = -gradient[i];
        fall = -dot(gradient, gradient);
        if (!(fall < 0)) return { loss, converged: true, evaluations };
      }
      let length = steps.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-fall));
      // The wanted length lies between `low`, where the loss is low enough and still falls, and `high`.
      let low = 0;
      let lowLoss = loss;
      let lowSlope = fall;
      let high = Number.POSITIVE_INFINITY;
      let highLoss = 0;
      let highSlope = 0;
      let found = false;
      let trialLoss = Number.NaN;
      for (let tries = 0; tries < maxEvaluations; tries++) {
        for (let i = 0; i < size; i++) trial[i] = parameters[i] + length * direction[i];
        trialLoss = objective.evaluate(trial, trialGradient);
        evaluations++;
        const slope = dot(trialGradient, direction);
        const lowEnough = trialLoss <= loss + decrease * length * fall;
        if (!lowEnough || (low > 0 && trialLoss >= lowLoss) || Number.isNaN(slope)) {
          high = length;
          highLoss = trialLoss;
          highSlope = slope;
        } else if (Math.abs(slope) <= -curvature * fall) {
          found = allFinite(trialGradient);
          break;
        } else if (slope > 0) {
          high = length;
          highLoss = trialLoss;
          highSlope = slope;
        } else {
          low = length;
          lowLoss = trialLoss;
          lowSlope = slope;
        }
        if (high === Number.POSITIVE_INFINITY) {
          length *= 2.5;
          continue;
        }
        const width = high - low;
        if (width < 1e-14 * high) break;
        let share = 0.1;
        if (Number.isFinite(highLoss) && Number.isFinite(highSlope))
          share = cubicMinimum(width, lowLoss, lowSlope, highLoss, highSlope);
        length = low + (share > 0.1 ? Math.min(share, 0.9) : 0.1) * width;
      }
      if (!found && low > 0 && !(trialLoss <= lowLoss)) {
        for (let i = 0; i < size; i++) trial[i] = parameters[i] + low * direction[i];
        trialLoss = objective.evaluate(trial, trialGradient);
        evaluations++;
      }
      if (!found && !(trialLoss < loss && allFinite(trialGradient))) {
        if (steps.length === 0) return { loss, converged: true, evaluations };
        forget(state);
        continue;
      }
      const taken = new Float64Array(size);
      const change = new Float64Array(size);
      for (let i = 0; i < size; i++) {
        taken[i] = trial[i] - parameters[i];
        change[i] = trialGradient[i] - gradient[i];
      }
      const product = dot(taken, change);
      if (product > 1e-12 * Math.sqrt(dot(taken, taken) * dot(change, change))) {
        steps.push(taken);
        changes.push(change);
        inverseProducts.push(1 / product);
        if (steps.length > memory) {
          steps.shift();
          changes.shift();
          inverseProducts.shift();
        }
      }
      parameters.set(trial);
      gradient.set(trialGradient);
      state.loss = trialLoss;
      return { loss: trialLoss, converged: false, evaluations };
    }
  }

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
    step,
  };
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
