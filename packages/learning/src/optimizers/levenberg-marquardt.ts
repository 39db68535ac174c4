import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { StepReport } from "./optimizer.ts";

/** A sum of squared residuals over a flat parameter vector, with its Gauss-Newton equations. */
export interface LeastSquares {
  readonly size: number;
  /** Factor from the sum of squares to the loss: 1 / number of residuals, for a mean. */
  readonly weight: number;
  /** Sum of squared residuals; may be non-finite. */
  sumOfSquares(parameters: Float64Array): number;
  /**
   * Writes J'J (lower triangle) and J'r, and returns the sum of squared residuals. J may leave out residuals that r has
   * (a subset, scaled up), so J'J need not belong to the same points as J'r.
   *
   * @param matrix - [size x size], overwritten
   * @param vector - [size], overwritten
   */
  normalEquations(parameters: Float64Array, matrix: Float64Array, vector: Float64Array): number;
}

/** Everything Levenberg-Marquardt remembers between steps. */
export interface LevenbergMarquardtState {
  damping: number;
  /** Factor on the damping after the next failure; doubles with every failure in a row. */
  growth: number;
  /** Scale of each parameter: its diagonal of J'J, forgetting slowly. [size] */
  readonly scale: Float64Array;
}

export interface LevenbergMarquardtOptions {
  /** First damping, relative to the diagonal of J'J. */
  readonly damping?: number;
  /** Share of the largest scale that every parameter's scale is at least raised by. */
  readonly floor?: number;
  /** Upper bound on dampings tried in one step. */
  readonly maxTries?: number;
}

/** A {@link levenbergMarquardt} method: like an `Optimizer`, over a sum of squares. */
export interface LeastSquaresOptimizer<S> {
  readonly name: string;
  init(size: number): S;
  /** Updates `parameters` and `state` in place. */
  step(problem: LeastSquares, parameters: Float64Array, state: S): StepReport;
}

/**
 * Levenberg-Marquardt: solves (J'J + damping D) d = -J'r and adapts the damping to how well the linear model predicted the fall.
 *
 * D is the diagonal of J'J, remembered (times 0.7 a step) where it shrinks. The loss never rises. Converged: no damping tried gives a lower loss.
 *
 * @throws MclnnError `bad-option`; in a step `diverged` (failure) when the loss at the parameters is not finite
 * @see Nielsen, Damping parameter in Marquardt's method, IMM-REP-1999-05
 */
export function levenbergMarquardt(
  options: LevenbergMarquardtOptions = {},
): LeastSquaresOptimizer<LevenbergMarquardtState> {
  checkArgument("options", options, { damping: "number?", floor: "number?", maxTries: "number?" });
  const { damping = 1e-2, floor = 1e-10, maxTries = 12 } = options;
  check("damping", damping, damping > 0 && Number.isFinite(damping), "a positive finite number");
  check("floor", floor, floor >= 0 && floor < 1, "a number from 0 up to, not including, 1");
  check(
    "maxTries",
    maxTries,
    Number.isInteger(maxTries) && maxTries > 0,
    "a positive whole number",
  );
  // Scratch, not state: overwritten before it is read.
  let scratch = createScratch(0);

  function step(
    problem: LeastSquares,
    parameters: Float64Array,
    state: LevenbergMarquardtState,
  ): StepReport {
    const n = problem.size;
    if (scratch.vector.length !== n) scratch = createScratch(n);
    const { matrix, vector, change, trial } = scratch;
    const sum = problem.normalEquations(parameters, matrix, vector);
    if (!Number.isFinite(sum))
      throw new MclnnError("Levenberg-Marquardt cannot start where the loss is not finite", {
        code: "diverged",
        argument: "parameters",
        expected: "a finite loss",
        got: `${sum}`,
        kind: "failure",
      });
    const { scale } = state;
    let largest = 0;
    for (let i = 0; i < n; i++) {
      scale[i] = Math.max(matrix[i * n + i], 0.7 * scale[i]);
      largest = Math.max(largest, scale[i]);
    }
    let evaluations = 1;
    if (!(largest > 0)) return { loss: sum * problem.weight, converged: true, evaluations };
    const raise = floor * largest;
    for (let tries = 0; tries < maxTries; tries++) {
      if (!solveDamped(scratch, state, raise)) {
        state.damping *= 4;
        continue;
      }
      let predicted = 0;
      for (let i = 0; i < n; i++) {
        const d = change[i];
        trial[i] = parameters[i] + d;
        predicted += d * (state.damping * (scale[i] + raise) * d - vector[i]);
      }
      const trialSum = problem.sumOfSquares(trial);
      evaluations++;
      if (trialSum < sum) {
        parameters.set(trial);
        const t = predicted > 0 ? (2 * (sum - trialSum)) / predicted - 1 : 0;
        const next = state.damping * Math.max(0.1, 1 - t * t * t);
        state.damping = Math.max(next, 1e-14);
        state.growth = 2;
        return { loss: trialSum * problem.weight, converged: false, evaluations };
      }
      state.damping *= state.growth;
      state.growth *= 2;
    }
    state.damping = damping;
    state.growth = 2;
    return { loss: sum * problem.weight, converged: true, evaluations };
  }

  return {
    name: "levenberg-marquardt",
    init: (size) => ({ damping, growth: 2, scale: new Float64Array(size) }),
    step,
  };
}

/** Memory of a step: J'J, its factor with damping, J'r, the change d, and where that leads. */
function createScratch(size: number) {
  return {
    matrix: new Float64Array(size * size),
    factor: new Float64Array(size * size),
    vector: new Float64Array(size),
    change: new Float64Array(size),
    trial: new Float64Array(size),
  };
}

/** Solves (J'J + damping D) d = -J'r. @returns whether the matrix is positive definite in its rounding */
function solveDamped(
  { matrix, factor, vector, change }: ReturnType<typeof createScratch>,
  { damping, scale }: LevenbergMarquardtState,
  raise: number,
): boolean {
  const n = vector.length;
  for (let i = 0; i < n; i++) {
    const o = i * n;
    for (let k = 0; k <= i; k++) factor[o + k] = matrix[o + k];
    // A parameter that nothing depends on has scale 0; the floor keeps it where it is.
    factor[o + i] = factor[o + i] + damping * (scale[i] + raise);
    change[i] = -vector[i];
  }
  if (!choleskyFactor(factor, n)) return false;
  choleskySolve(factor, n, change);
  return true;
}

function check(argument: string, value: number, good: boolean, expected: string): void {
  if (!good)
    throw new MclnnError(`Levenberg-Marquardt cannot work with this ${argument}`, {
      code: "bad-option",
      argument,
      expected,
      got: `${value}`,
    });
}
