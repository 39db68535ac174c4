import { createRequire } from "node:module";
import type { MessagePort, Worker } from "node:worker_threads";
import { MclnnError } from "@mclnn/physics";
import { checkArgument, optional } from "@mclnn/physics/arguments";
import { errorFrom } from "../threads/error-record.ts";
import type { DividedWork, SpreadWork, Threads } from "../threads/threads.ts";
import { BOARD, type Delivery, type Order, type ThreadData } from "./messages.ts";

/** Worker threads of Node; they end with the process, or when they are closed. */
export interface NodeThreads extends Threads {
  /** Ends the worker threads. Using them again starts new ones. */
  close(): Promise<void>;
}

export interface ThreadsOptions {
  /**
   * Module that the worker threads begin with, for programs that are bundled: it calls `workOnThread()`. Default: this package's own.
   */
  readonly entry?: URL;
  /**
   * Milliseconds without a word after which threads that are waited for count as lost; or twenty times as long as the longest part done
   * by the calling thread, if that is more. Default 30,000.
   */
  readonly patience?: number;
}

/** Shared things that a thread keeps. */
const MOST_KEPT = 24;
const PATIENCE = 30_000;
/** Times as long as the longest part done here that a part may take there. */
const LONGER = 20;
/** Milliseconds between looks at whether anything still goes on. */
const LOOK = 100;

interface Hired {
  readonly worker: Worker;
  readonly port: MessagePort;
  /** Numbers of the shared things that it has, oldest first. */
  readonly has: Set<number>;
}

/**
 * Threads that share work: this one, and `count - 1` worker threads, which start when there is work for them.
 *
 * @throws MclnnError `bad-option`
 */
export function createThreads(count: number, options: ThreadsOptions = {}): NodeThreads {
  checkArgument("count", count, "count");
  checkArgument("options", options, { entry: optional({ href: "text" }), patience: "positive?" });
  return new WorkerThreads(count, options);
}

function ownEntry(): URL {
  const name = import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js";
  return new URL(name, import.meta.url);
}

/** Loaded when a thread is hired: most trainings are over in less time than it takes. */
const workerThreads = (): typeof import("node:worker_threads") =>
  createRequire(import.meta.url)("node:worker_threads");

class WorkerThreads implements NodeThreads {
  readonly count: number;
  private readonly entry: URL;
  private readonly patience: number;
  private hired: Hired[] = [];
  private readonly numbers = new WeakMap<object, number>();
  private lastNumber = 0;
  private lastJob = 0;
  /** Of the job at work: its name and board, for the error of a thread that ends in the middle of it. */
  private current: { readonly task: string; readonly board: Int32Array } | null = null;
  private lost: Error | null = null;
  private onLost: (() => void) | null = null;

  constructor(count: number, { entry = ownEntry(), patience = PATIENCE }: ThreadsOptions) {
    this.count = count;
    this.entry = entry;
    this.patience = patience;
  }

  divide<R>(work: DividedWork<R>): R[] {
    const { job, board, threads } = this.begin(work);
    const { parts, own } = work;
    const collected = new Collected<R>(job, parts);
    const { receiveMessageOnPort } = workerThreads();
    let longest = 0;
    for (let part = Atomics.add(board, BOARD.next, 1); part < parts; ) {
      const began = performance.now();
      collected.do(part, () => own(part));
      longest = Math.max(longest, performance.now() - began);
      part = Atomics.add(board, BOARD.next, 1);
    }
    let heard = performance.now();
    while (collected.missing > 0) {
      const seen = Atomics.load(board, BOARD.delivered);
      const before = collected.missing;
      for (const { port } of threads)
        for (let m = receiveMessageOnPort(port); m !== undefined; m = receiveMessageOnPort(port))
          collected.take(m.message as Delivery);
      if (collected.missing === 0) break;
      if (collected.missing < before) heard = performance.now();
      else if (performance.now() - heard > Math.max(this.patience, LONGER * longest))
        throw this.lose(null);
      Atomics.wait(board, BOARD.delivered, seen, LOOK);
    }
    this.current = null;
    return collected.results();
  }

  async spread<R>(work: SpreadWork<R>): Promise<R[]> {
    const { job, board, threads } = this.begin(work);
    const { parts, own, onDone, signal } = work;
    const collected = new Collected<R>(job, parts, onDone);
    const aborted = (): boolean => {
      if (signal?.aborted === true) Atomics.store(board, BOARD.stop, 1);
      return Atomics.load(board, BOARD.stop) !== 0;
    };
    let wake = (): void => {};
    const hear = (delivery: Delivery): void => {
      collected.take(delivery);
      aborted();
      wake();
    };
    const lost = new Promise<void>((resolve) => {
      this.onLost = resolve;
    });
    for (const { worker, port } of threads) {
      // While they are waited for the process must not end.
      worker.ref();
      port.on("message", hear);
    }
    try {
      while (!aborted() && this.lost === null) {
        const part = Atomics.add(board, BOARD.next, 1);
        if (part >= parts) break;
        await Promise.race([lost, collected.wait(part, () => own(part))]);
      }
      const busy = (): boolean => {
        if (!aborted()) return collected.missing > 0;
        return threads.some((_, k) => Atomics.load(board, BOARD.at + k + 1) !== 0);
      };
      while (busy() && this.lost === null)
        await Promise.race([
          lost,
          new Promise<void>((resolve) => {
            wake = resolve;
            // An abort comes without a message.
            setTimeout(resolve, LOOK);
          }),
        ]);
      if (this.lost !== null) throw this.forget();
    } finally {
      Atomics.store(board, BOARD.stop, 1);
      this.onLost = null;
      for (const { worker, port } of threads) {
        port.off("message", hear);
        port.unref();
        worker.unref();
      }
    }
    this.current = null;
    return collected.results();
  }

