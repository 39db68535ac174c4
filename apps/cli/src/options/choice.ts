import { badOption } from "./errors.ts";
import { suggestion } from "./suggestion.ts";

/** Parser of an option that takes one of a few words. @throws MclnnError `bad-option` naming the option */
export function choice<const T extends string>(
  option: string,
  choices: readonly T[],
): (text: string) => T {
  return (text) => {
    const found = choices.find((name) => name === text);
    if (found === undefined)
      throw badOption(
        option,
        `one of ${choices.join(", ")}`,
        JSON.stringify(text),
        suggestion(text, choices),
      );
    return found;
  };
}
