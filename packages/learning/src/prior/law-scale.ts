import type { SplineBasis } from "@mclnn/models/parts";
import type { NormalEquations } from "../rollout/normal-equations.ts";

/** Mean diagonal of the metric on the law's own coefficients, which come first: what weights of priors are relative to. */
export function lawScale(
  { metric, gradient }: Pick<NormalEquations, "metric" | "gradient">,
  { size }: Pick<SplineBasis, "size">,
): number {
  const stride = gradient.length + 1;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += metric[i * stride];
  return sum / size;
}
