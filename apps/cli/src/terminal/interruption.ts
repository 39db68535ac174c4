import process from "node:process";
import { INTERRUPTED } from "../exit-code.ts";

/** Ctrl-C, heard. */
export interface Interruption {
  /** Aborted at the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Whether Ctrl-C was pressed. */
  readonly happened: boolean;
  /** Stops listening; Ctrl-C ends the process again. */
  stop(): void;
}

/**
 * From here on the first Ctrl-C asks the work to stop and keep what it has; the second leaves at once.
 *
 * Only for work that gives the event loop a turn now and then: a handler that never runs would make Ctrl-C useless.
 */
export function listenForInterrupt(onFirst: () => void): Interruption {
  const controller = new AbortController();
  const handler = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
    onFirst();
  };
  process.on("SIGINT", handler);
  return {
    signal: controller.signal,
    get happened() {
      return controller.signal.aborted;
    },
    stop: () => process.off("SIGINT", handler),
  };
}
