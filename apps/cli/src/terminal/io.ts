import process from "node:process";

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
    stdout: brokenPipeTolerant(process.stdout),
    stderr: brokenPipeTolerant(process.stderr),
    env: process.env,
  };
}

function brokenPipeTolerant(stream: NodeJS.WriteStream): OutputStream {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    open = false;
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
