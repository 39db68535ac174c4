// A worker thread that takes a part of its first task, and ends.
import process from "node:process";
import { workerData } from "node:worker_threads";

workerData.port.on("message", ({ board, thread, sent }) => {
  const numbers = new Int32Array(board);
  const part = Atomics.add(numbers, 0, 1);
  Atomics.store(numbers, 3 + thread, part + 1);
  const { taken } = sent[0][1];
  Atomics.store(taken, 0, 1);
  Atomics.notify(taken, 0);
  process.exit(3);
});
