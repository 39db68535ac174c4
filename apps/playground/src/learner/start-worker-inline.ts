import InlineWorker from "./worker.ts?worker&inline";

/** Starts a learner from code inside the page: in the version that is one file. */
export function startWorker(): Worker {
  return new InlineWorker();
}
