/**
 * Threads that share the work of a training. `createThreads` of `@mclnn/learning/node` makes them; where there is nothing like it, as on a page
 * without shared memory, a training runs on its own thread alone. No result depends on how many there are.
 */
export interface Threads {
  /** How many work at once, the calling thread among them. */
  readonly count: number;
  /** Does the parts of a task, each on the thread that is free next, and waits until all are done. Results in the order of the parts. */
  divide<R>(work: DividedWork<R>): R[];
  /** The same for long parts: the calling thread does its share between turns of its event loop. */
  spread<R>(work: SpreadWork<R>): Promise<R[]>;
}

/** A task in parts. All but `own` travels to other threads as a structured clone. */
export interface DividedWork<R> {
  /** Name of the task, for the threads that do it and for errors. */
  readonly task: string;
  /** Large things that come again from call to call: a thread gets each of them once. */
  readonly shared: Readonly<Record<string, object>>;
  readonly args: object;
  readonly parts: number;
  /** Does a part in this thread. */
  readonly own: (part: number) => R;
}

export interface SpreadWork<R> extends Omit<DividedWork<R>, "own"> {
  readonly own: (part: number) => Promise<R>;
  /** Told of each part as it is done, in whatever order. */
  readonly onDone?: (part: number, result: R) => void;
  /** No further part begins once it is aborted; the parts at work are told. */
  readonly signal?: { readonly aborted: boolean } | undefined;
}

/** Pair forces (trajectories x pairs x force evaluations) below which a pass is over sooner than other threads would have joined. */
const WORTHWHILE = 200_000;
/** A part is this share of what is left for each thread: large parts first, small ones last, so that none waits long for the end. */
const SHARE = 3;

/** The threads that a pass over trajectories is divided among; null where its work is not worth it. */
export function threadsFor(
  { threads, pairs }: { readonly threads: Threads | null; readonly pairs: number },
  { kicks }: { readonly kicks: number },
  trajectories: number,
): Threads | null {
  if (threads === null || threads.count < 2) return null;
  return trajectories * pairs * kicks >= WORTHWHILE ? threads : null;
}

/** Room for numbers that go to other threads without a copy, where there are any. */
export function numbersFor(threads: Threads | null, length: number): Float64Array {
  return threads !== null && threads.count > 1 && typeof SharedArrayBuffer !== "undefined"
    ? new Float64Array(new SharedArrayBuffer(8 * length))
    : new Float64Array(length);
}

/** Neighbouring items together, a group a part. */
export function groupsOf<T>(items: readonly T[], { count }: Threads): T[][] {
  const groups: T[][] = [];
  for (let first = 0; first < items.length; ) {
    const end = first + Math.ceil((items.length - first) / (SHARE * count));
    groups.push(items.slice(first, end));
    first = end;
  }
  return groups;
}
