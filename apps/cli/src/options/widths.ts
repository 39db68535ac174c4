import { badOption } from "./errors.ts";

/** Parser of hidden widths: `10,10`. @throws MclnnError `bad-option` naming the option */
export function widths(option: string): (text: string) => readonly number[] {
  return (text) => {
    const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    if (!values.every((value) => Number.isSafeInteger(value) && value >= 1 && value <= 4096))
      throw badOption(
        option,
        "hidden widths, whole numbers from 1 to 4096 with commas between, for example 10,10",
        JSON.stringify(text),
      );
    return values;
  };
}
