import { MclnnError } from "../errors.ts";
import type { Term } from "./term.ts";

/** A constant of a term with its standard deviation, as results and model files have them. */
export interface ReportedConstant {
  readonly name: string;
  readonly value: number | readonly number[];
  /** In the shape of the value; null where there are no error bars. */
  readonly sd: number | readonly number[] | null;
}

/**
 * A term's constants at its coefficients, with what the coefficients' covariance leaves unsure of each.
 *
 * @param covariance - of the coefficients [size x size]; null for none
 */
export function reportConstants(
  term: Term,
  coefficients: Float64Array,
  covariance: Float64Array | null,
): ReportedConstant[] {
  const { size } = term;
  const deviation = (gradient: readonly number[]): number => {
    let variance = 0;
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        variance += gradient[i] * (covariance as Float64Array)[i * size + k] * gradient[k];
    return Math.sqrt(Math.max(0, variance));
  };
  return term.constants(coefficients).map(({ name, value, gradient }) => {
    const sd = covariance === null ? null : gradient.map(deviation);
    return { name, value, sd: sd === null || typeof value !== "number" ? sd : sd[0] };
  });
}

/**
 * Coefficients of a term whose constants are known.
 *
 * @param constants - one number after another, as the term lists its constants: of a trap, k and the components of its centre
 * @throws MclnnError `bad-option` for a term with a function, `bad-shape`, `not-finite`
 */
export function knownCoefficients(term: Term, constants: readonly number[]): Float64Array {
  if (term.curves !== undefined || term.small)
    throw new MclnnError(`${term.spec.name} has a function, which constants do not give`, {
      code: "bad-option",
      argument: "constants",
      expected: "a term without a function",
      got: term.spec.name,
      mend: "Give it as a spec with its coefficients.",
    });
  const named = term.constants(new Float64Array(term.size).fill(1));
  const expected = named.map(({ name, value }) =>
    typeof value === "number" ? name : `${name} (${value.length})`,
  );
  const numbers = named.reduce(
    (sum, { value }) => sum + (typeof value === "number" ? 1 : value.length),
    0,
  );
  const finite = constants.every(Number.isFinite);
  if (constants.length !== numbers || !finite)
    throw new MclnnError(`constants of ${term.spec.name} cannot be used`, {
      code: finite ? "bad-shape" : "not-finite",
      argument: "constants",
      expected: `${numbers} finite numbers: ${expected.join(", ")}`,
      got: constants.join(", ") || "none",
    });
  return Float64Array.from(term.coefficients?.(constants) ?? constants);
}
