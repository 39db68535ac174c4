import { existsSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { MclnnError } from "@mclnn/physics";
import { type ExitCode, STOP_SIGNALS, type StopSignal } from "../process/exit-code.ts";
import { threadEntry } from "../process/thread-entry.ts";
import type { Io } from "../terminal/io.ts";
import { callBoard } from "./calls.ts";
import type {
  StreamFacts,
  ThreadData,
  ThreadMessage,
  ThreadOrder,
  Unfinished,
} from "./messages.ts";
import { type StuckCall, watchCalls } from "./watch.ts";

const SIGNALS = Object.keys(STOP_SIGNALS) as StopSignal[];

/** What names code of the user's own on the command line. */
export interface OwnCode {
  readonly option: "--potential" | "--network";
  readonly name: string;
}

/** Looks a timeout, and milliseconds between looks at most. */
const LOOKS = 20;
const SLOWEST_LOOK = 200;

/**
 * Does a command in a thread of its own, because code of the user's own runs in it. This thread watches; where a call of own code does not
 * come back, it ends the other and takes away what that had not finished.
 *
 * @param own - the option that names own code, and what it names, for errors
 * @param timeout - seconds that one call may take
 * @throws MclnnError `potential-timeout`, `bad-module`
 */
export async function supervise(
  argv: readonly string[],
  io: Io,
  { own, timeout }: { own: OwnCode; timeout: number },
): Promise<ExitCode> {
  const board = callBoard();
  const facts = ({ isTTY = false, columns }: Io["stdout"]): StreamFacts => ({ isTTY, columns });
  const workerData: ThreadData = {
    argv,
    calls: board.memory,
    env: { ...io.env },
    stdout: facts(io.stdout),
    stderr: facts(io.stderr),
  };
  const worker = new Worker(threadEntry("program/thread"), { workerData });
  const unfinished = new Map<string, Unfinished>();
  let listens = false;
  let interrupted = false;
  let interval: NodeJS.Timeout | undefined;
  let onSignal: ((name: StopSignal) => void) | undefined;
  try {
    return await new Promise<ExitCode>((resolve, reject) => {
      onSignal = (name) => {
        if (!listens || interrupted) resolve(STOP_SIGNALS[name]);
        interrupted = true;
        worker.postMessage(name satisfies ThreadOrder);
      };
      for (const name of SIGNALS) process.on(name, onSignal);
      const look = watchCalls(board, 1000 * timeout);
      interval = setInterval(
        () => {
          const stuck = look(performance.now());
          if (stuck !== null) reject(timedOut(stuck, own, timeout));
        },
        Math.min(SLOWEST_LOOK, (1000 * timeout) / LOOKS),
      );
      worker.on("message", (message: ThreadMessage) => {
        if ("stdout" in message) io.stdout.write(message.stdout);
        else if ("stderr" in message) io.stderr.write(message.stderr);
        else if ("listens" in message) listens = message.listens;
        else if ("unfinished" in message)
          unfinished.set(message.unfinished.path, message.unfinished);
        else if ("finished" in message) unfinished.delete(message.finished);
        else resolve(message.exitCode);
      });
      worker.on("error", (error) => reject(failedAlone(error, own)));
      // After a signal it may leave at once, with an exit code of its own.
      worker.on("exit", (code) =>
        interrupted ? resolve(code as ExitCode) : reject(ended(code, own)),
      );
    });
  } finally {
    clearInterval(interval);
    if (onSignal !== undefined) for (const name of SIGNALS) process.off(name, onSignal);
    await worker.terminate();
    // What was made last is taken away first.
    for (const each of [...unfinished.values()].reverse()) remove(each);
  }
}

/** Removes something unfinished, and the folders that were made for it where nothing else is in them. */
function remove({ path, made }: Unfinished): void {
  rmSync(path, { recursive: true, force: true });
  if (made === undefined) return;
  try {
    for (let folder = dirname(path); existsSync(made); folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Not empty: something else is in it.
  }
}

function timedOut(
  { question, r }: StuckCall,
  { option, name }: OwnCode,
  timeout: number,
): MclnnError {
  const importing = question === "import";
  const at = Number.isNaN(r) ? "" : ` at r = ${Number(r.toPrecision(6))}`;
  return new MclnnError(
    importing ? `loading ${name} does not end` : `${question}(r) of ${name} never returns`,
    {
      code: "potential-timeout",
      argument: option,
      expected: `${importing ? "the module" : "a number"} within ${timeout} s`,
      got: `none${at}`,
      mend: "Look for a loop that does not end there; --potential-timeout gives it more seconds.",
    },
  );
}

function ended(code: number, { option, name }: OwnCode): MclnnError {
  return new MclnnError(`${name} ended the program`, {
    code: "bad-module",
    argument: option,
    expected: "a module that only does what it is asked to",
    got: `process.exit(${code})`,
  });
}

function failedAlone(cause: Error, { option, name }: OwnCode): MclnnError {
  return new MclnnError(`${name} failed while it was not being called`, {
    code: "bad-module",
    argument: option,
    expected: "a module that only does what it is asked to",
    got: `${cause.name}: ${cause.message}`,
    mend: "Look for timers, promises and handlers of its own.",
    cause,
  });
}
