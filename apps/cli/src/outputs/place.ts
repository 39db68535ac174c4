import { access, constants, lstat, rmdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { MclnnError } from "@mclnn/physics";

/** What is neither a file nor a folder, in words. */
export const SPECIAL = "a link to nothing, a device, a pipe or a socket";

/** What is at a path now; `special` is {@link SPECIAL}. */
export async function kindOf(path: string): Promise<"file" | "folder" | "special" | "nothing"> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "special";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOTDIR: a parent is a file; the check of the parents says so.
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    return (await isLink(path)) ? "special" : "nothing";
  }
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

/** What is at a path that is to be a folder. @throws MclnnError `not-a-folder` */
export async function folderAt(path: string, option: string): Promise<"folder" | "nothing"> {
  const kind = path.trim() === "" ? "empty" : await kindOf(resolve(path));
  if (kind === "folder" || kind === "nothing") return kind;
  throw new MclnnError(`${option} ${JSON.stringify(path)} cannot be a folder`, {
    code: "not-a-folder",
    argument: option,
    expected: "the path of a folder, there already or not",
    got: kind === "empty" ? "nothing" : kind === "file" ? "a file" : SPECIAL,
  });
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
