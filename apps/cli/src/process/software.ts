import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { packageFile } from "./package-file.ts";

/** Versions by name; written by `bundle.mjs` into the program that it makes. */
declare const MCLNN_SOFTWARE: Readonly<Record<string, string>> | undefined;

/** Versions of the packages in use, by name, `@mclnn/cli` among them. */
export function softwareVersions(): Record<string, string> {
  return typeof MCLNN_SOFTWARE === "undefined" ? versionsOfSources() : { ...MCLNN_SOFTWARE };
}

function versionsOfSources(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versions: Record<string, string> = {};
  const keep = (path: string | URL): void => {
    const { name, version } = JSON.parse(readFileSync(path, "utf8")) as {
      name: string;
      version: string;
    };
    versions[name] = version;
  };
  keep(packageFile("package.json"));
  for (const name of ["physics", "integrators", "datasets", "metrics", "models", "report"])
    keep(require.resolve(`@mclnn/${name}/package.json`));
  return versions;
}
