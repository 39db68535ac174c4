import { type MessagePort, parentPort } from "node:worker_threads";
import { errorRecord } from "@mclnn/learning/node";
import type { JobHooks } from "@mclnn/studies";
import type { JobMessage, JobOrder } from "./job-pool.ts";

/** All that a worker thread of {@link doJobs} does: one job after the other, until it is ended. */
export function workOnJobs<J, O>(
  doJob: (job: J, hooks: JobHooks & { readonly onNote: (note: unknown) => void }) => Promise<O>,
): void {
  const port = parentPort as MessagePort;
  const tell = (message: JobMessage<O>): void => port.postMessage(message);
  let controller = new AbortController();
  port.on("message", async (order: JobOrder<J>) => {
    if (order === "stop") return controller.abort();
    controller = new AbortController();
    // The word to stop may have come before the job.
    if (order.stopped) controller.abort();
    const onProgress: JobHooks["onProgress"] = (progress) => tell({ progress });
    try {
      const onNote = (note: unknown): void => tell({ note });
      tell({ outcome: await doJob(order.job, { onProgress, onNote, signal: controller.signal }) });
    } catch (error) {
      tell({ error: errorRecord(error) });
    }
  });
}
