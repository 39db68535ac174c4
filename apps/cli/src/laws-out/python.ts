import { exact, type LawEverywhere } from "./everywhere.ts";

/** A dict of Python, from pairs of species to what is made of their laws. */
export function dictOf(
  laws: readonly LawEverywhere[],
  made: (law: LawEverywhere) => string,
): string {
  const entries = laws.map((law) => {
    const [a, b] = law.species ?? [0, 0];
    return `    (${a}, ${b}): ${made(law)},\n`;
  });
  return `{\n${entries.join("")}}\n`;
}

/** Rows of numbers as a text of Python's. */
export const rowsOf = (rows: readonly (readonly number[])[]): string =>
  `"""\n${rows.map((row) => row.map(exact).join(" ")).join("\n")}\n"""`;
