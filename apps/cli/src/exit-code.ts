/** What the process ends with: done; the work failed; bad input or usage; interrupted after what was done was kept. */
export type ExitCode = 0 | 1 | 2 | 130;

export const DONE = 0;
export const FAILED = 1;
export const BAD_INPUT = 2;
export const INTERRUPTED = 130;
