import process from "node:process";
import { FAILED } from "../process/exit-code.ts";

/** Where a run of the program reads from and writes to; replaced in tests. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The part of a writable stream that the program uses. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * The process's own streams. A reader that went away (`mclnn systems | head -1`) ends the writing, not the work:
 * files are still finished and the exit code still says how it went.
 */
export function processIo(): Io {
  return {
    stdout: tolerant(process.stdout, "standard output"),
    stderr: tolerant(process.stderr, "standard error"),
    env: process.env,
  };
}

/** What cannot be written, to a disk that is full for example, is said once, and makes the run a failed one. */
function tolerant(stream: NodeJS.WriteStream, name: string): OutputStream {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    const before = open;
    open = false;
    if (!before || error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return;
    process.once("exit", () => {
      process.exitCode ||= FAILED;
    });
    if (stream !== process.stderr)
      process.stderr.write(
        `mclnn: ${name} cannot be written: expected a place that takes it, got ${error.message}.\n`,
      );
  });
  return {
    write: (text) => open && stream.write(text),
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      // Some terminals say 0 when they do not know.
      return stream.columns || 80;
    },
  };
}
