import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFile } from "../../process/package-file.ts";
import { softwareVersions } from "../../process/software.ts";
import { TEMPLATE } from "../../process/template.ts";

/** Files of a new project, by name. */
export type ProjectFiles = ReadonlyMap<string, string>;

/** Packages that the project's program imports, beside the command line. */
const USED = ["datasets", "integrators", "learning", "metrics", "models", "physics", "report"];

/** Tools for TypeScript, in versions that work on every Node that we do. */
const TOOLS = { "@types/node": "^20.19.0", jiti: "^2.7.0", typescript: "~6.0.3" };

/** The clone that this program runs from; undefined where it was installed. */
function cloneAt(): string | undefined {
  const root = packageFile("../../");
  return existsSync(new URL("pnpm-workspace.yaml", root)) && existsSync(new URL("packages/", root))
    ? fileURLToPath(root)
    : undefined;
}

/** A program that links packages of a clone into `node_modules`, where the registry may not have them yet. */
function linker(clone: string, names: readonly string[]): string {
  const places = Object.fromEntries(
    names.map((name) => [
      `@mclnn/${name}`,
      resolve(clone, name === "cli" ? "apps/cli" : `packages/${name}`),
    ]),
  );
  return `// Links the packages of the clone of mclnn that wrote this project. To take them from npm instead, add them to the
// dependencies in package.json and remove this file and its script.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";

const packages = ${JSON.stringify(places, null, 2)};

mkdirSync("node_modules/@mclnn", { recursive: true });
for (const [name, place] of Object.entries(packages)) {
  rmSync(\`node_modules/\${name}\`, { recursive: true, force: true });
  symlinkSync(place, \`node_modules/\${name}\`, "junction");
}
`;
}

/** The files of a project for a folder, on the packages in use: of the registry, or of the clone that this is. */
export async function projectFiles(folder: string): Promise<ProjectFiles> {
  const files = new Map<string, string>();
  // npm leaves out files of that name when it packs.
  for (const name of (await readdir(TEMPLATE)).sort())
    files.set(
      name === "gitignore" ? ".gitignore" : name,
      await readFile(new URL(name, TEMPLATE), "utf8"),
    );
  const versions = softwareVersions();
  const names = [...USED, "cli"].sort();
  const clone = cloneAt();
  if (clone !== undefined) files.set("link.mjs", linker(clone, names));
  const dependencies = Object.fromEntries(
    names.map((name) => [`@mclnn/${name}`, `^${versions[`@mclnn/${name}`]}`]),
  );
  const manifest = {
    name: packageName(folder),
    private: true,
    type: "module",
    scripts: {
      ...(clone === undefined ? {} : { postinstall: "node link.mjs" }),
      start: "jiti main.ts",
      compare:
        "node node_modules/@mclnn/cli/bin/mclnn.js compare --potential ./potential.ts --initial start.json",
      check: "tsc",
    },
    ...(clone === undefined ? { dependencies } : {}),
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
