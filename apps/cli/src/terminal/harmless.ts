import { stripVTControlCharacters } from "node:util";

/** A colour as picocolors writes it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
const COLOUR = /(\u001b\[[0-9;]*m)/;
/** Everything that moves cursors, rings bells or turns text round, but for line ends and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text for a terminal that can show things and do nothing: names in files come from strangers, and an escape sequence among them could
 * rewrite what was printed, or the window's title. Colours stay, where they are wanted.
 */
export function harmless(text: string, { colours }: { colours: boolean }): string {
  const clean = (part: string): string =>
    stripVTControlCharacters(part).replaceAll(CONTROLS, "\uFFFD");
  if (!colours) return clean(text);
  return text
    .split(COLOUR)
    .map((part, k) => (k % 2 === 1 ? part : clean(part)))
    .join("");
}
