import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { badOption } from "../options/errors.ts";

/** What the user's own code is asked for. */
export const questions = ["import", "energy", "slope", "curvature"] as const;
export type Question = (typeof questions)[number];

/**
 * Calls of the user's own code, in memory that all threads share: for each thread how often it has gone in and out (odd: it is inside),
 * what it asked last, and at which separation.
 */
export interface CallBoard {
  readonly memory: SharedArrayBuffer;
  /** [1 + threads] the number of threads so far, then one count a thread. */
  readonly counts: Int32Array;
  /** [1 + threads] index in {@link questions}. */
  readonly asked: Int32Array;
  /** [1 + threads] r, NaN for an import. */
  readonly separations: Float64Array;
}

const THREADS = 1023;
const KEY = "mclnn calls of own code";

/** A board for a new run, or the one in some memory. */
export function callBoard(memory?: SharedArrayBuffer): CallBoard {
  const length = THREADS + 1;
  const shared = memory ?? new SharedArrayBuffer(length * 16);
  return {
    memory: shared,
    separations: new Float64Array(shared, 0, length),
    counts: new Int32Array(shared, length * 8, length),
    asked: new Int32Array(shared, length * 12, length),
  };
}

/** Makes this thread, and all that it starts, note their calls on a board that another thread watches. */
export function shareCallBoard({ memory }: CallBoard): void {
  setEnvironmentData(KEY, memory);
}

/** Whether another thread watches what own code does in this one. */
export function isWatched(): boolean {
  return getEnvironmentData(KEY) !== undefined;
}

interface Place extends CallBoard {
  readonly slot: number;
}

let place: Place | null = null;

/** This thread's place on its board; null where nobody watches. */
function ownPlace(): Place | null {
  const memory = getEnvironmentData(KEY);
  if (!(memory instanceof SharedArrayBuffer)) return null;
  if (place?.memory !== memory) {
    const board = callBoard(memory);
    place = { ...board, slot: Atomics.add(board.counts, 0, 1) + 1 };
    if (place.slot > THREADS)
      throw badOption("--threads", `at most ${THREADS} threads with it`, `${place.slot} threads`, {
        what: "a potential of your own runs in too many threads",
      });
  }
  return place;
}

/** A function of the user's own whose calls are noted. */
export function noted(question: Question, f: (r: number) => number): (r: number) => number {
  const own = ownPlace();
  if (own === null) return f;
  const { counts, asked, separations, slot } = own;
  const index = questions.indexOf(question);
  return (r) => {
    separations[slot] = r;
    asked[slot] = index;
    Atomics.add(counts, slot, 1);
    try {
      return f(r);
    } finally {
      Atomics.add(counts, slot, 1);
    }
  };
}

/** Does what the user's own code is needed for at no one separation, noted as one call. */
export function notedCall<T>(question: Question, work: () => T): T {
  const leave = enter(question);
  try {
    return work();
  } finally {
    leave();
  }
}

/** Loads a module of the user's own, noted as one call. One at a time in a thread. */
export async function notedImport<T>(load: () => Promise<T>): Promise<T> {
  const leave = enter("import");
  try {
    return await load();
  } finally {
    leave();
  }
}

/** Notes that a call begins. @returns notes that it is over */
function enter(question: Question): () => void {
  const own = ownPlace();
  if (own === null) return () => undefined;
  const { counts, asked, separations, slot } = own;
  separations[slot] = Number.NaN;
  asked[slot] = questions.indexOf(question);
  Atomics.add(counts, slot, 1);
  return () => Atomics.add(counts, slot, 1);
}
