import type { SplineBasis } from "@mclnn/models/parts";
import { choleskyFactor } from "../algebra/linear-algebra.ts";
import type { NormalEquations } from "../rollout/normal-equations.ts";
import { addCurvePrior, curveScale } from "./curve-prior.ts";
import type { Posterior } from "./evidence.ts";
import { lawScale } from "./law-scale.ts";
import { roughness } from "./roughness.ts";

/** A prior as weak as factorisation allows: relative to the mean diagonal of the law's metric, and how it grows until it is enough. */
const WEAKEST = 1e-12;
const STRONGER = 30;

/** Of a residual, where all unknowns are fitted. */
export const varianceOf = (
  { degreesOfFreedom, gradient }: Pick<NormalEquations, "degreesOfFreedom" | "gradient">,
  sum: number,
): number => sum / Math.max(1, degreesOfFreedom - gradient.length);

/**
 * The posterior under next to no prior: for residuals next to roundoff, which no prior can be judged by.
 *
 * @param sum - of squared residuals that are left. Default: those where the equations were taken
 * @returns null where the variance is no number, or no weight is enough
 */
export function weakPosterior(
  equations: NormalEquations,
  basis: SplineBasis,
  sum: number = equations.sum,
): Pick<Posterior, "factor" | "variance"> | null {
  const { metric, gradient, curves = [] } = equations;
  const size = gradient.length;
  const variance = varianceOf(equations, sum);
  if (!Number.isFinite(variance)) return null;
  const scale = lawScale(equations, basis);
  const smooth = roughness(basis);
  for (let weight = WEAKEST * scale; weight < scale; weight *= STRONGER) {
    const factor = metric.slice();
    for (let i = 0; i < basis.size; i++)
      for (let k = 0; k < basis.size; k++)
        factor[i * size + k] = factor[i * size + k] + weight * smooth[i * basis.size + k];
    for (const curve of curves)
      addCurvePrior(curve, (weight / scale) * curveScale(equations, curve), factor);
    if (choleskyFactor(factor, size)) return { factor, variance };
  }
  return null;
}
