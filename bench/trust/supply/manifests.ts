import { readJson, type Tree } from "./tree.ts";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly bundledDependencies?: unknown;
  readonly bundleDependencies?: unknown;
}

/** Dependencies of others that a package may have: none where it is not named, but for the two below that do no numerics. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "@mclnn/physics": [],
  "@mclnn/integrators": [],
  "@mclnn/metrics": [],
  "@mclnn/datasets": ["fflate", "pure-rand"],
  "@mclnn/models": ["@noble/hashes"],
  "@mclnn/studies": [],
  "@mclnn/report": ["@observablehq/plot", "@resvg/resvg-js", "dejavu-fonts-ttf"],
  "@mclnn/cli": ["@observablehq/plot", "@resvg/resvg-js", "dejavu-fonts-ttf", "jiti", "tinypool"],
};

/** Scripts that a package manager runs by itself where the package is installed, packed or published. */
const BY_ITSELF =
  /^(pre|post)?(install|prepare|pack|publish|publishOnly|uninstall|version|dependencies)$|^prepublishOnly$/;

/** Folders of the packages that are published. */
export function publishedFolders(tree: Tree): string[] {
  return tree.names
    .filter((name) => /^(packages|apps)\/[^/]+\/package\.json$/.test(name))
    .filter((name) => readJson<Manifest>(tree, name).private !== true)
    .map((name) => name.replace("/package.json", ""));
}

/** What our packages bring into a user's project that they should not. */
export function manifestProblems(tree: Tree): string[] {
  const problems: string[] = [];
  for (const folder of publishedFolders(tree)) {
    const manifest = readJson<Manifest>(tree, `${folder}/package.json`);
    const allowed = ALLOWED[manifest.name];
    if (allowed === undefined) problems.push(`${folder}: what it may need is not said`);
    const needs = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const [name, range] of Object.entries(needs)) {
      if (name.startsWith("@mclnn/")) continue;
      if (!allowed?.includes(name)) problems.push(`${folder}: needs ${name}`);
      if (range !== "catalog:")
        problems.push(`${folder}: ${name} is not of the catalog, but ${range}`);
    }
    for (const name of Object.keys(manifest.scripts ?? {}))
      if (BY_ITSELF.test(name)) problems.push(`${folder}: script ${name} runs by itself`);
    if (manifest.bundledDependencies !== undefined || manifest.bundleDependencies !== undefined)
      problems.push(`${folder}: bundles dependencies that no lockfile knows`);
    // npm compiles where it finds this, without being told to.
    if (tree.names.includes(`${folder}/binding.gyp`)) problems.push(`${folder}: has a binding.gyp`);
  }
  const { scripts = {} } = readJson<Manifest>(tree, "package.json");
  for (const name of Object.keys(scripts))
    if (/^(pre|post)?(install|prepare)$/.test(name))
      problems.push(`package.json: script ${name} runs by itself`);
  return problems;
}
