import { badOption } from "./errors.ts";

/** What an option's number must be. */
export interface NumberRule {
  readonly integer?: boolean;
  readonly above?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly below?: number;
}

/** Parser of an option that takes one number. @throws MclnnError `bad-option` naming the option */
export function number(option: string, rule: NumberRule = {}): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const { integer = false, above, atLeast, atMost, below } = rule;
    if (
      !Number.isFinite(value) ||
      (integer && !Number.isSafeInteger(value)) ||
      (above !== undefined && !(value > above)) ||
      (atLeast !== undefined && !(value >= atLeast)) ||
      (atMost !== undefined && !(value <= atMost)) ||
      (below !== undefined && !(value < below))
    )
      throw badOption(
        option,
        // Whole numbers from 2^53 on are no longer told apart.
        describeRule(
          integer && atMost === undefined && value > Number.MAX_SAFE_INTEGER
            ? { ...rule, atMost: Number.MAX_SAFE_INTEGER }
            : rule,
        ),
        JSON.stringify(text),
      );
    return value;
  };
}

/** A whole number, at least 1 unless said. */
export function count(option: string, atLeast = 1): (text: string) => number {
  return number(option, { integer: true, atLeast });
}

function describeRule({ integer = false, above, atLeast, atMost, below }: NumberRule): string {
  const bounds = [
    above === undefined ? "" : `above ${above}`,
    atLeast === undefined ? "" : `at least ${atLeast}`,
    atMost === undefined ? "" : `at most ${atMost}`,
    below === undefined ? "" : `below ${below}`,
  ].filter((bound) => bound !== "");
  return `${integer ? "a whole number" : "a number"}${bounds.length > 0 ? ` ${bounds.join(", ")}` : ""}`;
}
