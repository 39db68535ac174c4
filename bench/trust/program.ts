import path from "node:path";
import { type Bundled, bundleProgram } from "../../apps/cli/test/bundle-program.ts";
import { inFolder, type Running, start } from "../process.ts";

/** A program and a folder to run it in. */
export interface Place {
  /** What Node runs. */
  readonly program: string;
  readonly folder: string;
  /** Starts the program. @param args - or a line of them @param flags - of Node */
  start(args: string | readonly string[], cwd?: string, flags?: readonly string[]): Running;
}

/** Works with a folder and a program that is there already. */
export function inPlace(program: string, work: (place: Place) => Promise<void>): Promise<void> {
  return inFolder((folder) =>
    work({
      ...{ program, folder },
      start(args, cwd = folder, flags = []) {
        const words = typeof args === "string" ? args.split(" ") : args;
        return start([process.execPath, ...flags, program, ...words], cwd);
      },
    }),
  );
}

const bundles = new Map<string, Promise<Bundled>>();

/**
 * Bundles the command, or another program of this folder, unless it was bundled before; works with it in a new folder, and removes that.
 *
 * @param entry - file name of the program
 */
export async function withProgram(
  work: (place: Place) => Promise<void>,
  entry = "program-entry.ts",
): Promise<void> {
  const bundled = bundles.get(entry) ?? bundleProgram(path.join(import.meta.dirname, entry));
  bundles.set(entry, bundled);
  await inPlace((await bundled).program, work);
}

/** Removes all bundles: nothing runs them any more. */
export async function removePrograms(): Promise<void> {
  const made = [...bundles.values()];
  bundles.clear();
  for (const bundled of made) await bundled.then(({ remove }) => remove()).catch(() => {});
}
