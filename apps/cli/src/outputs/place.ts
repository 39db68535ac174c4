import { access, constants, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { MclnnError } from "@mclnn/physics";

/** What is at a path now. */
export async function kindOf(path: string): Promise<"file" | "folder" | "nothing"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOTDIR: a parent is a file; the check of the parents says so.
    if (code === "ENOENT" || code === "ENOTDIR") return "nothing";
    throw error;
  }
}

/**
 * Checks that something new can be made at `path`: the nearest parent that exists is a folder that may be written to.
 *
 * @throws MclnnError `not-writable`
 */
export async function checkWritable(path: string, option: string): Promise<void> {
  let parent = dirname(path);
  let kind = await kindOf(parent);
  while (kind === "nothing" && dirname(parent) !== parent) {
    parent = dirname(parent);
    kind = await kindOf(parent);
  }
  const complain = (got: string): never => {
    throw new MclnnError(`${option} ${path} cannot be written`, {
      code: "not-writable",
      argument: option,
      expected: "a path in a folder that exists or can be made, and may be written to",
      got,
    });
  };
  if (kind !== "folder") complain(`${parent}, which is not a folder`);
  try {
    await access(parent, constants.W_OK | constants.X_OK);
  } catch {
    complain(`${parent}, which may not be written to`);
  }
}

/** Removes folders from `inner` up to `outer` as long as they are empty. */
export async function removeEmpty(inner: string, outer: string): Promise<void> {
  try {
    for (let folder = inner; ; folder = dirname(folder)) {
      await rmdir(folder);
      if (folder === outer) return;
    }
  } catch {
    // Not empty: it is used.
  }
}
