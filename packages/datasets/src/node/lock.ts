import { unlinkSync } from "node:fs";
import process from "node:process";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { FILE_SYSTEM, type FileSystem, nodeFileSystem } from "./file-system.ts";
import { lives, type ProcessIdentity, thisProcess } from "./process-identity.ts";
import { temporaryBeside } from "./temporary-files.ts";
import { linked, writeFileAtomic } from "./write-file-atomic.ts";

/** A place that is this process's alone until it lets go of it, or ends. */
export interface Lock {
  /** Throws when another process has the place now: what comes next would mix two runs. @throws MclnnError `lock-lost` */
  check(): Promise<void>;
  release(): Promise<void>;
}

interface Owner extends ProcessIdentity {
  readonly format: "mclnn-lock";
  /** When the lock was taken; for people. */
  readonly since: string;
}

/**
 * Takes a lock: a file that names the process that has it. One that a process left when it was killed is taken over.
 *
 * @param path - of the lock file
 * @param options - `place`: what is locked, for messages; `argument`: the option that named the place
 * @throws MclnnError `in-use` (input) with pid and host of the process that has it; as `writeFileAtomic`
 */
export async function takeLock(
  path: string,
  options: { readonly place: string; readonly argument: string; readonly fileSystem?: FileSystem },
): Promise<Lock> {
  checkArgument("path", path, "text");
  checkArgument("options", options, { place: "text", argument: "text", fileSystem: FILE_SYSTEM });
  const { place, argument, fileSystem = nodeFileSystem } = options;
  const own: Owner = { format: "mclnn-lock", ...thisProcess(), since: new Date().toISOString() };
  const text = `${JSON.stringify(own)}\n`;
  for (let tries = 0; ; tries++) {
    try {
      await writeFileAtomic(path, text, { fileSystem });
      break;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "file-exists") throw error;
      const there = await contentsOf(path, fileSystem);
      // Gone again in the meantime.
      if (there === null && tries < TRIES) continue;
      const owner = there === null ? null : parseOwner(there);
      const alive = owner === null ? "unknown" : lives(owner);
      if (alive !== false || tries >= TRIES) throw inUse(path, place, argument, owner, alive);
      await clear(path, there as string, fileSystem);
    }
  }
  // Also when the process leaves at once.
  const removeNow = (): void => {
    try {
      unlinkSync(path);
    } catch {
      // Gone already.
    }
  };
  if (fileSystem === nodeFileSystem) process.once("exit", removeNow);
  return {
    async check() {
      const there = await contentsOf(path, fileSystem);
      if (there === text) return;
      process.off("exit", removeNow);
      throw new MclnnError(`${place} is no longer this process's alone`, {
        code: "lock-lost",
        argument,
        expected: `${path} as it was written`,
        got: there === null ? "no such file" : `another: ${there.slice(0, 200).trim()}`,
        mend: "Something else removed or took the lock. Let one run at a time use the folder.",
        kind: "failure",
      });
    },
    async release() {
      process.off("exit", removeNow);
      if ((await contentsOf(path, fileSystem)) === text) await fileSystem.remove(path);
    },
  };
}

/** Attempts to take over a lock that others take over too. */
const TRIES = 5;

/** Removes a dead process's lock, and no other: of two who see it, one moves it away. */
async function clear(path: string, dead: string, fileSystem: FileSystem): Promise<void> {
  const aside = temporaryBeside(path);
  try {
    await fileSystem.rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  // What was moved may be the lock of who was faster: it goes back.
  if ((await contentsOf(aside, fileSystem)) !== dead)
    await linked(aside, path, fileSystem).catch(() => false);
  await fileSystem.remove(aside);
}

async function contentsOf(path: string, fileSystem: FileSystem): Promise<string | null> {
  try {
    return new TextDecoder().decode(await fileSystem.readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function parseOwner(text: string): Owner | null {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    const good =
      owner?.format === "mclnn-lock" &&
      Number.isSafeInteger(owner.pid) &&
      (owner.pid as number) > 0 &&
      typeof owner.host === "string" &&
      (owner.born === null || typeof owner.born === "string") &&
      typeof owner.since === "string";
    return good ? (owner as Owner) : null;
  } catch {
    return null;
  }
}

function inUse(
  path: string,
  place: string,
  argument: string,
  owner: Owner | null,
  alive: boolean | "unknown",
): MclnnError {
  return new MclnnError(`${place} is in use`, {
    code: "in-use",
    argument,
    expected: "a folder that no other run uses",
    got:
      owner === null
        ? `a lock file that cannot be read, ${path}`
        : `one that process ${owner.pid} on ${owner.host} has used since ${owner.since}`,
    mend:
      alive === true
        ? "Wait until it is done, or use another folder."
        : `Use another folder; or, if that process is gone for certain, delete ${path}.`,
  });
}
