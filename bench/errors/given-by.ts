import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { errorCodes } from "../../tools/error-codes.mjs";

/** In the order of the layers. */
const FOLDERS = [
  ...["physics", "integrators", "datasets", "metrics", "models", "studies", "report"].map(
    (name) => `packages/${name}`,
  ),
  "apps/cli",
];
/** Why a training ended before there was anything to keep: the codes that are the value of a variable. */
const INTERRUPTIONS = ["aborted", "epochs", "time-limit"];

/** Packages whose sources can give each code. */
export function givenBy(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const folder of FOLDERS)
    for (const code of codesOf(path.join(root, folder, "src")))
      found.set(code, [...(found.get(code) ?? []), path.basename(folder)]);
  return found;
}

function codesOf(folder: string): Set<string> {
  const codes = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const own = errorCodes(file, readFileSync(path.join(folder, file), "utf8"));
    for (const code of own.codes) codes.add(code);
    if (own.computed.some((expression) => /\binterrupted$/.test(expression)))
      for (const code of INTERRUPTIONS) codes.add(code);
  }
  return codes;
}
