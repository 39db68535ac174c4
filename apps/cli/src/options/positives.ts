import { badOption } from "./errors.ts";

/** Parser of numbers above 0 with commas between: `1,0.4`. @throws MclnnError `bad-option` naming the option */
export function positives(option: string): (text: string) => readonly number[] {
  return (text) => {
    const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    if (!values.every((value) => value > 0 && Number.isFinite(value)))
      throw badOption(option, "a number above 0, or several with commas", JSON.stringify(text));
    return values;
  };
}
