import process from "node:process";
import {
  INTERRUPTED,
  type Interrupted,
  STOP_SIGNALS,
  type StopSignal,
} from "../process/exit-code.ts";

/** A signal that asks the run to stop, heard: Ctrl-C (SIGINT), SIGTERM, or SIGHUP of a terminal that went away. */
export interface Interruption {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Whether there was one. */
  readonly happened: boolean;
  /** What the process ends with after it. */
  readonly exitCode: Interrupted;
  /** Stops listening; signals end the process again. */
  stop(): void;
}

/** Work that has not come to its end so long after a signal, in milliseconds, is left as it is. */
const PATIENCE = 1900;

/**
 * From here on the first Ctrl-C, SIGTERM or SIGHUP asks the work to stop and keep what it has; the second leaves at once. Work that does not
 * come to its end within two seconds is left as it is, with the same exit code where that loses nothing, else with 1.
 *
 * Only for work that gives the event loop a turn now and then: a handler that never runs would make Ctrl-C useless.
 *
 * @param onFirst - told of the first signal
 * @param onLate - told when the work is left as it is. @returns whether nothing was lost
 */
export function listenForInterrupt(onFirst: () => void, onLate?: () => boolean): Interruption {
  const controller = new AbortController();
  let exitCode: Interrupted = INTERRUPTED;
  let late: NodeJS.Timeout | undefined;
  const handler = (name: StopSignal): void => {
    if (controller.signal.aborted) process.exit(STOP_SIGNALS[name]);
    exitCode = STOP_SIGNALS[name];
    if (onLate !== undefined)
      late = setTimeout(() => process.exit(onLate() ? exitCode : 1), PATIENCE);
    controller.abort();
    onFirst();
  };
  const names = Object.keys(STOP_SIGNALS) as StopSignal[];
  for (const name of names) process.on(name, handler);
  return {
    signal: controller.signal,
    get happened() {
      return controller.signal.aborted;
    },
    get exitCode() {
      return exitCode;
    },
    stop() {
      clearTimeout(late);
      for (const name of names) process.off(name, handler);
    },
  };
}
