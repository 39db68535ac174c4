import { readdir, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { softwareVersions } from "../../process/software.ts";
import { TEMPLATE } from "../../process/template.ts";

/** Files of a new project, by name. */
export type ProjectFiles = ReadonlyMap<string, string>;

/** Packages that the project's program imports, beside the command line. */
const USED = ["datasets", "integrators", "learning", "metrics", "models", "physics", "report"];

/** Tools for TypeScript, in versions that work on every Node that we do. */
const TOOLS = { "@types/node": "^20.19.0", jiti: "^2.7.0", typescript: "~6.0.3" };

/** The files of a project for a folder, on the versions of the packages in use. */
export async function projectFiles(folder: string): Promise<ProjectFiles> {
  const files = new Map<string, string>();
  // npm leaves out files of that name when it packs.
  for (const name of (await readdir(TEMPLATE)).sort())
    files.set(
      name === "gitignore" ? ".gitignore" : name,
      await readFile(new URL(name, TEMPLATE), "utf8"),
    );
  const versions = softwareVersions();
  const dependencies = Object.fromEntries(
    [...USED, "cli"].sort().map((name) => [`@mclnn/${name}`, `^${versions[`@mclnn/${name}`]}`]),
  );
  const manifest = {
    name: packageName(folder),
    private: true,
    type: "module",
    scripts: {
      start: "jiti main.ts",
      compare: "mclnn compare --potential ./potential.ts --initial start.json",
      check: "tsc",
    },
    dependencies,
    devDependencies: TOOLS,
  };
  return files.set("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A folder's name as npm takes it. */
function packageName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");
  return name === "" ? "my-law" : name;
}
