import type { Answers, AskKind, Refusal, Reply } from "./protocol.ts";
import { startWorker } from "./start-worker.ts";

/** What the learner could not do, in its words. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const DIED: Refusal = {
  code: "worker-died",
  message:
    "The learner stopped by itself, perhaps for want of memory. What was recorded is still here: try again.",
};

interface Waiting {
  readonly id: number;
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** The page's learner: one worker that answers one question after another, and a spare that takes over when work is abandoned. */
export class Learner {
  #waiting: Waiting[] = [];
  #count = 0;
  #worker: Worker | undefined;
  #spare: Worker | undefined;

  /** Whether it is at work. */
  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /** @throws Refused where it cannot; nothing at all comes of work that is abandoned */
  ask<K extends AskKind>(kind: K, ask: Answers[K]["ask"]): Promise<Answers[K]["answer"]> {
    return new Promise<Answers[K]["answer"]>((resolve, reject) => {
      const id = this.#count++;
      this.#waiting.push({ id, resolve: resolve as (answer: never) => void, reject });
      this.#ready().postMessage({ id, kind, ask });
    });
  }

  /** Forgets what it is at, and all that it knows. */
  abandon(): void {
    if (!this.busy) return;
    this.#waiting = [];
    this.#replace();
  }

  /** Gets a worker ready before it is asked, and a second one after that. */
  warm(): void {
    if (this.#worker === undefined) this.#ready();
    else this.#spare ??= startWorker();
  }

  #ready(): Worker {
    this.#worker ??= this.#listen(this.#spare ?? startWorker());
    if (this.#worker === this.#spare) this.#spare = undefined;
    return this.#worker;
  }

  #replace(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #listen(worker: Worker): Worker {
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const at = this.#waiting.findIndex(({ id }) => id === data.id);
      const [waiting] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if ("refusal" in data) waiting?.reject(new Refused(data.refusal));
      else waiting?.resolve(data.answer as never);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#replace();
      for (const { reject } of waiting) reject(new Refused(DIED));
    };
    return worker;
  }
}
