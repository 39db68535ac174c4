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
  print(
    formatTable(
      titles.map((title) => ({ title })),
      textsOf(facts),
      colours.bold,
    ),
  );
  printJson({ ...json, ...membersOf(facts) });
}

/** What facts tell people. */
export function textsOf(facts: readonly Fact[]): [label: string, text: string][] {
  return facts.flatMap(([label, text]) => (text === null ? [] : [[label, text]]));
}

/** What they tell programs. */
export function membersOf(facts: readonly Fact[]): object {
  return Object.assign({}, ...facts.map(([, , members = {}]) => members));
}
