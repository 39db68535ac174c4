import type { LawFormula } from "@mclnn/learning";
import { formatMeasured, formatNumber } from "@mclnn/studies/text";
import { constantUnit } from "../inputs/law-units.ts";
import type { LawFormat } from "./format.ts";

/** The formulas of the laws, their constants with errors, as LaTeX that a document takes by \input. */
export const latex: LawFormat = {
  name: "LaTeX",
  option: "out",
  endings: [".tex"],
  reads: ["units"],
  formula: true,
  encode: ({ laws, formulas = [], options }) => {
    const unitOf = constantUnit(laws[0]?.model.record, options.units);
    const written = ({ latex: form, constants, chiSquared, degreesOfFreedom, p }: LawFormula) => [
      `% chi2 ${formatNumber(chiSquared, 3)} for ${degreesOfFreedom}, p = ${formatNumber(p)}`,
      "\\begin{equation}",
      `  V(r) = ${form}`,
      "\\end{equation}",
      `with ${constants
        .map((each) => {
          const unit = unitOf(each);
          const behind = unit === "" ? "" : `\\,\\mathrm{${unit.replaceAll(" ", "\\,")}}`;
          return `$${each.latex} = ${latexNumber(formatMeasured(each.value, each.sd))}${behind}$`;
        })
        .join(", ")}.`,
    ];
    return `${formulas
      .flatMap(({ result, species }) => {
        const { verdict, from, to, nearest } = result;
        const range = `for r from ${formatNumber(from, 3)} to ${formatNumber(to, 3)}`;
        const of = species === undefined ? "" : ` of species ${species.join("-")}`;
        const near = nearest === null ? [] : ["% The nearest:", ...written(nearest)];
        return [
          `% The law${of} ${range}: ${VERDICTS[verdict]}`,
          ...(result.formulas.length === 0 ? near : result.formulas.flatMap(written)),
        ];
      })
      .join("\n")}\n`;
  },
};

const VERDICTS = {
  identified: "the simplest formula that explains it.",
  several: "formulas that the data do not tell apart, best first.",
  none: "no formula of so few constants explains it.",
  "not-judged": "not judged, the fit left more than noise.",
};

/** 1.2(3)e-5 as a product. */
const latexNumber = (text: string): string =>
  text.replace(/e([-+]?\d+)/, (_, power: string) => ` \\cdot 10^{${Number(power)}}`);
