import { MclnnError } from "../errors.ts";
import { described } from "./described.ts";

// What comes in is looked at without trust in its type.
// biome-ignore lint/suspicious/noExplicitAny: as above
type Anything = any;

type Row = readonly [expected: string, holds: (x: Anything) => boolean, code?: string];

const whole = Number.isSafeInteger;
const is =
  (type: string) =>
  (value: unknown): boolean =>
    typeof value === type;
const isList = (value: Anything): boolean =>
  typeof value === "object" && whole(value?.length) && value.length >= 0;
/** Arrays of another realm are as good. */
const tagged =
  (tag: string) =>
  (value: Anything): boolean =>
    value?.[Symbol.toStringTag] === tag;

/** What there is to require of a single value; `numbers`, `masses` and `floats` are looked through. */
type Kind =
  | "number"
  | "finite"
  | "positive"
  | "whole"
  | "index"
  | "count"
  | "flag"
  | "dimension"
  | "text"
  | "function"
  | "list"
  | "numbers"
  | "masses"
  | "float64"
  | "floats"
  | "bytes";

/** In words, the test, and the code of the error where it has one of its own. */
const KINDS: Readonly<Record<Kind, Row>> = {
  number: ["a finite number", Number.isFinite, "bad-option"],
  finite: ["a finite number", Number.isFinite, "not-finite"],
  positive: ["a finite number above 0", (x) => Number.isFinite(x) && x > 0, "bad-option"],
  whole: ["a whole number", whole, "bad-option"],
  index: ["a whole number from 0", (x) => whole(x) && x >= 0, "bad-option"],
  count: ["a whole number from 1", (x) => whole(x) && x >= 1, "bad-option"],
  flag: ["true or false", is("boolean"), "bad-option"],
  dimension: ["2 or 3", (x) => x === 2 || x === 3, "bad-dimension"],
  text: ["a text", is("string")],
  function: ["a function", is("function")],
  list: ["an array", isList],
  numbers: ["an array of numbers", isList],
  masses: ["an array of masses", isList],
  float64: ["a Float64Array", tagged("Float64Array")],
  floats: ["a Float64Array", tagged("Float64Array")],
  bytes: ["a Uint8Array", tagged("Uint8Array")],
};

/** What an argument has to be: a kind of value, one of a list, what a check lets pass, or an object with what each of its keys has to be. */
export type Requirement =
  | Kind
  | `${Kind}?`
  | readonly unknown[]
  | ((argument: string, value: unknown) => void)
  | { readonly [key: string]: Requirement };

/**
 * Refuses a value that is not what is required, in words that say what it should be. For public entries, once a call: arrays are looked at
 * from end to end.
 *
 * @param argument - what to call it; keys of what is called `options` go by their own names
 * @param hints - `mend`: how to put it right, where that is always the same; `code`: of the error, whatever is the matter
 * @throws MclnnError `bad-argument` for what is missing or of another type, `bad-option` for numbers that cannot be used, `bad-dimension`,
 * `bad-mass`, `not-finite`
 */
export function checkArgument(
  argument: string,
  value: unknown,
  requirement: Requirement,
  hints: { readonly mend?: string; readonly code?: string } = {},
): void {
  const refuse = (expected: string, code = "bad-argument", got = described(value)): never => {
    throw new MclnnError(`${argument} cannot be used`, { code, ...hints, argument, expected, got });
  };
  if (typeof requirement === "function") requirement(argument, value);
  else if (Array.isArray(requirement)) {
    if (!(requirement as readonly unknown[]).includes(value))
      refuse(requirement.filter((each: unknown) => each !== undefined).join(", "), "bad-option");
  } else if (typeof requirement === "object") {
    // A promise has none of what is looked for, and never means that.
    if (value === null || !/^[of]/.test(typeof value) || is("function")((value as Anything).then))
      refuse(["an object", ...Object.keys(requirement)].join(", ").replace(",", " with"));
    for (const [key, inside] of Object.entries(requirement))
      checkArgument(
        argument === "options" ? key : `${argument}.${key}`,
        (value as Anything)[key],
        inside as Requirement,
        hints,
      );
  } else {
    const kind = (requirement as string).replace("?", "") as Kind;
    if (value === undefined && kind !== requirement) return;
    const [expected, holds, code] = KINDS[kind];
    if (!holds(value)) refuse(expected, code);
    if (kind !== "numbers" && kind !== "floats" && kind !== "masses") return;
    for (let k = 0; k < (value as Anything).length; k++) {
      const x = (value as Anything)[k];
      if (!Number.isFinite(x) || (kind === "masses" && x <= 0))
        refuse(
          `finite numbers${kind === "masses" ? " above 0" : ""}`,
          kind === "masses" ? "bad-mass" : "not-finite",
          `${described(x)} at index ${k}`,
        );
    }
  }
}
