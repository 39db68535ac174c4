import { workerData } from "node:worker_threads";
import { errorRecord } from "../threads/error-record.ts";
import { BOARD, type Delivery, type Order, type ThreadData } from "./messages.ts";
import { tasks } from "./tasks.ts";

/** All that a thread made by {@link createThreads} does: takes orders from its port until the process ends. */
export function workOnThread(): void {
  const { port } = workerData as ThreadData;
  const kept = new Map<number, object>();
  let last = Promise.resolve();
  port.on("message", (order: Order) => {
    last = last.then(() =>
      serve(order, kept, (delivery, transfer) => port.postMessage(delivery, transfer)),
    );
  });
}

async function serve(
  { job, task, shared, sent, forgotten, args, parts, board, thread }: Order,
  kept: Map<number, object>,
  deliver: (delivery: Delivery, transfer: ArrayBuffer[]) => void,
): Promise<void> {
  for (const [id, value] of sent) kept.set(id, value);
  for (const id of forgotten) kept.delete(id);
  const numbers = new Int32Array(board);
  const stop = {
    get aborted() {
      return Atomics.load(numbers, BOARD.stop) !== 0;
    },
  };
  let work: ((part: number) => unknown) | undefined;
  for (;;) {
    const part = stop.aborted ? parts : Atomics.add(numbers, BOARD.next, 1);
    if (part >= parts) return;
    Atomics.store(numbers, BOARD.at + thread, part + 1);
    try {
      work ??= tasks[task]?.(
        Object.fromEntries(Object.entries(shared).map(([name, id]) => [name, kept.get(id)])),
        args,
        stop,
      );
      if (work === undefined) throw new Error(`no task is called ${task}`);
      const result = await work(part);
      deliver({ job, part, result }, buffersOf(result));
    } catch (error) {
      deliver({ job, part, error: errorRecord(error) }, []);
    }
    Atomics.store(numbers, BOARD.at + thread, 0);
    Atomics.add(numbers, BOARD.delivered, 1);
    Atomics.notify(numbers, BOARD.delivered);
  }
}

/** Buffers of the typed arrays in a result, which need not be copied on their way. */
function buffersOf(value: unknown, into: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) into.add(buffer);
  } else if (typeof value === "object" && value !== null)
    for (const each of Object.values(value)) buffersOf(each, into);
  return [...into];
}
