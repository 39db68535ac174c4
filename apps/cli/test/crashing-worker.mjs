// A worker whose jobs are the ways a thread can end.
import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ job }) => {
  if (job === "exits") process.exit(3);
  if (job === "throws outside its task")
    setTimeout(() => {
      throw new Error("thrown from nowhere");
    }, 10);
  // Until it is told to stop.
  else if (job !== "waits") parentPort.postMessage({ outcome: job ?? "stopped" });
});
