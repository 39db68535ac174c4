import { dirname } from "node:path";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { FILE_SYSTEM, type FileSystem, nodeFileSystem, type OpenFile } from "./file-system.ts";
import { sweepTemporaries, temporaryBeside } from "./temporary-files.ts";

export interface WriteOptions {
  /** Replace a file that is there. */
  readonly force?: boolean;
  /** Default: this machine's. */
  readonly fileSystem?: FileSystem;
}

/**
 * Writes a file whole or not at all: a temporary name in the same folder, synced, then put in place, and the folder synced.
 *
 * Whichever system call fails, what was there before is left as it was. Temporaries of processes that were killed are swept.
 *
 * @param options - force: replace a file that is there
 * @throws MclnnError `file-exists` (input), `no-folder` (input), `write-failed` (failure, or input where the path cannot be)
 */
export async function writeFileAtomic(
  path: string,
  contents: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  checkArgument("path", path, "text");
  if (typeof contents !== "string") checkArgument("contents", contents, "bytes");
  checkArgument("options", options, { force: "flag?", fileSystem: FILE_SYSTEM });
  const { force = false, fileSystem = nodeFileSystem } = options;
  const exists = new MclnnError(`${path} is there already`, {
    code: "file-exists",
    argument: path,
    expected: "a name that is free",
    got: "an existing file",
    mend: "Use --force to replace it, or another name.",
  });
  if (!force && (await fileSystem.exists(path))) throw exists;
  await sweepTemporaries(path, fileSystem);
  const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
  const temporary = temporaryBeside(path);
  const put = force ? replace : giveName;
  try {
    await writeSynced(temporary, bytes, fileSystem);
    await put(temporary, path, fileSystem);
  } catch (cause) {
    await fileSystem.remove(temporary).catch(() => {});
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw exists;
    throw writeFailed(path, cause as NodeJS.ErrnoException);
  }
}

async function writeSynced(path: string, bytes: Uint8Array, fileSystem: FileSystem): Promise<void> {
  const file = await fileSystem.open(path, "create");
  try {
    for (let offset = 0; offset < bytes.length; ) {
      const written = await file.write(bytes, offset);
      if (!(written > 0))
        throw Object.assign(new Error("ENOSPC: the write took no bytes"), { code: "ENOSPC" });
      offset += written;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a file in the place of what is there, which comes back when the new name cannot be made to last. */
async function replace(temporary: string, path: string, fileSystem: FileSystem): Promise<void> {
  const kept = temporaryBeside(path);
  const isKept = await linked(path, kept, fileSystem).catch(() => false);
  try {
    await fileSystem.rename(temporary, path);
    await syncFolder(dirname(path), fileSystem);
  } catch (error) {
    // Renaming back what still is in place changes nothing: two names of one file.
    if (isKept) await fileSystem.rename(kept, path).catch(() => {});
    throw error;
  } finally {
    if (isKept) await fileSystem.remove(kept).catch(() => {});
  }
}

/** Gives a file its name unless that is taken. */
async function giveName(temporary: string, path: string, fileSystem: FileSystem): Promise<void> {
  // A link fails where a rename would replace a file that appeared in the meantime.
  // The second name may stay until it is swept.
  if (await linked(temporary, path, fileSystem)) await fileSystem.remove(temporary).catch(() => {});
  else if (!(await fileSystem.exists(path))) await fileSystem.rename(temporary, path);
  else throw Object.assign(new Error("the name is taken"), { code: "EEXIST" });
  try {
    await syncFolder(dirname(path), fileSystem);
  } catch (error) {
    await fileSystem.remove(path).catch(() => {});
    throw error;
  }
}

const UNLINKABLE = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/** @returns whether the file has a second name now; false on file systems without links */
export async function linked(file: string, name: string, fileSystem: FileSystem): Promise<boolean> {
  try {
    await fileSystem.link(file, name);
    return true;
  } catch (error) {
    if (UNLINKABLE.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Makes the new name last through a power cut; some systems cannot open or sync folders, and then there is nothing to do. */
async function syncFolder(folder: string, fileSystem: FileSystem): Promise<void> {
  let handle: OpenFile;
  try {
    handle = await fileSystem.open(folder, "folder");
  } catch (error) {
    if (NOT_FOR_FOLDERS.includes((error as NodeJS.ErrnoException).code ?? "")) return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    if (!NOT_FOR_FOLDERS.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    await handle.close();
  }
}

const NOT_FOR_FOLDERS = ["EINVAL", "EPERM", "EACCES", "EISDIR", "ENOTSUP", "EOPNOTSUPP"];

function writeFailed(path: string, cause: NodeJS.ErrnoException): MclnnError {
  const { code, message } = cause;
  const [wrong, expected] = CAUSES[code ?? ""] ?? [];
  return new MclnnError(`${path} cannot be written`, {
    code: wrong === "no-folder" ? "no-folder" : "write-failed",
    argument: path,
    expected: expected ?? "a disk that takes it",
    got: message,
    mend: MENDS[code ?? ""] ?? "Check the folder and its permissions.",
    kind: wrong === undefined ? "failure" : "input",
    cause,
  });
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

const MENDS: Readonly<Record<string, string>> = {
  ENOSPC: "Free some space there, or write to another disk; what was there before is as it was.",
  EDQUOT: "Free some space there, or write to another disk; what was there before is as it was.",
  EIO: "Check the disk, or write to another one; what was there before is as it was.",
};
