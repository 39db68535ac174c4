import type { Command } from "commander";
import { conflictingOptions } from "./errors.ts";
import { andAnother } from "./terms.ts";

/** What a command works on. */
const INPUTS = new Set(
  [
    "data",
    "validation",
    "run",
    "model",
    "network",
    "system",
    "systems",
    "potential",
    "initial",
    "start",
  ].map((name) => `--${name}`),
);

/**
 * Refuses what a command works on given twice with different values: both may be meant, and only one would be read. Of other options the
 * last counts, as elsewhere, so that a script can override what it begins with.
 *
 * @param argv - arguments after the program's name
 * @throws MclnnError `conflicting-options` naming the option
 */
export function refuseRepeated(
  argv: readonly string[],
  ...commands: readonly Pick<Command, "options">[]
): void {
  const takesValue = new Set(
    commands.flatMap(({ options }) =>
      options.flatMap(({ long, required }) => (required && long ? [long] : [])),
    ),
  );
  // What is collected is meant to be given again.
  const collected = new Set(
    commands.flatMap(({ options }) =>
      options.flatMap(({ long, parseArg }) => (parseArg === andAnother && long ? [long] : [])),
    ),
  );
  const found = new Map<string, string>();
  for (let k = 0; k < argv.length && argv[k] !== "--"; k++) {
    const [option = "", ...rest] = (argv[k] as string).split("=");
    if (!takesValue.has(option)) continue;
    const value = rest.length > 0 ? rest.join("=") : (argv[++k] ?? "");
    const before = found.get(option);
    if (before !== undefined && before !== value && INPUTS.has(option) && !collected.has(option))
      throw conflictingOptions(
        option,
        "one value",
        `${JSON.stringify(before)} and ${JSON.stringify(value)}`,
        { what: `${option} is given more than once` },
      );
    found.set(option, value);
  }
}
