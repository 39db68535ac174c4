import { diagonalMean } from "../../linear-algebra.ts";
import type { Schedule } from "../../rollout/schedule.ts";
import type { NormalEquations, SensitivityPass } from "../../rollout/sensitivity.ts";
import type { TrainingData } from "../training-data.ts";
import type { SplineBasis } from "./basis.ts";
import { solveWithPrior } from "./least-squares.ts";
import { interpolatePath, lagrangePath } from "./path.ts";

/** What the one-shot fit works on. */
export interface PicardProblem {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly basis: SplineBasis;
  readonly pass: SensitivityPass;
}

/**
 * Normal equations of the one-shot ("Picard") fit: V' is looked up along the observed path, so that the rolled out positions are
 * linear in its coefficients.
 *
 * @param degree - of the local polynomials that interpolate the records
 * @param every - use every n-th trajectory
 */
export function picardEquations(
  { data, schedule, basis, pass }: PicardProblem,
  { degree, every = 1 }: { degree: number; every?: number },
): NormalEquations {
  const weights = lagrangePath(data.times, schedule, degree);
  const path = new Float64Array(weights.start.length * data.components);
  return pass.normalEquations(new Float64Array(4 * basis.cells.count), {
    path: (trajectory) => interpolatePath(data, weights, trajectory, path),
    tangentStep: schedule.uniform === null ? 1 : largestDivisor(schedule.uniform.stride, 10),
    every,
  });
}

/** One least-squares solve for the coefficients of V'. @param prior - relative weight of the roughness prior */
export function picardFit(
  equations: NormalEquations,
  roughness: Float64Array,
  prior: number,
): Float64Array | null {
  const { metric, gradient } = equations;
  const weight = prior * diagonalMean(metric, gradient.length);
  return solveWithPrior(equations, roughness, weight, null);
}

function largestDivisor(n: number, atMost: number): number {
  for (let d = Math.min(atMost, n); d > 1; d--) if (n % d === 0) return d;
  return 1;
}
