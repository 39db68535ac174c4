import type { Promised, Tally } from "./promise.ts";

/** What came of trying a promise. */
export interface Tried {
  readonly promised: Promised;
  readonly tally: Tally;
  readonly seconds: number;
}

const WIDTH = 78;

/** The table: promise, cases tried, failures. */
export function trustTable(tried: readonly Tried[]): string {
  const lines: string[] = [];
  const row = (promise: string, ...numbers: readonly string[]): void => {
    lines.push(` ${promise.padEnd(WIDTH)} ${numbers.map((n) => n.padStart(9)).join("")}`.trimEnd());
  };
  row("promise", "cases", "failures", "seconds");
  for (const { promised, tally, seconds } of tried) {
    const [first = "", ...more] = wrapped(promised.promise, WIDTH);
    row(first, String(tally.cases), String(tally.failures.length), seconds.toFixed(1));
    for (const line of more) row(`  ${line}`);
    for (const note of tally.notes) row(`  ${note}`);
    for (const reason of tally.skipped) row(`  not tried: ${reason}`);
  }
  return lines.join("\n");
}

function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last.length + word.length < width - 2)
      lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
