import { rmSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { MclnnError } from "@mclnn/physics";
import { unfinished } from "../own-code/unfinished.ts";
import { writeInside } from "./inside.ts";
import { MANIFEST_NAME, readManifest, writeManifest } from "./manifest.ts";
import { checkWritable, folderAt, kindOf } from "./place.ts";
import { checkCollisions, moveIntoPlace } from "./publish.ts";
import { claimWorkplace } from "./workplace.ts";

/**
 * A folder of results, built beside its place under a temporary name and put there whole at the end.
 * What an earlier run of the same command left there is replaced; nothing else is touched.
 */
export interface OutputFolder {
  readonly path: string;
  /** Keeps a file for the folder. @param name - path inside it, with `/` */
  write(name: string, contents: Uint8Array | string): Promise<void>;
  /** Puts everything written in its place. */
  publish(): Promise<void>;
  /** Throws away what was written and not published, and lets go of the folder. */
  discard(): Promise<void>;
}

export interface FolderClaim {
  /** Recorded in the manifest; only the same command's folders are replaced unasked. */
  readonly command: string;
  readonly option?: string;
  readonly force?: boolean | undefined;
  /** Replace an earlier run's results without `force`. */
  readonly replace?: boolean;
  /** Go beside files that are not ours, where none of ours collides with them. */
  readonly beside?: boolean;
  /** Files that are certain to be written, so that a collision is found before the work starts. */
  readonly certain?: readonly string[];
}

/**
 * Claims a folder for a command's results; no other run can use it until they are published or discarded.
 *
 * @throws MclnnError `folder-not-empty`, `not-a-folder`, `not-writable`; `in-use` while another run has it
 */
export async function claimFolder(path: string, claim: FolderClaim): Promise<OutputFolder> {
  const { command, option = "--out", force = false, replace = false, beside = false } = claim;
  const kind = await folderAt(path, option);
  // Through links: renaming must move the folder itself.
  const full = kind === "folder" ? await realpath(path) : resolve(path);
  if (kind === "folder") {
    const earlier = await readManifest(full);
    const ours = earlier !== undefined && earlier.command === command && replace;
    if (!force && !ours && !beside && (await readdir(full)).length > 0)
      throw new MclnnError(`${option} ${path} is not empty`, {
        code: "folder-not-empty",
        argument: option,
        expected: replace
          ? `a new or empty folder, or one that an earlier \`mclnn ${command}\` wrote`
          : "a new or empty folder",
        got: "a folder with other files in it",
        mend: "Choose another folder, or give --force to write there and overwrite files of the same names.",
      });
    if (!force) {
      const replaceable = new Set(ours ? earlier.files : []);
      const foreign = (claim.certain ?? []).filter((name) => !replaceable.has(name));
      const collisions: string[] = [];
      for (const name of foreign)
        if ((await kindOf(join(full, name))) !== "nothing") collisions.push(name);
      checkCollisions(collisions, { command, option });
    }
  }
  // A file in the folder itself stands for the folder's own permissions.
  await checkWritable(kind === "folder" ? join(full, MANIFEST_NAME) : full, option);

  const workplace = await claimWorkplace(full, option);
  const written = new Set<string>();
  let stage: string | undefined;
  let removed = (): void => {};
  // Also when a second Ctrl-C leaves at once.
  const removeStage = (): void => {
    process.off("exit", removeStage);
    if (stage !== undefined) rmSync(stage, { recursive: true, force: true });
    stage = undefined;
    removed();
  };
  return {
    path,
    async write(name, contents) {
      if (stage === undefined) {
        stage = await workplace.room("partial");
        process.once("exit", removeStage);
        removed = unfinished(stage);
      }
      await writeInside(stage, name, contents, option);
      written.add(name);
    },
    async publish() {
      if (stage === undefined) return;
      const manifest = await writeManifest(stage, command, written, option);
      try {
        await moveIntoPlace(stage, full, manifest, { command, force, option, workplace });
      } finally {
        removeStage();
        await workplace.release();
      }
    },
    async discard() {
      removeStage();
      await workplace.release();
    },
  };
}
