import { formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** One thing that is told: to people a label and a text (null: nothing), to programs members of one JSON object. */
export type Fact = readonly [label: string, text: string | null, json?: object];

/** Prints facts as a table under two titles, or under `--json` as one object. @param json - members before those of the facts */
export function tell(
  { print, printJson, colours }: Terminal,
  titles: readonly [string, string],
  facts: readonly Fact[],
  json: object = {},
): void {
  const shown = facts.flatMap(([label, text]) => (text === null ? [] : [[label, text]]));
  print(
    formatTable(
      titles.map((title) => ({ title })),
      shown,
      colours.bold,
    ),
  );
  printJson(Object.assign({}, json, ...facts.map(([, , members = {}]) => members)));
}
