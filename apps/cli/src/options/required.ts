import { MclnnError } from "@mclnn/physics";
import { missingOption } from "./errors.ts";

/** The value of an option that a command cannot do without. @throws MclnnError `missing-option` */
export function required<T>(value: T | undefined, option: string, what: string): T {
  if (value === undefined) throw missingOption(option, what);
  return value;
}

/** Refuses more, or fewer, than one of several options that exclude each other. @throws MclnnError `conflicting-options` */
export function exactlyOne(given: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(given);
  const set = names.filter((name) => given[name] !== undefined);
  if (set.length !== 1)
    throw new MclnnError(set.length === 0 ? "an option is missing" : "options exclude each other", {
      code: set.length === 0 ? "missing-option" : "conflicting-options",
      argument: set.length === 0 ? (names[0] as string) : (set[1] as string),
      expected: `exactly one of ${names.join(", ")}`,
      got: set.length === 0 ? "none of them" : set.join(" and "),
    });
}
