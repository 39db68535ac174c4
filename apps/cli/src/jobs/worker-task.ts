import { receiveMessageOnPort } from "node:worker_threads";
import { isMclnnError } from "@mclnn/physics";
import type { JobHooks, JobProgress } from "@mclnn/studies";
import type { ErrorRecord, JobMessage, JobReply, JobRequest } from "./job-pool.ts";

/** A worker thread's one task: a job, told to stop through its port. */
export function workerTask<J, O>(
  doJob: (job: J, hooks: JobHooks) => Promise<O>,
): (request: JobRequest<J>) => Promise<JobReply<O>> {
  return async ({ job, port }) => {
    const controller = new AbortController();
    // The word to stop may be there already; an event would come too late.
    if (receiveMessageOnPort(port) !== undefined) controller.abort();
    port.on("message", () => controller.abort());
    const onProgress = (progress: JobProgress): void =>
      port.postMessage({ progress } satisfies JobMessage);
    try {
      return { outcome: await doJob(job, { onProgress, signal: controller.signal }) };
    } catch (error) {
      return { error: errorRecord(error) };
    } finally {
      port.close();
    }
  };
}

function errorRecord(error: unknown): ErrorRecord {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  if (isMclnnError(error)) {
    const { code, argument, expected, got, kind } = error;
    return { what: message, code, argument, expected, got, kind, message, stack };
  }
  return {
    what: message,
    code: "unexpected",
    argument: undefined,
    expected: "",
    got: "",
    kind: "failure",
    message,
    stack,
  };
}
