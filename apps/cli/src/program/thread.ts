// The thread that does a whole command in which code of the user's own runs: another one watches it, and can end it.
import process from "node:process";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { callBoard, shareCallBoard } from "../own-code/calls.ts";
import type { StreamFacts, ThreadData, ThreadMessage, ThreadOrder } from "../own-code/messages.ts";
import { tellUnfinishedTo } from "../own-code/unfinished.ts";
import type { OutputStream } from "../terminal/io.ts";
import { main } from "./main.ts";

const { argv, calls, env, stdout, stderr } = workerData as ThreadData;
const port = parentPort as MessagePort;
const tell = (message: ThreadMessage): void => port.postMessage(message);

shareCallBoard(callBoard(calls));
tellUnfinishedTo(tell);
// What own code prints is no result.
for (const stream of [process.stdout, process.stderr])
  stream.write = ((chunk: Uint8Array | string, ...rest: unknown[]) => {
    tell({ stderr: typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk) });
    const done = rest.find((each) => typeof each === "function") as (() => void) | undefined;
    done?.();
    return true;
  }) as typeof stream.write;
// Signals reach the main thread alone.
const sayWhetherListening = (event: string | symbol): void => {
  if (event === "SIGINT") setImmediate(() => tell({ listens: process.listenerCount(event) > 0 }));
};
process.on("newListener", sayWhetherListening);
process.on("removeListener", sayWhetherListening);
port.on("message", (order: ThreadOrder) => process.emit(order, order));

const stream = (name: "stdout" | "stderr", { isTTY, columns }: StreamFacts): OutputStream => ({
  write: (text) => tell(name === "stdout" ? { stdout: text } : { stderr: text }),
  isTTY,
  ...(columns === undefined ? {} : { columns }),
});
const exitCode = await main(argv, {
  stdout: stream("stdout", stdout),
  stderr: stream("stderr", stderr),
  env,
});
tell({ exitCode });
