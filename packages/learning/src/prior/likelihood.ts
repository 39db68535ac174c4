import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { NormalEquations } from "../rollout/normal-equations.ts";

/** What records alone say of some coefficients, no prior: residuals squared add up to s + 2 gradient' d + d' metric d at a distance d. */
export interface Likelihood {
  /** [n x n] */
  readonly metric: Float64Array;
  /** [n] */
  readonly gradient: Float64Array;
}

/** Keeps unknowns that data leave open from failing the factorisation, relative to each one's own metric. */
const RIDGE = 1e-10;

/** The quadratic form about another point than the equations are. @param step - from there to the point. [size] */
export function likelihoodAfter(
  { metric, gradient }: NormalEquations,
  step: Float64Array,
): Likelihood {
  const n = gradient.length;
  const moved = gradient.slice();
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) moved[i] = moved[i] + metric[i * n + k] * step[k];
  return { metric, gradient: moved };
}

/** The same of n neighbouring unknowns from `first` on, all others at their best: the Schur complement. Null where these are not determined. */
export function marginalLikelihood(
  { metric, gradient }: Likelihood,
  first: number,
  n: number,
): Likelihood | null {
  const size = gradient.length;
  if (n === size) return { metric, gradient };
  const others = Array.from({ length: size }, (_, i) => i).filter(
    (i) => i < first || i >= first + n,
  );
  const m = others.length;
  const factor = new Float64Array(m * m);
  others.forEach((i, a) => {
    others.forEach((k, b) => {
      factor[a * m + b] = metric[i * size + k] * (i === k ? 1 + RIDGE : 1);
    });
  });
  if (!choleskyFactor(factor, m)) return null;
  const out = { metric: new Float64Array(n * n), gradient: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    const row = Float64Array.from(others, (k) => metric[(first + i) * size + k]);
    choleskySolve(factor, m, row);
    const less = (column: (other: number) => number): number =>
      others.reduce((sum, k, a) => sum + row[a] * column(k), 0);
    out.gradient[i] = gradient[first + i] - less((k) => gradient[k]);
    for (let k = 0; k <= i; k++) {
      const value =
        metric[(first + i) * size + first + k] - less((a) => metric[a * size + first + k]);
      out.metric[i * n + k] = value;
      out.metric[k * n + i] = value;
    }
  }
  return out;
}
