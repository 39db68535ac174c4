import { MclnnError } from "@mclnn/physics";
import type { Reading } from "./format.ts";

/**
 * An optional library, from who reads.
 *
 * @throws MclnnError `missing-package` with the line that installs it
 */
export async function libraryOf<T>(reading: Reading, name: string): Promise<T> {
  const library = await reading.hooks.load?.(name);
  if (library === undefined)
    throw new MclnnError(`${reading.source.name} is read by ${name}, which is not given`, {
      code: "missing-package",
      argument: "hooks.load",
      expected: `hooks.load("${name}") that gives the npm package ${name}`,
      got: "none",
      mend: `npm install ${name}, then: { load: (name) => import(name) }.`,
    });
  return library as T;
}

/** What a library makes of a file; whatever it throws is about the file. */
export function byLibrary<T>(reading: Reading, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw reading.refuse("", what, cause instanceof Error ? cause.message : String(cause));
  }
}
