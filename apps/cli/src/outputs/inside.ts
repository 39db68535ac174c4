import { lstat, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "@mclnn/datasets/node";
import { MclnnError } from "@mclnn/physics";

/** A part of a path that is a plain name on every system. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: names with control characters are refused
const PLAIN = /^(?!\.{1,2}$)[^/\\:\u0000-\u001f\u007f]{1,255}$/u;

/**
 * The place of a file in an output folder, inside it beyond doubt: its name has no way up or out, and no folder on the way is a link.
 *
 * @param folder - resolved
 * @param name - from the folder, with `/`
 * @throws MclnnError `outside-folder`
 */
export async function placeInside(folder: string, name: string, option: string): Promise<string> {
  const parts = name.split("/");
  const refuse = (got: string): never => {
    throw new MclnnError(`a file in ${option} ${folder} cannot be placed`, {
      code: "outside-folder",
      argument: option,
      expected: "a name that stays inside, in folders that are no links",
      got,
      mend: "Choose another folder, or take the link away.",
    });
  };
  if (!parts.every((part) => PLAIN.test(part))) refuse(JSON.stringify(name));
  let at = folder;
  for (const part of parts.slice(0, -1)) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined) break;
    if (found.isSymbolicLink()) refuse(`a link at ${at}`);
  }
  return join(folder, ...parts);
}

/** Writes a file in an output folder, whole or not at all, in place of what is there. */
export async function writeInside(
  folder: string,
  name: string,
  contents: Uint8Array | string,
  option: string,
): Promise<void> {
  const target = await placeInside(folder, name, option);
  await mkdir(dirname(target), { recursive: true });
  await writeFileAtomic(target, contents, { force: true });
}

/** Removes files of an output folder; all of them are inside before any is touched. */
export async function removeInside(
  folder: string,
  names: readonly string[],
  option: string,
): Promise<void> {
  const paths = await Promise.all(names.map((name) => placeInside(folder, name, option)));
  for (const path of paths) await rm(path, { force: true });
}
