import { type CallBoard, type Question, questions } from "./calls.ts";

/** A call that has not returned. */
export interface StuckCall {
  readonly question: Question;
  /** NaN for an import. */
  readonly r: number;
}

/**
 * Looks at a board of calls again and again.
 *
 * @param timeout - milliseconds that one call may take
 * @returns what to call with the time in milliseconds; it hands back a call that has been under way for longer
 */
export function watchCalls(
  { counts, asked, separations }: CallBoard,
  timeout: number,
): (now: number) => StuckCall | null {
  const seen: { count: number; since: number }[] = [];
  return (now) => {
    for (let slot = 1; slot <= Atomics.load(counts, 0); slot++) {
      const count = Atomics.load(counts, slot);
      const before = seen[slot];
      if (before?.count !== count) {
        seen[slot] = { count, since: now };
        continue;
      }
      if (count % 2 !== 0 && now - before.since > timeout)
        return {
          question: questions[asked[slot] as number] as Question,
          r: separations[slot] as number,
        };
    }
    return null;
  };
}
