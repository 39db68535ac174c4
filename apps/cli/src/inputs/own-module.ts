import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MclnnError } from "@mclnn/physics";
import { notedImport } from "../own-code/calls.ts";

/** Endings of modules; TypeScript is transpiled as it is loaded, so that every Node takes it. */
export const MODULE_ENDINGS: readonly string[] = [".js", ".mjs", ".ts", ".mts"];

/** Makes an error out of what is wrong with a module. */
export type Wrong = (
  what: string,
  details: { expected: string; got: string; mend?: string; cause?: unknown },
) => MclnnError;

/** What is wrong with a module, in the words of an error. */
export function badModule(given: string, option: string): Wrong {
  return (what, details) =>
    new MclnnError(`${option} ${given} ${what}`, {
      code: "bad-module",
      argument: option,
      ...details,
    });
}

/**
 * The path of a module that is there, in full.
 *
 * @param otherwise - what else the option may name, if anything
 * @throws MclnnError `file-not-found`, `bad-module`
 */
export function modulePath(given: string, option: string, otherwise?: string): string {
  const path = resolve(given);
  if (!existsSync(path))
    throw new MclnnError(`${option} ${given} is not there`, {
      code: "file-not-found",
      argument: option,
      expected: "the path of a module",
      got: `no file ${path}`,
    });
  if (!MODULE_ENDINGS.includes(extname(path)))
    throw badModule(given, option)(
      otherwise === undefined ? "is no module" : "is neither a module nor a table",
      {
        expected: `a file that ends in ${MODULE_ENDINGS.join(", ")}${otherwise === undefined ? "" : `, or ${otherwise}`}`,
        got: extname(path) === "" ? "a file without an extension" : `a ${extname(path)} file`,
      },
    );
  return path;
}

/** Loads the module at a path. @returns its default export @throws MclnnError `bad-module` */
export async function defaultExport(
  path: string,
  wrong: Wrong,
  { expected, mend }: { readonly expected: string; readonly mend: string },
): Promise<unknown> {
  let loaded: { default?: unknown };
  try {
    loaded = await notedImport(() => importFile(path));
  } catch (error) {
    throw wrong("cannot be loaded", {
      expected: "a module that can be loaded",
      got: inOneLine(error),
      cause: error,
    });
  }
  if (loaded.default === undefined)
    throw wrong("has no default export", {
      expected,
      got: `exports ${Object.keys(loaded).join(", ") || "nothing"}`,
      mend,
    });
  return loaded.default;
}

async function importFile(path: string): Promise<{ default?: unknown }> {
  if (/\.m?js$/.test(path)) return import(pathToFileURL(path).href);
  const { createJiti } = await import("jiti");
  return createJiti(path, { fsCache: false, interopDefault: false }).import(path);
}

/** What was thrown, in the words of an error. */
export function inOneLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text
    .split(/\s*\n\s*/)
    .slice(0, 2)
    .join("; ")
    .slice(0, 300);
}
