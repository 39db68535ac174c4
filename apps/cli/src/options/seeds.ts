import { badOption } from "./errors.ts";

/** Seeds that one command can be asked for. */
const MOST = 10_000;

/** Parser of a list of seeds: `100-119`, `1,5,9`, `1-3,7`. @throws MclnnError `bad-option` naming the option */
export function seeds(option: string): (text: string) => readonly number[] {
  return (text) => {
    const found = new Set<number>();
    for (const part of text.split(",")) {
      const [, first, last = first] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
      const from = Number(first);
      const to = Number(last);
      if (!Number.isSafeInteger(to) || !(from <= to) || found.size + to - from >= MOST)
        throw badOption(
          option,
          `seeds, whole numbers and ranges with commas between, for example 100-119 or 1,5,9; at most ${MOST}`,
          JSON.stringify(text),
        );
      for (let seed = from; seed <= to; seed++) found.add(seed);
    }
    return [...found];
  };
}
