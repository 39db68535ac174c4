import type { Settings } from "../experiment/settings.ts";
import type { Results } from "../results/results.ts";
import type { StudyJob } from "../studies/study-job.ts";

export type Verdict = "holds" | "holds within limits" | "does not hold";

/** A claim of the paper and the rule by which numbers decide on it. */
export interface Claim {
  readonly name: string;
  /** In a few words, for tables. */
  readonly short: string;
  readonly quote: string;
  readonly section: string;
  /** What the verdict is computed from, in words: when it holds, when within limits, and when not (default: else). */
  readonly rule: readonly [holds: string, withinLimits: string, doesNotHold?: string];
  /** The constant or choice that the paper leaves open and our verdict depends on. */
  readonly depends: string;
  /** The figure that shows it, by its name on the page. */
  readonly figure: string;
  readonly jobs: (settings: Settings) => readonly StudyJob[];
  readonly judge: (results: Results, settings: Settings) => Judgement;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Our number, in words. */
  readonly number: string;
}

/** The first verdict whose condition is met. */
export function judged(holds: boolean, withinLimits: boolean, number: string): Judgement {
  return {
    verdict: holds ? "holds" : withinLimits ? "holds within limits" : "does not hold",
    number,
  };
}

/** The verdict on numbers of which all should be small. */
export function atMost(
  values: readonly number[],
  [holds, withinLimits]: readonly [number, number],
  number: string,
): Judgement {
  const most = Math.max(...values);
  return judged(most <= holds, most <= withinLimits, number);
}

/** A text for each system, with its name: `1.2e-5 (gravity)`. */
export function perSystem<R extends { readonly title: string }>(
  rows: readonly R[],
  text: (row: R) => string,
  separator = ", ",
): string {
  return rows.map((row) => `${text(row)} (${row.title})`).join(separator);
}
