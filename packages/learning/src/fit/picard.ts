import type { SplineBasis } from "@mclnn/models/parts";
import { diagonalMean } from "../algebra/linear-algebra.ts";
import type { NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import type { PathWeights } from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { solveWithPrior } from "./least-squares.ts";

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
 * @param along - the path through the records, at the events of the tangents
 * @param every - use every n-th trajectory
 */
export function picardEquations(
  { basis, pass }: PicardProblem,
  { along, every = 1 }: { along: PathWeights; every?: number },
): NormalEquations {
  const { uniform } = pass.tangents;
  return pass.normalEquations(new Float64Array(4 * basis.cells.count), {
    along,
    tangentStep: uniform === null ? 1 : largestDivisor(uniform.stride, 10),
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
