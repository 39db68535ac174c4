import { now, turn } from "./clock.ts";
import type { StateKeeper } from "./state-keeper.ts";
import type { StopSignal } from "./train-options.ts";

/** Why a training ended before it was done by itself. */
export type Interruption = "aborted" | "time-limit";

export interface DriveOptions<Step> {
  readonly signal?: StopSignal | undefined;
  /** Milliseconds from `started`. */
  readonly timeLimit?: number | undefined;
  readonly started: number;
  readonly onStep: (step: Step) => void;
  /** Keeps states of the loop that it follows. */
  readonly keeper?: StateKeeper | undefined;
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
  { signal, timeLimit, started, onStep, keeper }: DriveOptions<Step>,
): Promise<{ result: Result } | { interrupted: Interruption }> {
  let lastTurn = now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { result: step.value };
    onStep(step.value);
    const saving = keeper?.iterated();
    if (saving !== undefined) await saving;
    if (now() - lastTurn > TURN) {
      await turn();
      lastTurn = now();
    }
    const interrupted =
      signal?.aborted === true
        ? "aborted"
        : timeLimit !== undefined && now() - started > timeLimit
          ? "time-limit"
          : null;
    if (interrupted === null) continue;
    await keeper?.save();
    return { interrupted };
  }
}
