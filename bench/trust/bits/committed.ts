import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const file = path.join(import.meta.dirname, "hashes.json");

/** Hashes by name of the case, as they are committed. */
export function committedHashes(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Commits other hashes. */
export function writeHashes(hashes: Readonly<Record<string, string>>): void {
  writeFileSync(file, `${JSON.stringify(hashes, null, 2)}\n`);
}
