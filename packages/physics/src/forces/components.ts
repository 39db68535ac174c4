import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";

/**
 * Checks a vector of a field once, and its length each time it is used.
 *
 * @returns the vector for a dimension; an error `bad-dimension` for any other than its own
 * @throws MclnnError `bad-shape`, `not-finite`
 */
export function components(
  field: string,
  argument: string,
  vector: ArrayLike<number>,
): (dimension: 2 | 3) => Float64Array {
  checkArgument(argument, vector, "numbers");
  const out = Float64Array.from(vector);
  const refuse = (code: string, expected: string, got: string): never => {
    throw new MclnnError(`${argument} of ${field} cannot be used`, {
      code,
      argument,
      expected,
      got,
    });
  };
  if (out.length !== 2 && out.length !== 3)
    refuse("bad-shape", "2 or 3 components", String(out.length));
  return (dimension) => {
    if (out.length !== dimension)
      refuse("bad-dimension", `${dimension} components`, String(out.length));
    return out;
  };
}
