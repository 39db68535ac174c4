import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { softwareVersions } from "../../process/software.ts";
import { threadEntry } from "../../process/thread-entry.ts";

/** What follows `from`, or `import`, with parentheses or without. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g;

/**
 * A fingerprint of the code that results come from: every module that a worker loads, among the sources or in the program's bundle, and the
 * versions. Results of other software are not taken for this one's; how they are shown does not count.
 */
export async function softwareFingerprint(): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(softwareVersions()));
  const modules = new Map<string, string>();
  await addModule(threadEntry("commands/reproduce/worker"), modules);
  // The name of a file, not where the program is installed.
  for (const [url, text] of [...modules].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(url.slice(url.lastIndexOf("/") + 1)).update(text);
  return hash.digest("hex");
}

async function addModule(url: URL, modules: Map<string, string>): Promise<void> {
  if (modules.has(url.href)) return;
  const text = await readFile(url, "utf8");
  modules.set(url.href, text);
  const require = createRequire(url);
  for (const [, name = ""] of text.matchAll(IMPORT)) {
    if (name.startsWith(".")) await addModule(new URL(name, url), modules);
    else if (name.startsWith("@mclnn/"))
      await addModule(pathToFileURL(require.resolve(name)), modules);
  }
}
