import { described } from "../arguments/described.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";

/**
 * Parameters of a potential: what was given, defaults for the rest.
 *
 * @param positive - lengths and the like, which must be above 0
 * @throws MclnnError `unknown-parameter` for a name that is none, `bad-parameter` for what is no finite number, or not above 0
 */
export function parametersOf<T extends Readonly<Record<string, number>>>(
  potential: string,
  given: Partial<T>,
  defaults: T,
  positive: readonly (keyof T)[] = [],
): T {
  checkArgument(potential, given, {});
  const out: Record<string, number> = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, key))
      throw new MclnnError(`${potential} has no parameter "${key}"`, {
        code: "unknown-parameter",
        argument: key,
        expected: Object.keys(defaults).join(", "),
        got: key,
      });
    if (value === undefined) continue;
    const above = positive.includes(key);
    if (!Number.isFinite(value) || (above && value <= 0))
      throw new MclnnError(`parameter ${key} of ${potential} cannot be used`, {
        code: "bad-parameter",
        argument: key,
        expected: `a finite number${above ? " above 0" : ""}`,
        got: described(value),
      });
    out[key] = value;
  }
  return out as T;
}
