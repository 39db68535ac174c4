/** How much is tried: a small part, in the tests; or all of it, by `pnpm trust`. */
export type Size = "quick" | "full";

/** Something that users may rely on, with what tries to break it. */
export interface Promised {
  /** A short name, for `--only`. */
  readonly name: string;
  /** In words; a row of the table. */
  readonly promise: string;
  /** Whether it takes minutes at any size, so that the small version leaves it out. */
  readonly onlyInFull?: true;
  /** Tries, and counts what it tried. */
  readonly check: (size: Size, tally: Tally) => Promise<void> | void;
}

/** What came of trying one promise. */
export class Tally {
  cases = 0;
  readonly failures: string[] = [];
  /** Figures worth a line of their own. */
  readonly notes: string[] = [];
  /** Parts that could not be tried here, and why. */
  readonly skipped: string[] = [];
  /** Says how far it is. */
  readonly tell: (line: string) => void;

  constructor(tell: (line: string) => void = () => {}) {
    this.tell = tell;
  }

  /** Keeps a figure, and tells it. */
  note(line: string): void {
    this.notes.push(line);
    this.tell(line);
  }

  /** Counts a case. @param what - the case and what came instead, for when it failed */
  expect(held: boolean, what: string | (() => string)): void {
    this.cases++;
    if (!held) this.failures.push(typeof what === "string" ? what : what());
  }
}

/** What came of trying a promise. */
export interface Tried {
  readonly promised: Promised;
  readonly tally: Tally;
  readonly seconds: number;
}

const WIDTH = 78;

/** The table: promise, cases tried, failures. */
export function trustTable(tried: readonly Tried[]): string {
  const row = (promise: string, ...numbers: readonly string[]): string =>
    ` ${promise.padEnd(WIDTH)} ${numbers.map((n) => n.padStart(9)).join("")}`.trimEnd();
  return [
    row("promise", "cases", "failures", "seconds"),
    ...tried.flatMap(({ promised, tally: { cases, failures, notes, skipped }, seconds }) => {
      const [first, ...more] = promised.promise.match(/.{1,75}(?: |$)/g) ?? [];
      const rest = [...more, ...notes, ...skipped.map((reason) => `not tried: ${reason}`)];
      return [
        row(first?.trim() ?? "", String(cases), String(failures.length), seconds.toFixed(1)),
        ...rest.map((line) => row(`  ${line}`)),
      ];
    }),
  ].join("\n");
}
