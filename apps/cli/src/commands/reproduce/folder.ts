import { readdir, readFile, realpath, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { MclnnError } from "@mclnn/physics";
import type { Settings } from "@mclnn/studies/paper";
import { removeInside, writeInside } from "../../outputs/inside.ts";
import { MANIFEST_NAME, readManifest, writeManifest } from "../../outputs/manifest.ts";
import { checkWritable, folderAt } from "../../outputs/place.ts";
import { RESULTS } from "./store.ts";

/** The folder of a reproduction: results as they are finished, the page and the figures at the end. */
export interface ReproductionFolder {
  /** As the user gave it. */
  readonly path: string;
  readonly full: string;
  /** Whether an interrupted run of the same settings goes on here. */
  readonly resumed: boolean;
  /** Writes a file whole or not at all. @param name - path inside the folder, with `/` */
  write(name: string, contents: Uint8Array | string): Promise<void>;
  /** Records what is in the folder, and removes what an earlier page had and this one has not. @param names - written elsewhere */
  finish(names: readonly string[]): Promise<void>;
}

const COMMAND = "reproduce";
const RUN = "run.json";

/**
 * Claims a folder: a new or empty one, or that of a run with the same settings, which goes on.
 *
 * @throws MclnnError `not-a-folder`, `not-writable`, `folder-not-empty` where it holds anything else and `force` is not given
 */
export async function claimReproduction(
  path: string,
  { settings, force = false }: { readonly settings: Settings; readonly force?: boolean },
): Promise<ReproductionFolder> {
  const kind = await folderAt(path, "--out");
  const full = kind === "folder" ? await realpath(path) : resolve(path);
  const earlier = kind === "folder" ? await readManifest(full) : undefined;
  const ours = earlier?.command === COMMAND;
  const before = ours ? await readRun(full) : undefined;
  const resumed = before !== undefined && isDeepStrictEqual(before, asJson(settings));
  if (kind === "folder" && !resumed && !force && (await readdir(full)).length > 0)
    throw new MclnnError(`--out ${path} holds other results`, {
      code: "folder-not-empty",
      argument: "--out",
      expected: `a new or empty folder, or that of an interrupted \`mclnn reproduce\` with the same settings (seed ${settings.seed}, ${settings.size} size)`,
      got: ours
        ? `a reproduction with ${settingsText(before)}`
        : earlier === undefined
          ? "a folder with other files in it"
          : `results of \`mclnn ${earlier.command}\``,
      mend: "Choose another folder, or give --force to write there and overwrite files of the same names.",
    });
  await checkWritable(kind === "folder" ? join(full, MANIFEST_NAME) : full, "--out");
  if (ours && !resumed) {
    await removeInside(full, earlier.files, "--out");
    await rm(join(full, RESULTS), { recursive: true, force: true });
  }
  const written = new Set<string>([RUN]);
  if (!resumed) {
    const run = { format: "mclnn-reproduction", version: 1, settings };
    await writeInside(full, RUN, `${JSON.stringify(run)}\n`, "--out");
    await writeManifest(full, COMMAND, written, "--out");
  }
  return {
    path,
    full,
    resumed,
    async write(name, contents) {
      await writeInside(full, name, contents, "--out");
      written.add(name);
    },
    async finish(names) {
      const now = new Set([...written, ...names]);
      const gone = (resumed ? (earlier?.files ?? []) : []).filter((name) => !now.has(name));
      await removeInside(full, gone, "--out");
      await writeManifest(full, COMMAND, now, "--out");
    },
  };
}

async function readRun(folder: string): Promise<unknown> {
  try {
    const { format, version, settings } = JSON.parse(await readFile(join(folder, RUN), "utf8"));
    return format === "mclnn-reproduction" && version === 1 ? settings : undefined;
  } catch {
    return undefined;
  }
}

function asJson(settings: Settings): unknown {
  return JSON.parse(JSON.stringify(settings));
}

function settingsText(settings: unknown): string {
  const { seed, size } = (settings ?? {}) as Partial<Settings>;
  return seed === undefined || size === undefined
    ? "settings that cannot be read"
    : `other settings (seed ${seed}, ${size} size)`;
}
