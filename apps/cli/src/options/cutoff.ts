import { badOption } from "./errors.ts";

/** Parser of `--cutoff`: a separation, `auto` or `none`. @throws MclnnError `bad-option` */
export function cutoff(text: string): number | "auto" | "none" {
  if (text === "auto" || text === "none") return text;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw badOption("--cutoff", "a separation above 0, auto or none", JSON.stringify(text));
  return value;
}
