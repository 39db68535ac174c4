import type { NormalEquations } from "../rollout/normal-equations.ts";
import type { CurvePrior } from "../terms/curve-priors.ts";

/** c'Rc as a sum of squares, which roundoff cannot make negative; R c is added to `pull`. @param c - all unknowns */
export function curvePull(
  { first, size, factor }: CurvePrior,
  c: Float64Array,
  pull: Float64Array,
): number {
  let sum = 0;
  for (let o = 0; o < factor.length; o += size) {
    let s = 0;
    for (let i = 0; i < size; i++) s += factor[o + i] * c[first + i];
    sum += s * s;
    for (let i = 0; i < size; i++) pull[first + i] += factor[o + i] * s;
  }
  return sum;
}

/** Adds a weight times R to the lower triangle, or all, of a matrix of all unknowns. */
export function addCurvePrior(
  { first, size, matrix }: CurvePrior,
  weight: number,
  to: Float64Array,
): void {
  const stride = Math.sqrt(to.length);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++)
      to[(first + i) * stride + first + k] += weight * matrix[i * size + k];
}

/** Mean diagonal of the metric on a curve over that of R: what its weights are relative to. */
export function curveScale(
  { metric, gradient }: Pick<NormalEquations, "metric" | "gradient">,
  { first, size, matrix }: CurvePrior,
): number {
  let [data, own] = [0, 0];
  for (let i = 0; i < size; i++) {
    data += metric[(first + i) * (gradient.length + 1)];
    own += matrix[i * (size + 1)];
  }
  return data / own;
}
