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
  if (!force && (await stat(path).catch(() => null)) !== null) throw exists;
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
    if (force) await rename(temporary, path);
    else {
      // A link fails where a rename would replace a file that appeared in the meantime.
      await link(temporary, path);
      await rm(temporary);
    }
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") throw exists;
    throw new MclnnError(`${path} cannot be written`, {
      code: code === "ENOENT" || code === "ENOTDIR" ? "no-folder" : "write-failed",
      argument: path,
      expected:
        code === "ENOENT" || code === "ENOTDIR" ? "a folder to write into" : "a disk that takes it",
      got: message,
      mend: code === "ENOSPC" ? "Free some space." : "Check the folder and its permissions.",
      kind: code === "ENOENT" || code === "ENOTDIR" || code === "EACCES" ? "input" : "failure",
      cause,
    });
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
