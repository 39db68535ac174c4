import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { softwareVersions } from "../software.ts";

/** Packages whose code decides results. */
const PACKAGES = ["physics", "integrators", "datasets", "metrics", "models"];
/** This program's own, from its root. */
const OWN = [
  "reproduce/studies",
  "reproduce/rollouts",
  "reproduce/experiment",
  "reproduce/training-data",
  "compare/measure",
  "compare/run",
  "compare/law-curves",
];

/** A fingerprint of the versions and the code that results come from: results of other software are not taken for this one's. */
export async function softwareFingerprint(): Promise<string> {
  const require = createRequire(import.meta.url);
  const hash = createHash("sha256");
  for (const [name, version] of Object.entries(softwareVersions()))
    if (PACKAGES.includes(name.replace("@mclnn/", ""))) hash.update(`${name}@${version}\n`);
  for (const name of PACKAGES) await add(hash, dirname(require.resolve(`@mclnn/${name}`)), name);
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  await add(hash, root, "cli", (path) => OWN.some((own) => path.startsWith(own)));
  return hash.digest("hex");
}

async function add(
  hash: ReturnType<typeof createHash>,
  folder: string,
  name: string,
  wanted: (path: string) => boolean = () => true,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(js|ts|wasm)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.endsWith(".d.ts") && wanted(path))
    .sort();
  for (const path of paths) {
    hash.update(`${name}/${path}\n`);
    hash.update(await readFile(join(folder, path)));
  }
}
