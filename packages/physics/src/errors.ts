/** What a program needs to know about an error; the message says the same to a person. */
export interface ErrorDetails {
  /** Stable identifier, for example `bad-shape`; listed by `pnpm errors`. */
  readonly code: string;
  /** The argument, option, key or file the error is about. */
  readonly argument?: string;
  readonly expected: string;
  readonly got: string;
  /** How to put it right. */
  readonly mend?: string | undefined;
  /** Where there is too little of something: how much of it is missing at least, as a number; the message says of what. */
  readonly missing?: number;
  /** Records to add to every trajectory, where that mends it. */
  readonly addRecords?: number;
  /** `input`: what was given cannot be used; `failure`: the work itself failed. Default `input`. */
  readonly kind?: "input" | "failure";
  readonly cause?: unknown;
}

/**
 * The one error type of all `@mclnn` packages.
 *
 * Test for it with {@link isMclnnError}, not `instanceof`: two copies of this package may live in one project.
 */
export class MclnnError extends Error implements ErrorDetails {
  readonly code: string;
  readonly argument?: string;
  readonly expected: string;
  readonly got: string;
  readonly mend?: string;
  readonly missing?: number;
  readonly addRecords?: number;
  readonly kind: "input" | "failure";

  /** @param what - one clause naming what went wrong and where, without a full stop; like the details, cut where it is longer than anyone reads */
  constructor(what: string, details: ErrorDetails) {
    const { code, argument, mend, missing, addRecords, kind = "input", cause } = details;
    // What JSON makes of nothing is no text, whatever its type says.
    const got = cut(String(details.got));
    const expected = cut(details.expected);
    super(
      `${cut(what)}: expected ${expected}, got ${got}.${mend === undefined ? "" : ` ${mend}`}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = "MclnnError";
    this.code = code;
    this.expected = expected;
    this.got = got;
    this.kind = kind;
    if (argument !== undefined) this.argument = argument;
    if (mend !== undefined) this.mend = mend;
    if (missing !== undefined) this.missing = missing;
    if (addRecords !== undefined) this.addRecords = addRecords;
  }
}

/** What came from a file may be as long as the file; lists of what is possible are shorter. */
const LONGEST = 1000;

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}... (${text.length} characters)`;
}

/** Whether a caught value is an {@link MclnnError}, of this copy of the package or of another. */
export function isMclnnError(error: unknown): error is MclnnError {
  return error instanceof Error && error.name === "MclnnError" && "code" in error;
}
