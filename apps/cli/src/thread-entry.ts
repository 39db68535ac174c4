/** Modules that worker threads begin with, by their paths from the root of the sources. */
export type ThreadEntry =
  | "commands/compare/worker"
  | "own-code/thread"
  | "commands/reproduce/worker"
  | "commands/train/thread";

/**
 * Where a thread's entry is: beside this module, among the sources, and in the program's bundle as well, whose chunks lie side by side
 * (`bundle.mjs`).
 */
export function threadEntry(entry: ThreadEntry): URL {
  const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./${entry}.${ending}`, import.meta.url);
}
