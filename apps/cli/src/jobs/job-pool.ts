import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { MessageChannel, type MessagePort, type Transferable } from "node:worker_threads";
import { MclnnError } from "@mclnn/physics";
import type { JobHooks, JobProgress } from "@mclnn/studies";

/** What a worker sends while it works. */
export type JobMessage = { readonly progress: JobProgress };

/** What a worker gets. */
export interface JobRequest<J> {
  readonly job: J;
  readonly port: MessagePort;
}

/** What a worker hands back; errors travel as data, because structured cloning takes an error's own fields away. */
export type JobReply<O> = { readonly outcome: O } | { readonly error: ErrorRecord };

/** An {@link MclnnError} as plain data. */
export interface ErrorRecord {
  readonly what: string;
  readonly code: string;
  readonly argument: string | undefined;
  readonly expected: string;
  readonly got: string;
  readonly kind: "input" | "failure";
  readonly message: string;
  readonly stack: string | undefined;
}

/** Hooks whose word to stop can be listened for. */
interface WatchHooks extends JobHooks {
  readonly signal?: AbortSignal;
}

/** What goes on while one job is done. */
export interface JobWatch<O> {
  readonly hooks: WatchHooks;
  /** Called when the job is over; without an outcome where it failed. */
  readonly onEnd?: (outcome?: O) => void;
}

/** Who does jobs: this thread, or worker threads that run a module made by `workerTask`. */
export interface Crew<J, O> {
  readonly doJob: (job: J, hooks: JobHooks) => Promise<O>;
  /** The workers' module, with the ending of the module that names it. */
  readonly worker: URL;
  /** What a job is, in words, for when its thread ends. */
  readonly title: (job: J) => string;
}

/**
 * Does jobs, several at a time where there are threads for it. Outcomes come in the order of the jobs and do not depend on
 * the number of threads; one thread means this one.
 *
 * @param watch - called when a job begins
 * @throws the error of the first job (in order) that failed
 */
export async function doJobs<J, O>(
  jobs: readonly J[],
  threads: number,
  { doJob, worker, title }: Crew<J, O>,
  watch: (job: J) => JobWatch<O>,
): Promise<O[]> {
  const workers = Math.min(threads, jobs.length);
  if (workers <= 1) {
    const outcomes: O[] = [];
    for (const job of jobs) outcomes.push(await watched(watch(job), (hooks) => doJob(job, hooks)));
    return outcomes;
  }
  const { Tinypool } = await import("tinypool");
  const pool = new Tinypool({
    filename: worker.href,
    minThreads: workers,
    maxThreads: workers,
    // A worker that waits in Atomics.wait hears no message.
    useAtomics: false,
  });
  // When one job fails the others need not go on, but which error is told must not depend on which came first.
  const failure = new AbortController();
  // A worker that cannot even start is told of here, and nowhere else.
  const broken = new Promise<never>((_, reject) => {
    pool.on("error", reject);
  });
  try {
    const work = Promise.allSettled(
      jobs.map((job) =>
        runInWorker(pool, { job, title: title(job) }, watch(job), failure.signal).catch(
          (error: unknown) => {
            failure.abort();
            throw error;
          },
        ),
      ),
    );
    const settled = await Promise.race([work, broken]);
    return settled.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
  } finally {
    // The pool waits for each thread's end, also of one that has ended already.
    await Promise.race([pool.destroy(), setTimeout(GRACE, undefined, { ref: false })]);
  }
}

/** So long after a thread has closed its port its answer may still be on the way, in milliseconds. */
const GRACE = 1000;

async function watched<O>(
  { hooks, onEnd }: JobWatch<O>,
  work: (hooks: WatchHooks) => Promise<O>,
): Promise<O> {
  try {
    const outcome = await work(hooks);
    onEnd?.(outcome);
    return outcome;
  } catch (error) {
    onEnd?.();
    throw error;
  }
}

async function runInWorker<J, O>(
  pool: { run(task: unknown, options: { transferList: Transferable[] }): Promise<unknown> },
  { job, title }: { job: J; title: string },
  watch: JobWatch<O>,
  failure: AbortSignal,
): Promise<O> {
  return watched(watch, async ({ onProgress, signal = failure }) => {
    const { port1: ours, port2: theirs } = new MessageChannel();
    ours.on("message", ({ progress }: JobMessage) => onProgress?.(progress));
    const stopped = AbortSignal.any([signal, failure]);
    const stop = (): void => ours.postMessage("stop");
    if (stopped.aborted) stop();
    stopped.addEventListener("abort", stop);
    try {
      const request: JobRequest<J> = { job, port: theirs };
      const answer = pool.run(request, { transferList: [theirs] }).catch((cause: unknown) => {
        throw crashed(title, cause);
      });
      // A thread that ends closes its port, and tells nobody else.
      const ended = once(ours, "close").then(async () => {
        await setTimeout(GRACE, undefined, { ref: false });
        throw crashed(title, null);
      });
      ended.catch(() => {});
      const reply = (await Promise.race([answer, ended])) as JobReply<O>;
      if ("error" in reply) throw revive(reply.error);
      return reply.outcome;
    } finally {
      stopped.removeEventListener("abort", stop);
      ours.close();
    }
  });
}

/** @param cause - what the thread's end is known to come from */
function crashed(title: string, cause: unknown): MclnnError {
  return new MclnnError(`the thread that did ${title} ended`, {
    code: "worker-crashed",
    expected: "an outcome",
    got: cause instanceof Error ? cause.message : "none, and no error either",
    mend: "There may be too little memory: try --threads 1.",
    kind: "failure",
    cause,
  });
}

function revive({ what, message, stack, argument, ...details }: ErrorRecord): Error {
  if (details.code === "unexpected") {
    const error = new Error(message);
    if (stack !== undefined) error.stack = stack;
    return error;
  }
  const error = new MclnnError(what, {
    ...details,
    ...(argument === undefined ? {} : { argument }),
  });
  error.message = message;
  return error;
}
