import type { ExitCode, StopSignal } from "../process/exit-code.ts";

/** How a thread that does a whole command begins. */
export interface ThreadData {
  readonly argv: readonly string[];
  readonly calls: SharedArrayBuffer;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: StreamFacts;
  readonly stderr: StreamFacts;
}

export interface StreamFacts {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** What it says. */
export type ThreadMessage =
  | { readonly stdout: string }
  | { readonly stderr: string }
  /** Whether it wants to hear of signals to stop. */
  | { readonly listens: boolean }
  /** What is to be taken away should it be ended. */
  | { readonly unfinished: Unfinished }
  | { readonly finished: string }
  | { readonly exitCode: ExitCode };

/** A file or folder under construction. */
export interface Unfinished {
  readonly path: string;
  /** A folder around it that was made for it, if any: to be removed where empty. */
  readonly made?: string | undefined;
}

/** What it is told: a signal that came. */
export type ThreadOrder = StopSignal;
