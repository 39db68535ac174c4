import { availableParallelism } from "node:os";
import type { ExitCode } from "../process/exit-code.ts";
import type { Io } from "../terminal/io.ts";
import { createTerminal, type Terminal } from "../terminal/terminal.ts";

/** What every command gets beside its own options. */
export interface Session {
  readonly terminal: Terminal;
  /** Threads the work may use; changes no result. */
  readonly threads: number;
  /** The command line as it was given, for provenance. */
  readonly command: string;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly threads?: number;
  readonly debug?: boolean;
}

/** Runs a command's work in a session and keeps its exit code. */
export type Runner = (work: (session: Session) => Promise<ExitCode>) => Promise<void>;

export function createSession(io: Io, argv: readonly string[], options: CommonOptions): Session {
  return {
    command: ["mclnn", ...argv].map(quoted).join(" "),
    terminal: createTerminal(io, {
      json: options.json === true,
      quiet: options.quiet === true,
      colour: options.color !== false,
    }),
    threads: options.threads ?? availableParallelism(),
  };
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
