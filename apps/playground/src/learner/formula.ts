import { findFormula } from "@mclnn/learning";
import { MclnnError } from "@mclnn/physics";
import { known } from "./learn.ts";
import type { Formula } from "./protocol.ts";

/** Looks for the formula of the law that was learned last. @throws MclnnError `no-law`, and as `findFormula` */
export async function formula(): Promise<Formula> {
  const { result } = known;
  if (result === undefined)
    throw new MclnnError("there is no law yet", {
      code: "no-law",
      argument: "law",
      expected: "a law that was learned",
      got: "none",
    });
  const { verdict, formulas } = await findFormula(result.model);
  return {
    verdict,
    formulas: formulas.slice(0, 3).map(({ name, form, constants }) => ({ name, form, constants })),
  };
}
