import { Project } from "./project.mjs";

/** Potential, system and error of one copy of physics, used by what goes with the other. */
const PROGRAM = `
import { rollout } from "@mclnn/integrators";
import { generateTrajectories } from "@mclnn/datasets";
import { train } from "@mclnn/learning";
import { isMclnnError } from "@mclnn/physics";
import * as copy from "physics-copy";
import { checkPairPotential, parseFormula } from "physics-copy/potentials";

const pair = parseFormula("0.5*(r-1)^2");
const system = copy.createSystem({ masses: [1, 1], dimension: 2, potential: copy.pairwise(pair) });
const start = copy.createState({ positions: [[0, 0], [1.3, 0]], velocities: [[0, 0.2], [0, -0.2]] }, { dimension: 2 });
const run = rollout(system, start, { records: 11 });
const { model } = await train(generateTrajectories({ system, start, trajectories: 10 }), { model: "spline" });
checkPairPotential(model.pair, { from: 0.8, to: 1.2 });
const errors = [];
for (const wrong of [
  () => rollout(copy.createSystem({ masses: [-1], dimension: 2, potential: copy.pairwise(pair) }), start),
  () => rollout(system, start, { records: -1 }),
])
  try { wrong(); } catch (error) { errors.push([isMclnnError(error), copy.isMclnnError(error), error.code]); }
if (copy.MclnnError === (await import("@mclnn/physics")).MclnnError) throw new Error("there is one copy only");
console.log(JSON.stringify([run.times.length, Math.abs(model.pair.slope(1.1) - 0.1) < 1e-6, errors]));
`;

/**
 * Two copies of a package in one project must work together.
 *
 * @param {string} folder
 * @param {readonly import("./pack.mjs").Tarball[]} tarballs
 * @param {{ manager: import("./project.mjs").Manager, node: import("./project.mjs").Node }} tools
 * @returns {string[]} problems
 */
export function twoCopiesProblems(folder, tarballs, tools) {
  const project = new Project(folder, tools);
  const physics = tarballs.find(({ name }) => name === "@mclnn/physics");
  project.install(
    tarballs.filter(({ name }) => /(learning|models|physics|integrators|datasets)$/.test(name)),
    tarballs,
    {
      "physics-copy": `file:${physics?.file}`,
    },
  );
  project.write("two.mjs", PROGRAM);
  try {
    const output = project.run("node", ["two.mjs"]).trim();
    /** @type {[number, boolean, [boolean, boolean, string][]]} */
    const [records, learned, errors] = JSON.parse(output);
    const told = errors.every(([one, other]) => one && other) && errors.length === 2;
    return records === 11 && learned && told ? [] : [`two copies of physics: ${output}`];
  } catch (error) {
    return [`two copies of physics: ${error}`];
  }
}
