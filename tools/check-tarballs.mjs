// What a user gets: every package packed, its contents looked at, installed alone into an empty project, its README's first example run there
// and its types checked by strict TypeScript; the command line; a project that `mclnn init` writes; two copies of a package side by side.
// Default: this Node, npm, the workspace's TypeScript. `--all`: Node 20, 22 and 24, npm and pnpm, TypeScript 5.5 and 6.0, and the new
// project's full comparison.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import ts from "typescript";
import { inScratchFolder } from "./scratch.mjs";
import { contentsProblems } from "./tarballs/contents.mjs";
import { exampleProblems, installedReadme, toldToInstall } from "./tarballs/examples.mjs";
import { newProjectProblems } from "./tarballs/new-project.mjs";
import { packAll, withNeeds } from "./tarballs/pack.mjs";
import { nodeOf, Project } from "./tarballs/project.mjs";
import { twoCopiesProblems } from "./tarballs/two-copies.mjs";

const root = path.join(import.meta.dirname, "..");
const all = process.argv.includes("--all");
const types = { "@types/node": "^20.19.0" };

/** @type {string[]} */
const problems = [];

inScratchFolder((folder) => {
  const tarballs = packAll(root, folder);
  for (const tarball of tarballs) problems.push(...contentsProblems(tarball, root));

  const compilers = all ? [ts, olderCompiler(path.join(folder, "compiler"))] : [ts];
  const nodes = (all ? ["20", "22", "24"] : [null]).map(nodeOf);
  /** @type {import("./tarballs/project.mjs").Manager[]} */
  const managers = all ? ["npm", "pnpm"] : ["npm"];
  for (const node of nodes)
    for (const manager of managers) {
      const began = performance.now();
      const found = problems.length;
      const tools = { node, manager };
      const here = path.join(folder, `node-${node.version}-${manager}`);
      // Types do not depend on Node.
      const checked = node === nodes[0] ? compilers : [];
      for (const tarball of tarballs)
        problems.push(...alone(tarball, tarballs, here, tools, checked));
      const mclnn = path.join(here, "cli/node_modules/.bin/mclnn");
      const law = path.join(here, "my-law");
      problems.push(...newProjectProblems(law, mclnn, tarballs, tools, { whole: all }));
      // pnpm keeps two of the same bytes as one.
      if (manager === "npm")
        problems.push(...twoCopiesProblems(path.join(here, "two-copies"), tarballs, tools));
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      console.log(
        `Node ${node.version}, ${manager}: ${problems.length - found} problems, ${seconds} s`,
      );
    }
});

for (const problem of problems) console.error(problem);
console.log(`tarballs: ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

/**
 * Installs one package as its README says, and uses it.
 *
 * @param {import("./tarballs/pack.mjs").Tarball} tarball
 * @param {readonly import("./tarballs/pack.mjs").Tarball[]} tarballs
 * @param {string} folder
 * @param {{ node: import("./tarballs/project.mjs").Node, manager: import("./tarballs/project.mjs").Manager }} tools
 * @param {readonly (typeof import("typescript"))[]} compilers
 * @returns {string[]} problems
 */
function alone({ name, manifest, unpacked }, tarballs, folder, tools, compilers) {
  const project = new Project(path.join(folder, name.replace("@mclnn/", "")), tools);
  const readme = readFileSync(path.join(unpacked, "README.md"), "utf8");
  const asked = new Set([name, ...toldToInstall(readme)]);
  const direct = tarballs.filter((each) => asked.has(each.name));
  try {
    project.install(
      direct,
      direct.flatMap((each) => withNeeds(each.name, tarballs)),
      types,
    );
  } catch (error) {
    return [`${name}: does not install with ${tools.manager}: ${error}`];
  }
  const found = [];
  if (installedReadme(project, name) !== readme) found.push("another README than was packed");
  if (manifest.bin === undefined) {
    found.push(...exampleProblems(project, readme, compilers));
    // `require()` of an ES module works on every supported Node, but for one that awaits its peer.
    project.write("consumer.cjs", `if (Object.keys(require("${name}")).length === 0) throw 0;`);
    try {
      if (name !== "@mclnn/tfjs") project.run("node", ["consumer.cjs"]);
    } catch (error) {
      found.push(`require() fails: ${error}`);
    }
  } else found.push(...Object.keys(manifest.bin).flatMap((bin) => commandProblems(project, bin)));
  return found.map((each) => `${name}, Node ${tools.node.version}, ${tools.manager}: ${each}`);
}

/** @param {Project} project @param {string} name @returns {string[]} */
function commandProblems(project, name) {
  return [["--version"], ["--help"], ["systems", "--json"]].flatMap((args) => {
    try {
      const output = project.run(path.join(project.folder, "node_modules/.bin", name), args);
      if (args.includes("--json")) JSON.parse(output);
      return output.trim() === "" ? [`${name} ${args.join(" ")} prints nothing`] : [];
    } catch (error) {
      return [`${name} ${args.join(" ")}: ${error}`];
    }
  });
}

/** TypeScript 5.5, the oldest that our declarations are for. @param {string} folder @returns {typeof ts} */
function olderCompiler(folder) {
  const project = new Project(folder, { manager: "npm", node: nodeOf(null) });
  project.install([], [], { typescript: "~5.5.4" });
  return createRequire(path.join(folder, "index.js"))("typescript");
}
