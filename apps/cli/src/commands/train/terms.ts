import type { TrajectorySet } from "@mclnn/datasets";
import type { KnownTerm, TrainResult } from "@mclnn/learning";
import { MclnnError } from "@mclnn/physics";
import { createTerm, knownCoefficients } from "@mclnn/physics/terms";
import { formatNumber } from "@mclnn/studies/text";

/** Terms that are given, from texts as `field 0,-9.81,0`: a name, and its constants in the order of `mclnn systems`. @throws MclnnError `bad-option` */
export function knownTerms(texts: readonly string[], data: TrajectorySet): KnownTerm[] {
  return texts.map((text): KnownTerm => {
    const [name = "", ...rest] = text.trim().split(/\s+/);
    const numbers = rest.join("").split(",");
    if (rest.length === 0 || numbers.some((n) => n === "" || !Number.isFinite(Number(n))))
      throw new MclnnError("--known cannot be used", {
        code: "bad-option",
        argument: "--known",
        expected: 'a term and its constants, for example "field 0,-9.81,0"',
        got: JSON.stringify(text),
      });
    const spec = { name };
    return { spec, coefficients: knownCoefficients(createTerm(spec, data), numbers.map(Number)) };
  });
}

/** Rows of the table: each constant with its error bar. */
export function termRows({ terms = [] }: TrainResult): [string, string][] {
  return terms.flatMap(({ name, constants }) =>
    constants.map(({ name: constant, value, sd }): [string, string] => {
      const values = typeof value === "number" ? [value] : value;
      const deviations = sd === null ? null : typeof sd === "number" ? [sd] : sd;
      const texts = values.map((x, k) =>
        deviations === null
          ? formatNumber(x, 6)
          : `${formatNumber(x, 6)} ± ${formatNumber(deviations[k] as number, 2)}`,
      );
      const given = deviations === null ? " (given)" : "";
      return [`${name}: ${constant}`, `${texts.join(", ")}${given}`];
    }),
  );
}
