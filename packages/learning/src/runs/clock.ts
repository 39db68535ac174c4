// The two globals that every JavaScript platform has, declared here so that neither DOM nor Node types are needed.
declare const performance: { now(): number };
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** Milliseconds since some fixed moment. */
export const now = (): number => performance.now();

/** Resolves after the event loop had a turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
