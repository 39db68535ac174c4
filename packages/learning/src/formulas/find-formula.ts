import type { MclnnModel, SplineModel } from "@mclnn/models";
import type { FormulaOptions, FormulaResult } from "./result.ts";

/**
 * Finds the formula of a learned law among sums of the blocks that laws are made of, or says honestly that there is none.
 *
 * Every candidate is weighed by the likelihood of the records that the model keeps, and by what it costs to say it; constants come with error
 * bars. Source: Rissanen (1978) for description length; decision 17 for the rest.
 *
 * @throws MclnnError `no-likelihood` for a model that does not know what its records said; `bad-option`, `bad-block`; `aborted` (failure)
 */
export async function findFormula(
  model: MclnnModel | SplineModel,
  options: FormulaOptions = {},
): Promise<FormulaResult> {
  const { lookForFormula } = await import("./look-for-formula.ts");
  return lookForFormula(model, options);
}
