import { readFileSync } from "node:fs";
import path from "node:path";
import { Project } from "./project.mjs";

/** The full comparison, small enough to wait for. */
const SMALL = [
  "--trajectories",
  "20",
  "--rollout-records",
  "200",
  "--lnn-points",
  "200",
  "--lnn-epochs",
  "3",
];

/**
 * What `mclnn init` writes, used as its README says: installed, run, compared, its types checked.
 *
 * @param {string} folder - to work in
 * @param {string} mclnn - an installed command line
 * @param {readonly import("./pack.mjs").Tarball[]} tarballs
 * @param {{ manager: import("./project.mjs").Manager, node: import("./project.mjs").Node }} tools
 * @param {{ whole: boolean }} options - whether to make the full comparison too
 * @returns {string[]} problems
 */
export function newProjectProblems(folder, mclnn, tarballs, tools, { whole }) {
  const project = new Project(folder, tools);
  project.run(mclnn, ["init", "."]);
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  /** @type {Record<string, string>} */
  const asked = manifest.dependencies;
  const problems = tarballs
    .filter(({ name }) => name in asked)
    .filter(({ name, manifest: { version } }) => asked[name] !== `^${version}`)
    .map(({ name, manifest: { version } }) => `asks for ${name} ${asked[name]}, not ^${version}`);
  project.install(
    tarballs.filter(({ name }) => name in asked),
    tarballs,
    {},
    manifest,
  );
  const steps = /** @type {const} */ ([
    ["start", []],
    ["compare", tools.manager === "npm" ? ["--", ...SMALL] : SMALL],
    ["check", []],
  ]);
  for (const [script, args] of steps) {
    if (script === "compare" && !whole) continue;
    try {
      const output = project.run(tools.manager, ["run", script, ...args]);
      if (/\bNaN\b|undefined/.test(output)) problems.push(`${script} prints NaN or undefined`);
      if (script === "start" && !/largest error of V': \S+e-[3-9]/.test(output))
        problems.push(`start does not learn the law: ${output}`);
    } catch (error) {
      problems.push(`${tools.manager} run ${script}: ${error}`);
    }
  }
  return problems.map((each) => `mclnn init: ${each}`);
}
