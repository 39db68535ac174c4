import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { nodeFileSystem } from "@mclnn/datasets/node";
import { MclnnError } from "@mclnn/physics";
import { placeInside, removeInside } from "./inside.ts";
import { MANIFEST_NAME, type Manifest, readManifest } from "./manifest.ts";
import { kindOf } from "./place.ts";
import type { Workplace } from "./workplace.ts";

/** Puts a folder of results in its place, whole where that is possible. @param stage - what was built */
export async function moveIntoPlace(
  stage: string,
  full: string,
  manifest: Manifest,
  {
    command,
    force,
    option,
    workplace,
  }: { command: string; force: boolean; option: string; workplace: Workplace },
): Promise<void> {
  if ((await kindOf(full)) === "nothing" || (workplace.beside && (await isEmpty(full)))) {
    await rename(stage, full);
    await lasting(dirname(full));
    return;
  }
  const earlier = await readManifest(full);
  const replaceable = new Set(earlier?.command === command ? earlier.files : []);
  const present = await filesUnder(full);
  const foreign = present.filter((name) => !replaceable.has(name) && name !== MANIFEST_NAME);
  if (foreign.length === 0 && workplace.beside) {
    // Nothing but an earlier run's files: swap the folders, so that no moment shows half of each.
    const old = await workplace.room("old");
    await rename(full, join(old, "results"));
    try {
      await rename(stage, full);
    } catch (error) {
      await rename(join(old, "results"), full);
      throw error;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
    await lasting(dirname(full));
    return;
  }
  if (!force) {
    const ours = new Set(manifest.files);
    checkCollisions(
      foreign.filter((name) => ours.has(name)),
      { command, option },
    );
  }
  const files = [...manifest.files, MANIFEST_NAME];
  const targets = await Promise.all(files.map((name) => placeInside(full, name, option)));
  await removeInside(full, [...replaceable], option);
  for (const [k, target] of targets.entries()) {
    await mkdir(dirname(target), { recursive: true });
    await rename(join(stage, ...(files[k] as string).split("/")), target);
  }
  await removeEmptyFolders(full, replaceable);
  await lasting(full);
}

/** @throws MclnnError `file-exists` naming files that a run would have to replace and may not */
export function checkCollisions(
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

async function isEmpty(folder: string): Promise<boolean> {
  return (await readdir(folder)).length === 0;
}

/** Makes new names in a folder last through a power cut. */
async function lasting(folder: string): Promise<void> {
  const handle = await nodeFileSystem.open(folder, "folder");
  try {
    await handle.sync();
  } catch {
    // Some systems do not sync folders.
  } finally {
    await handle.close();
  }
}

/** Paths of all files under a folder, from the folder, with `/`; those of a run under way left out. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((name) => !/^\.mclnn-(lock$|partial-|old-)/.test(name));
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
