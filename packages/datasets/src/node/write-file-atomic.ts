import { randomBytes } from "node:crypto";
import { link, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MclnnError } from "@mclnn/physics";

/**
 * Writes a file whole or not at all: a temporary name in the same folder, synced, then put in place, and the folder synced.
 *
 * @param force - replace a file that is there
 * @throws MclnnError `file-exists` (input), `no-folder` (input), `write-failed` (failure); what was there before is left as it was
 */
export async function writeFileAtomic(
  path: string,
  contents: Uint8Array | string,
  { force = false }: { force?: boolean } = {},
): Promise<void> {
  const exists = new MclnnError(`${path} is there already`, {
    code: "file-exists",
    argument: path,
    expected: "a name that is free",
    got: "an existing file",
    mend: "Use --force to replace it, or another name.",
  });
  const free = async (): Promise<boolean> => (await stat(path).catch(() => null)) === null;
  if (!force && !(await free())) throw exists;
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!force && (await linked(temporary, path))) await rm(temporary);
    else if (force || (await free())) await rename(temporary, path);
    else throw exists;
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    const { code, message } = cause as NodeJS.ErrnoException;
    if (cause === exists || code === "EEXIST") throw exists;
    const [wrong, expected] = CAUSES[code ?? ""] ?? [];
    throw new MclnnError(`${path} cannot be written`, {
      code: wrong === "no-folder" ? "no-folder" : "write-failed",
      argument: path,
      expected: expected ?? "a disk that takes it",
      got: message,
      mend: code === "ENOSPC" ? "Free some space." : "Check the folder and its permissions.",
      kind: wrong === undefined ? "failure" : "input",
      cause,
    });
  }
}

/** What the operating system says of a path that cannot be used; anything else is a failure of the work. */
const CAUSES: Readonly<Record<string, readonly ["no-folder" | "bad-path", string]>> = {
  ENOENT: ["no-folder", "a folder to write into"],
  ENOTDIR: ["no-folder", "a folder to write into"],
  EISDIR: ["bad-path", "a file, not a folder"],
  ENOTEMPTY: ["bad-path", "a file, not a folder"],
  EACCES: ["bad-path", "a folder that may be written to"],
  ENAMETOOLONG: ["bad-path", "a shorter name"],
};

/**
 * Gives a file a second name, unless that name is taken: a link fails where a rename would replace a file that appeared in the meantime.
 *
 * @returns whether it did; false on file systems without links, where a look before the rename has to do
 */
async function linked(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code)) return false;
    throw error;
  }
}

/** Makes the new name last through a power cut; some systems cannot open folders, and then there is nothing to sync. */
async function syncFolder(folder: string): Promise<void> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(folder, "r");
  } catch {
    return;
  }
  try {
    await handle.sync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EINVAL" && code !== "EPERM" && code !== "EISDIR") throw error;
  } finally {
    await handle.close();
  }
}
