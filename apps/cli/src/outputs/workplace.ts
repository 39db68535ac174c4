import { randomBytes } from "node:crypto";
import { access, constants, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { takeLock } from "@mclnn/datasets/node";
import { unfinished } from "../own-code/unfinished.ts";
import { kindOf, removeEmpty } from "./place.ts";

/** Where a folder of results is built before it is put in place: beside it, or inside where only that is possible. */
export interface Workplace {
  /** Whether that is beside the folder, so that the folder can be swapped as a whole. */
  readonly beside: boolean;
  /** Makes a folder to build in. */
  room(what: "partial" | "old"): Promise<string>;
  /** Lets another run use the folder. */
  release(): Promise<void>;
}

/**
 * Makes the folder's workplace this process's alone, and tidies up after runs that were killed there: what they had not put in place is
 * removed, what they had taken away for a moment is put back.
 *
 * @throws MclnnError `in-use` while another run has it
 */
export async function claimWorkplace(full: string, option: string): Promise<Workplace> {
  const parent = dirname(full);
  const beside = (await kindOf(full)) === "nothing" || (await isPlainSubfolder(full, parent));
  const base = beside ? parent : full;
  const prefix = beside ? `.${basename(full)}.` : ".mclnn-";
  const made = await mkdir(base, { recursive: true });
  const path = join(base, `${prefix}lock`);
  const lock = await takeLock(path, { place: `the folder ${full}`, argument: option });
  const released = unfinished(path, made);
  for (const name of await readdir(base)) {
    if (name.startsWith(`${prefix}old-`) && (await kindOf(full)) === "nothing")
      // Killed between taking the earlier results away and putting the new ones there.
      await rename(join(base, name, "results"), full).catch(() => {});
    if (name.startsWith(`${prefix}partial-`) || name.startsWith(`${prefix}old-`))
      await rm(join(base, name), { recursive: true, force: true });
  }
  return {
    beside,
    async room(what) {
      const path = join(base, `${prefix}${what}-${randomBytes(6).toString("hex")}`);
      await mkdir(path);
      return path;
    },
    async release() {
      await lock.release();
      released();
      if (made !== undefined) await removeEmpty(base, made);
    },
  };
}

/** Whether a folder can be renamed beside itself: no mount point, in a parent that may be written to. */
async function isPlainSubfolder(full: string, parent: string): Promise<boolean> {
  const [own, above] = await Promise.all([stat(full), stat(parent)]);
  if (own.dev !== above.dev || full === parent) return false;
  return access(parent, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
