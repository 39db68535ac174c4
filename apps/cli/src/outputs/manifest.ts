import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { writeInside } from "./inside.ts";

/** The list, kept in an output folder, of what the program wrote there: what a later run may replace. */
export interface Manifest {
  readonly format: "mclnn-output";
  readonly version: 1;
  /** The command that wrote the folder. */
  readonly command: string;
  /** Paths from the folder, with `/`, the manifest itself not among them. */
  readonly files: readonly string[];
}

export const MANIFEST_NAME = ".mclnn-output.json";

/** The manifest in a folder; undefined where there is none that can be trusted. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(join(folder, MANIFEST_NAME), "utf8"));
  } catch {
    return undefined;
  }
  const manifest = parsed as Partial<Manifest> | null;
  if (
    manifest?.format !== "mclnn-output" ||
    manifest.version !== 1 ||
    typeof manifest.command !== "string" ||
    !Array.isArray(manifest.files) ||
    !manifest.files.every(staysInside)
  )
    return undefined;
  return manifest as Manifest;
}

/** Puts down what is in a folder. */
export async function writeManifest(
  folder: string,
  command: string,
  files: Iterable<string>,
  option: string,
): Promise<Manifest> {
  const manifest: Manifest = {
    format: "mclnn-output",
    version: 1,
    command,
    files: [...new Set(files)].sort(),
  };
  await writeInside(folder, MANIFEST_NAME, `${JSON.stringify(manifest, null, 2)}\n`, option);
  return manifest;
}

/** Whether a path from a manifest leads to a place inside the manifest's folder. */
function staysInside(path: unknown): path is string {
  if (typeof path !== "string" || isAbsolute(path)) return false;
  const normal = normalize(path);
  return normal !== "." && normal !== ".." && !normal.startsWith(`..${sep}`);
}
