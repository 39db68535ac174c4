import { conflictingOptions } from "./errors.ts";

/**
 * Refuses options that would be read by nobody: who gives one expects it to do something.
 *
 * @param given - options by their names; those that are undefined were not given
 * @param where - what they are of no use with, for example `a .csv file`
 * @param mend - what they are for
 * @throws MclnnError `conflicting-options` naming the first that was given
 */
export function refuseUnread(
  given: Readonly<Record<string, unknown>>,
  where: string,
  mend: string,
): void {
  for (const [option, value] of Object.entries(given))
    if (value !== undefined)
      throw conflictingOptions(
        option,
        `no ${option} with ${where}`,
        `${option}${typeof value === "boolean" ? "" : ` ${value}`}`,
        { what: `${option} is of no use with ${where}`, mend },
      );
}
