/**
 * What the process ends with: done; the work failed; bad input or usage; stopped by a signal after what was done was kept (128 and the
 * signal's number: Ctrl-C 130, SIGTERM 143, a terminal that went away 129).
 */
export type ExitCode = 0 | 1 | 2 | Interrupted;

export type Interrupted = 129 | 130 | 143;

export const DONE = 0;
export const FAILED = 1;
export const BAD_INPUT = 2;
export const INTERRUPTED = 130;

/** Signals that ask a run to stop, and the codes it then ends with. */
export const STOP_SIGNALS: Readonly<Record<StopSignal, Interrupted>> = {
  SIGHUP: 129,
  SIGINT: INTERRUPTED,
  SIGTERM: 143,
};

export type StopSignal = "SIGHUP" | "SIGINT" | "SIGTERM";
