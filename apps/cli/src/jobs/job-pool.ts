import { Worker } from "node:worker_threads";
import { type ErrorRecord, errorFrom } from "@mclnn/learning/node";
import { MclnnError } from "@mclnn/physics";
import type { JobHooks, JobProgress } from "@mclnn/studies";

/** What a worker is told: a job, or to stop the one that it is at. */
export type JobOrder<J> = { readonly job: J; readonly stopped: boolean } | "stop";

/** What a worker says: how far it is, and in the end what came of the job. */
export type JobMessage<O> =
  | { readonly progress: JobProgress }
  | { readonly note: unknown }
  | { readonly outcome: O }
  | { readonly error: ErrorRecord };

/** Hooks whose word to stop can be listened for. */
interface WatchHooks extends JobHooks {
  readonly signal?: AbortSignal;
  /** Told of what the job says on its way beside its progress. */
  readonly onNote?: (note: never) => void;
}

/** What goes on while one job is done. */
export interface JobWatch<O> {
  readonly hooks: WatchHooks;
  /** Called when the job is over; without an outcome where it failed. */
  readonly onEnd?: (outcome?: O) => void;
}

/** Who does jobs: this thread, or worker threads that run a module that calls `workOnJobs`. */
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
  const outcomes: O[] = [];
  if (workers <= 1) {
    for (const job of jobs) outcomes.push(await watched(watch(job), (hooks) => doJob(job, hooks)));
    return outcomes;
  }
  // When one job fails the others need not go on, but which error is told must not depend on which came first.
  const failure = new AbortController();
  const errors = new Map<number, unknown>();
  const left = jobs.entries();
  const hired = Array.from({ length: workers }, () => hire(worker));
  try {
    await Promise.all(
      hired.map(async (hand) => {
        for (const [k, job] of left) {
          if (failure.signal.aborted) return;
          try {
            outcomes[k] = await watched(watch(job), (hooks) =>
              doElsewhere(hand, job, title(job), hooks, failure.signal),
            );
          } catch (error) {
            errors.set(k, error);
            failure.abort();
          }
        }
      }),
    );
  } finally {
    await Promise.all(hired.map((hand) => hand.thread.terminate()));
  }
  const first = [...errors.keys()].sort((a, b) => a - b)[0];
  if (first !== undefined) throw errors.get(first);
  return outcomes;
}

/**
 * Does one job in a worker of its own, so that this thread hears signals whatever the job is at.
 *
 * @param patience - milliseconds after the word to stop in which the job has to come to its end; then it is ended
 * @throws what the job threw; MclnnError `aborted` where it was ended
 */
export async function doElsewhereAlone<J, O>(
  job: J,
  { worker, title }: Omit<Crew<J, O>, "doJob">,
  hooks: WatchHooks & { readonly signal: AbortSignal },
  patience: number,
): Promise<O> {
  const hand = hire(worker);
  let late: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    hooks.signal.addEventListener("abort", () => {
      late = setTimeout(() => reject(endedLate(title(job))), patience);
    });
  });
  try {
    const never = new AbortController().signal;
    return await Promise.race([doElsewhere<J, O>(hand, job, title(job), hooks, never), ended]);
  } finally {
    clearTimeout(late);
    await hand.thread.terminate();
  }
}

function endedLate(title: string): MclnnError {
  return new MclnnError(`${title} was ended in the middle of a step`, {
    code: "aborted",
    expected: "an end between two steps",
    got: "a signal to stop",
    kind: "failure",
  });
}

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

interface Hired {
  readonly thread: Worker;
  /** What the thread ended from, once it has ended; null where nobody knows. */
  readonly ended: Promise<unknown>;
}

function hire(module: URL): Hired {
  const thread = new Worker(module);
  const ended = new Promise<unknown>((resolve) => {
    thread.once("error", resolve);
    thread.once("exit", () => resolve(null));
  });
  return { thread, ended };
}

/** Does a job in a worker. @throws what the job threw there; MclnnError `worker-crashed` where the thread ended */
async function doElsewhere<J, O>(
  { thread, ended }: Hired,
  job: J,
  title: string,
  { onProgress, onNote, signal = new AbortController().signal }: WatchHooks,
  failure: AbortSignal,
): Promise<O> {
  const stopped = AbortSignal.any([signal, failure]);
  const tell = (order: JobOrder<J>): void => thread.postMessage(order);
  const stop = (): void => tell("stop");
  let hear: ((message: JobMessage<O>) => void) | undefined;
  const answer = new Promise<O>((resolve, reject) => {
    hear = (message) => {
      if ("progress" in message) onProgress?.(message.progress);
      else if ("note" in message) onNote?.(message.note as never);
      else if ("error" in message) reject(errorFrom(message.error));
      else resolve(message.outcome);
    };
    thread.on("message", hear);
  });
  stopped.addEventListener("abort", stop);
  tell({ job, stopped: stopped.aborted });
  try {
    return await Promise.race([
      answer,
      ended.then((cause) => {
        throw crashed(title, cause);
      }),
    ]);
  } finally {
    stopped.removeEventListener("abort", stop);
    if (hear !== undefined) thread.off("message", hear);
  }
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
