/** Modules that worker threads begin with, by their paths from the root of the sources. */
export type ThreadEntry =
  | "commands/compare/worker"
  | "program/thread"
  | "commands/reproduce/worker"
  | "commands/train/thread"
  | "commands/train/worker";

/**
 * Where a thread's entry is: beside this module's folder among the sources, and beside this module in the program's bundle, whose chunks lie
 * side by side (`bundle.mjs`).
 */
export function threadEntry(entry: ThreadEntry): URL {
  const file = import.meta.url.endsWith(".ts") ? `../${entry}.ts` : `./${entry}.js`;
  return new URL(file, import.meta.url);
}
