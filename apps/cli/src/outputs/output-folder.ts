import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, readdir, realpath, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { MclnnError } from "@mclnn/physics";
import { MANIFEST_NAME, type Manifest, readManifest } from "./manifest.ts";
import { checkWritable, kindOf } from "./place.ts";

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
  /** Throws away what was written and not published. */
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
 * Claims a folder for a command's results.
 *
 * @throws MclnnError `folder-not-empty`, `not-a-folder`, `not-writable`
 */
export async function claimFolder(path: string, claim: FolderClaim): Promise<OutputFolder> {
  const { command, option = "--out", force = false, replace = false, beside = false } = claim;
  const kind = path === "" ? "file" : await kindOf(resolve(path));
  if (kind === "file")
    throw new MclnnError(`${option} ${path} cannot be a folder`, {
      code: "not-a-folder",
      argument: option,
      expected: "the path of a folder, there already or not",
      got: path === "" ? "nothing" : "a file",
    });
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

  const written = new Set<string>();
  let stage: string | undefined;
  // Also when a second Ctrl-C leaves at once.
  const removeStage = (): void => {
    process.off("exit", removeStage);
    if (stage !== undefined) rmSync(stage, { recursive: true, force: true });
    stage = undefined;
  };
  return {
    path,
    async write(name, contents) {
      if (stage === undefined) {
        await mkdir(dirname(full), { recursive: true });
        stage = await temporarySibling(full, "partial");
        process.once("exit", removeStage);
      }
      const target = join(stage, ...name.split("/"));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, contents);
      written.add(name);
    },
    async publish() {
      if (stage === undefined) return;
      const manifest: Manifest = {
        format: "mclnn-output",
        version: 1,
        command,
        files: [...written].sort(),
      };
      await writeFile(join(stage, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
      try {
        await moveIntoPlace(stage, full, manifest, { command, force, option });
      } finally {
        removeStage();
      }
    },
    async discard() {
      removeStage();
    },
  };
}

async function moveIntoPlace(
  stage: string,
  full: string,
  manifest: Manifest,
  { command, force, option }: { command: string; force: boolean; option: string },
): Promise<void> {
  if ((await kindOf(full)) === "nothing" || (await readdir(full)).length === 0) {
    await rename(stage, full);
    return;
  }
  const earlier = await readManifest(full);
  const replaceable = new Set(earlier?.command === command ? earlier.files : []);
  const present = await filesUnder(full);
  const foreign = present.filter((name) => !replaceable.has(name) && name !== MANIFEST_NAME);
  if (foreign.length === 0) {
    // Nothing but an earlier run's files: swap the folders, so that no moment shows half of each.
    const old = await temporarySibling(full, "old");
    await rename(full, join(old, "results"));
    try {
      await rename(stage, full);
    } catch (error) {
      await rename(join(old, "results"), full);
      throw error;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
    return;
  }
  if (!force) {
    const ours = new Set(manifest.files);
    checkCollisions(
      foreign.filter((name) => ours.has(name)),
      { command, option },
    );
  }
  for (const name of replaceable) await rm(join(full, name), { force: true });
  for (const name of [...manifest.files, MANIFEST_NAME]) {
    const target = join(full, ...name.split("/"));
    await mkdir(dirname(target), { recursive: true });
    await rename(join(stage, ...name.split("/")), target);
  }
  await removeEmptyFolders(full, replaceable);
}

function checkCollisions(
  names: readonly string[],
  { command, option }: { command: string; option: string },
): void {
  if (names.length > 0)
    throw new MclnnError(`the folder for ${option} holds files that are not ours to replace`, {
      code: "file-exists",
      argument: option,
      expected: `no ${names[0]} but one that an earlier \`mclnn ${command}\` wrote`,
      got: names.join(", "),
      mend: "Move them away, choose another --out, or give --force.",
    });
}

async function temporarySibling(full: string, what: string): Promise<string> {
  const path = join(dirname(full), `.${basename(full)}.${what}-${randomBytes(6).toString("hex")}`);
  await mkdir(path);
  return path;
}

/** Paths of all files under a folder, from the folder, with `/`. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** Removes folders that only held files of an earlier run. */
async function removeEmptyFolders(folder: string, files: ReadonlySet<string>): Promise<void> {
  const folders = new Set<string>();
  for (const name of files)
    for (let parent = dirname(name); parent !== "."; parent = dirname(parent)) folders.add(parent);
  const deepestFirst = [...folders].sort((a, b) => b.length - a.length);
  for (const name of deepestFirst) {
    try {
      await rmdir(join(folder, name));
    } catch {
      // Not empty, or gone already: it stays as it is.
    }
  }
}
