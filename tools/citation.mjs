// Writes the version of @mclnn/cli into what others cite the software by: part of `pnpm version-packages`.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const { version } = JSON.parse(readFileSync(path.join(root, "apps/cli/package.json"), "utf8"));
/** Lines that say the version. */
const LINES = {
  "CITATION.cff": /^(version: ).*$/m,
  "codemeta.json": /^(\s*"version": ")[^"]*/m,
  ".zenodo.json": /^(\s*"version": ")[^"]*/m,
};
for (const [name, line] of Object.entries(LINES)) {
  const file = path.join(root, name);
  writeFileSync(file, readFileSync(file, "utf8").replace(line, `$1${version}`));
}
