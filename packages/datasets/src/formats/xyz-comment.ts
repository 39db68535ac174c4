import type { MclnnError } from "@mclnn/physics";
import type { Reading } from "./format.ts";

/**
 * What the second line of an extended XYZ frame says: key=value, values bare, in quotes, or a list in brackets; a key alone is true. Keys in
 * lower case, values as text; the first of a key counts.
 */
export function readComment(line: string, where: string, reading: Reading): Map<string, string> {
  const out = new Map<string, string>();
  let at = 0;
  const skip = (): void => {
    while (at < line.length && /\s/.test(line[at] as string)) at++;
  };
  const refuse = (opened: string): MclnnError =>
    reading.refuse(where, `an end to what begins with ${opened}`, "the end of the line");
  const quoted = (quote: string): string => {
    let text = "";
    for (at++; at < line.length && line[at] !== quote; at++) {
      if (line[at] === "\\" && at + 1 < line.length) at++;
      text += line[at - 1] === "\\" && line[at] === "n" ? "\n" : line[at];
    }
    if (at >= line.length) throw refuse(quote);
    at++;
    return text;
  };
  const bracketed = (open: string): string => {
    const close = open === "{" ? "}" : "]";
    const from = at;
    for (let depth = 0; at < line.length; at++) {
      if (line[at] === open) depth++;
      else if (line[at] === close && --depth === 0) return line.slice(from + 1, at++);
    }
    throw refuse(open);
  };
  const word = (stops: string): string => {
    const first = line[at] as string;
    if (first === '"' || first === "'") return quoted(first);
    if (first === "{" || first === "[") return bracketed(first);
    const from = at;
    while (at < line.length && !stops.includes(line[at] as string)) at++;
    return line.slice(from, at);
  };
  for (skip(); at < line.length; skip()) {
    const key = word(" \t=").toLowerCase();
    skip();
    if (line[at] === "=") {
      at++;
      skip();
      const value = at < line.length ? word(" \t") : "";
      if (!out.has(key)) out.set(key, value);
    } else if (key !== "" && !out.has(key)) out.set(key, "T");
  }
  return out;
}

/** Numbers between blanks and commas. */
export const listed = (text: string): number[] =>
  text
    .split(/[\s,[\]]+/)
    .filter((word) => word !== "")
    .map(Number);

/** T, true, .true. and 1 are true, as Fortran and Python write it. */
export const truths = (text: string): boolean[] =>
  text
    .split(/[\s,[\]]+/)
    .filter((word) => word !== "")
    .map((word) => /^(t|true|\.true\.|1)$/i.test(word));
