import type { Meter } from "../records/meter.ts";
import type { CurvePrior } from "../terms/curve-priors.ts";
import type { StartElimination } from "./starts.ts";

/** Gauss-Newton model of the rollout loss about a curve: sum(c + dc) = sum + 2 g.dc + dc.A.dc. */
export interface NormalEquations {
  /** J'J, the Fisher metric of the rollout loss. [size x size] */
  readonly metric: Float64Array;
  /** J' residuals. [size] */
  readonly gradient: Float64Array;
  /** Sum of squared residuals. */
  readonly sum: number;
  /** Residuals counted (particles x dimension x records x trajectories used). */
  readonly residuals: number;
  /** sum / residuals */
  readonly loss: number;
  /** Residuals less the start states that were fitted to them. */
  readonly degreesOfFreedom: number;
  /** How the start states follow the coefficients; empty when they are given. */
  readonly eliminations: readonly StartElimination[];
  /** Unknowns that are curves of other terms than the pair law, and what these are taken for. Default: none are. */
  readonly curves?: readonly CurvePrior[];
  /** Told what is done with them; without it there is no bound. */
  readonly meter?: Meter | undefined;
}

/** What the trajectories of one chunk add to the normal equations. */
export interface PartialEquations {
  /** Lower triangle. [size x size] */
  readonly metric: Float64Array;
  /** [size] */
  readonly gradient: Float64Array;
  sum: number;
  readonly eliminations: StartElimination[];
}

export function emptyEquations(size: number): PartialEquations {
  return {
    metric: new Float64Array(size * size),
    gradient: new Float64Array(size),
    sum: 0,
    eliminations: [],
  };
}

export function copyOfEquations({
  metric,
  gradient,
  sum,
  eliminations,
}: PartialEquations): PartialEquations {
  return {
    metric: metric.slice(),
    gradient: gradient.slice(),
    sum,
    eliminations: [...eliminations],
  };
}

/** Adds the equations of the next chunk; the sum over all data is made in the order of the chunks. */
export function addEquations(total: PartialEquations, chunk: PartialEquations): void {
  const { metric, gradient } = chunk;
  const size = gradient.length;
  for (let i = 0; i < size; i++) {
    total.gradient[i] = total.gradient[i] + gradient[i];
    for (let o = i * size; o <= i * size + i; o++) total.metric[o] = total.metric[o] + metric[o];
  }
  total.sum += chunk.sum;
  total.eliminations.push(...chunk.eliminations);
}
