import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { codeBlocks, firstExample } from "../readme-code.mjs";
import { typeErrors } from "./type-errors.mjs";

/** A first example is read before anything else: it is to be short. */
const MOST_LINES = 9;

/**
 * The packages that a README tells to install before its first example.
 *
 * @param {string} readme
 * @returns {string[]}
 */
export function toldToInstall(readme) {
  for (const { language, code } of codeBlocks(readme)) {
    if (language !== "sh") continue;
    const line = code.split("\n").find((each) => /^npm install /.test(each));
    if (line !== undefined) return line.split(/\s+/).filter((word) => word.startsWith("@"));
  }
  return [];
}

/**
 * Runs a README's first example in a project, and checks its types.
 *
 * @param {import("./project.mjs").Project} project
 * @param {string} readme
 * @param {readonly (typeof import("typescript"))[]} compilers
 * @returns {string[]} problems
 */
export function exampleProblems(project, readme, compilers) {
  const example = firstExample(readme);
  if (example === undefined) return ["README.md has no example in js or ts"];
  const { code, line } = example;
  const problems = [];
  const lines = code.split("\n").filter((each) => each.trim() !== "").length;
  if (lines > MOST_LINES) problems.push(`the first example has ${lines} lines, not ${MOST_LINES}`);

  project.write("example.mjs", code);
  problems.push(...outcome(project, "example.mjs"));
  project.write("example.mts", code);
  const typed = path.join(project.folder, "example.mts");
  problems.push(...compilers.flatMap((ts) => typeErrors(ts, typed)));
  return problems.map((each) => `README.md:${line}: ${each}`);
}

/** @param {import("./project.mjs").Project} project @param {string} file @returns {string[]} */
function outcome(project, file) {
  const before = readdirSync(project.folder);
  try {
    const output = project.run("node", [file]);
    const written = readdirSync(project.folder).filter((each) => !before.includes(each));
    if (output.trim() === "" && written.length === 0 && !before.some((each) => /\.png$/.test(each)))
      return [`${file} prints nothing and writes nothing`];
    return /\bNaN\b|undefined/.test(output) ? [`${file} prints NaN or undefined`] : [];
  } catch (error) {
    return [`${file} does not run: ${error}`];
  }
}

/** A package's README as it was installed. @param {import("./project.mjs").Project} project @param {string} name */
export function installedReadme(project, name) {
  return readFileSync(path.join(project.folder, "node_modules", name, "README.md"), "utf8");
}
