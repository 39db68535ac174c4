/** A stepwise computation that may be left before its end, and gone on with. */
export interface Pausing<S, Result> {
  /** Steps until it is over; null where it was left before. @param isOver - told the last step, or null */
  until(isOver: (last: S | null) => boolean): Generator<S, Result | null>;
  /** Steps to its end. */
  rest(): Generator<S, Result>;
}

/** @returns the same steps, to be taken in parts; its end, or its error, comes again as often as it is asked for */
export function pausing<S, Result>(steps: Generator<S, Result>): Pausing<S, Result> {
  let end: { readonly result: Result } | { readonly error: unknown } | null = null;
  function next(): IteratorResult<S, Result> | null {
    try {
      const turn = steps.next();
      if (turn.done === true) end = { result: turn.value };
      return turn;
    } catch (error) {
      end = { error };
      return null;
    }
  }
  let last: S | null = null;
  function* until(isOver: (last: S | null) => boolean): Generator<S, Result | null> {
    while (end === null && !isOver(last)) {
      const turn = next();
      if (turn === null || turn.done === true) break;
      last = turn.value;
      yield last;
    }
    if (end !== null && "error" in end) throw end.error;
    return end === null ? null : end.result;
  }
  function* rest(): Generator<S, Result> {
    return (yield* until(() => false)) as Result;
  }
  return { until, rest };
}