  async close(): Promise<void> {
    const { hired } = this;
    this.hired = [];
    await Promise.all(
      hired.map(async ({ worker, port }) => {
        port.close();
        worker.removeAllListeners();
        await worker.terminate();
      }),
    );
  }

  /** Gives the order for a job to as many threads as have a part of it. */
  private begin({ task, shared, args, parts }: Omit<DividedWork<unknown>, "own">): {
    job: number;
    board: Int32Array;
    threads: readonly Hired[];
  } {
    if (this.lost !== null) throw this.forget();
    const threads = this.hire(Math.min(this.count, parts) - 1);
    const memory = new SharedArrayBuffer(4 * (BOARD.at + this.count));
    const board = new Int32Array(memory);
    const job = ++this.lastJob;
    this.current = { task, board };
    const numbered = Object.entries(shared).map(
      ([name, value]) => [name, this.numberOf(value), value] as const,
    );
    threads.forEach(({ port, has }, k) => {
      const sent = numbered.filter(([, id]) => !has.has(id));
      for (const [, id] of numbered) {
        // What was used last is forgotten last.
        has.delete(id);
        has.add(id);
      }
      const forgotten = [...has].slice(0, Math.max(0, has.size - MOST_KEPT));
      for (const id of forgotten) has.delete(id);
      const order: Order = {
        job,
        task,
        shared: Object.fromEntries(numbered.map(([name, id]) => [name, id])),
        sent: sent.map(([, id, value]) => [id, alone(value)] as const),
        forgotten,
        args,
        parts,
        board: memory,
        thread: k + 1,
      };
      port.postMessage(order);
    });
    return { job, board, threads };
  }

  private numberOf(value: object): number {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    this.numbers.set(value, ++this.lastNumber);
    return this.lastNumber;
  }

  private hire(wanted: number): readonly Hired[] {
    if (this.hired.length >= wanted) return this.hired.slice(0, Math.max(0, wanted));
    const { MessageChannel, Worker } = workerThreads();
    while (this.hired.length < wanted) {
      const { port1: ours, port2: theirs } = new MessageChannel();
      const workerData: ThreadData = { port: theirs };
      const worker = new Worker(this.entry, { workerData, transferList: [theirs] });
      // They end with the process, not the process with them.
      worker.unref();
      ours.unref();
      worker.on("error", (error) => this.lose(error));
      worker.on("exit", (code) => this.lose(new Error(`it ended with code ${code}`)));
      this.hired.push({ worker, port: ours, has: new Set() });
    }
    return this.hired.slice(0, wanted);
  }

  /** Notes that a thread ended by itself, and gives up the others: what they still do would come too late. */
  private lose(cause: Error | null): Error {
    const { current } = this;
    const at =
      current === null
        ? []
        : Array.from(current.board.subarray(BOARD.at))
            .filter((part) => part > 0)
            .map((part) => part - 1);
    const what = current === null ? "between two tasks" : `in ${current.task}`;
    this.lost ??= new MclnnError(`a worker thread was lost ${what}`, {
      code: "thread-lost",
      expected: "threads that hand back their parts",
      got: `${cause === null ? "nothing for a long time" : cause.message}${
        at.length > 0 ? `, while threads were at part ${at.join(", ")}` : ""
      }`,
      mend: "Try one thread; if it is lost again, memory may have run out.",
      kind: "failure",
      ...(cause === null ? {} : { cause }),
    });
    const { lost } = this;
    void this.close();
    if (cause === null) this.forget();
    this.onLost?.();
    return lost;
  }

  /** The error of threads lost before, after which new ones can be hired. */
  private forget(): Error {
    const lost = this.lost as Error;
    this.lost = null;
    this.current = null;
    return lost;
  }
}

/** What has come of the parts of a job. */
class Collected<R> {
  missing: number;
  private readonly job: number;
  private readonly found: R[];
  private readonly errors = new Map<number, Error>();
  private readonly onDone: ((part: number, result: R) => void) | undefined;

  constructor(job: number, parts: number, onDone?: (part: number, result: R) => void) {
    this.job = job;
    this.missing = parts;
    this.found = new Array<R>(parts);
    this.onDone = onDone;
  }

  do(part: number, own: () => R): void {
    try {
      this.keep(part, own());
    } catch (error) {
      this.fail(part, error as Error);
    }
  }

  async wait(part: number, own: () => Promise<R>): Promise<void> {
    try {
      this.keep(part, await own());
    } catch (error) {
      this.fail(part, error as Error);
    }
  }

  /** What comes of jobs before is too late. */
  take(delivery: Delivery): void {
    if (delivery.job !== this.job) return;
    if ("error" in delivery) this.fail(delivery.part, errorFrom(delivery.error));
    else this.keep(delivery.part, delivery.result as R);
  }

  /** In the order of the parts; those that were never begun are left out. @throws the error of the first part that failed */
  results(): R[] {
    const first = [...this.errors.keys()].sort((a, b) => a - b)[0];
    if (first !== undefined) throw this.errors.get(first);
    return this.missing === 0 ? this.found : this.found.filter((_, part) => part in this.found);
  }

  private keep(part: number, result: R): void {
    this.found[part] = result;
    this.missing--;
    this.onDone?.(part, result);
  }

  private fail(part: number, error: Error): void {
    this.errors.set(part, error);
    this.missing--;
  }
}

/** A thing without the threads that it names and what watches it: they are of this thread alone. */
function alone(value: object): object {
  return "threads" in value
    ? { ...value, threads: null, watch: undefined, meter: undefined }
    : value;
}
