// Files cross into Python and back: NumPy and safetensors read what the program writes, the program learns from what NumPy writes.
// Skipped (exit code 77) where there is no Python, or NumPy and safetensors cannot be installed.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { codeBlocks } from "./readme-code.mjs";
import { inScratchFolder, runProgram } from "./scratch.mjs";

const root = path.join(import.meta.dirname, "..");

process.exitCode = inScratchFolder((folder) => {
  const python = pythonWithNumpy(folder);
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
  return 0;
});

/** A Python that has both packages: the one at hand, or one in a new virtual environment. @param {string} folder */
function pythonWithNumpy(folder) {
  const quiet = /** @type {const} */ ({ cwd: folder, stdio: "ignore" });
  const usable = (/** @type {string} */ python) => {
    try {
      execFileSync(python, ["-c", "import numpy, safetensors"], quiet);
      return true;
    } catch {
      return false;
    }
  };
  if (usable("python3")) return "python3";
  const python = path.join(folder, "venv/bin/python");
  try {
    execFileSync("python3", ["-m", "venv", "venv"], quiet);
    execFileSync(python, ["-m", "pip", "install", "--quiet", "numpy", "safetensors"], {
      ...quiet,
      timeout: 180_000,
    });
  } catch {
    return null;
  }
  return usable(python) ? python : null;
}
