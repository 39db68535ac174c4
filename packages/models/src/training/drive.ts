import { now, turn } from "../clock.ts";
import type { StopSignal } from "./train-options.ts";

/** Why a training ended before it was done by itself. */
export type Interruption = "aborted" | "time-limit";

export interface DriveOptions<Step> {
  readonly signal?: StopSignal | undefined;
  /** Milliseconds from `started`. */
  readonly timeLimit?: number | undefined;
  readonly started: number;
  readonly onStep: (step: Step) => void;
}

/** The event loop gets a turn after this many milliseconds of work, so that Ctrl-C, timers and pages stay alive. */
const TURN = 30;

/**
 * Runs a stepwise computation to its end, or to an abort or time limit between two steps.
 *
 * @returns the computation's result, or why it was interrupted
 */
export async function drive<Step, Result>(
  steps: Generator<Step, Result>,
  { signal, timeLimit, started, onStep }: DriveOptions<Step>,
): Promise<{ result: Result } | { interrupted: Interruption }> {
  let lastTurn = now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { result: step.value };
    onStep(step.value);
    if (now() - lastTurn > TURN) {
      await turn();
      lastTurn = now();
    }
    if (signal?.aborted === true) return { interrupted: "aborted" };
    if (timeLimit !== undefined && now() - started > timeLimit)
      return { interrupted: "time-limit" };
  }
}
