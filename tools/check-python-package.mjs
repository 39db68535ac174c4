// The Python package as a user gets it: a wheel is built, installed without the clone, its tests and its notebook are run.
// Skipped (exit code 77) where there is no Python, or what builds and tests it cannot be installed.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pythonWith } from "./python/with.mjs";
import { inScratchFolder, runProgram } from "./scratch.mjs";

const root = path.join(import.meta.dirname, "..");
const home = path.join(root, "python");

process.exitCode = inScratchFolder((folder) => {
  const python = pythonWith(folder, ["numpy", "pytest", "hatchling", "pip"]);
  if (python === null) {
    console.log(
      "skipped: no python3 with NumPy, pytest and hatchling here, and none could be installed",
    );
    return 77;
  }
  const env = {
    PYTHONPATH: path.join(folder, "installed"),
    PYTHONDONTWRITEBYTECODE: "1",
    MPLBACKEND: "Agg",
  };
  const run = (/** @type {string[]} */ args, cwd = folder) =>
    runProgram(python, args, { cwd, env }).trimEnd();

  run(["-m", "hatchling", "build", "-t", "wheel", "-d", folder], home);
  const { version } = JSON.parse(readFileSync(path.join(root, "apps/cli/package.json"), "utf8"));
  const wheel = `mclnn-${version}-py3-none-any.whl`;
  if (!readdirSync(folder).includes(wheel))
    throw new Error(
      `expected the wheel ${wheel}, of the version of @mclnn/cli, got ${readdirSync(folder)}`,
    );
  run(["-m", "pip", "install", "--quiet", "--no-deps", "--target", "installed", wheel]);
  const tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", path.join(home, "tests")];
  const { status } = spawnSync(python, tests, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) return 1;

  const examples = path.join(home, "examples");
  for (const name of readdirSync(examples).filter((each) => each.endsWith(".ipynb"))) {
    const { cells } = JSON.parse(readFileSync(path.join(examples, name), "utf8"));
    const code = cells
      .filter((/** @type {{ cell_type: string }} */ cell) => cell.cell_type === "code")
      .map((/** @type {{ source: string[] }} */ cell) => cell.source.join(""));
    mkdirSync(path.join(folder, "notebook"), { recursive: true });
    writeFileSync(path.join(folder, "notebook", "cells.py"), code.join("\n\n"));
    run(["cells.py"], path.join(folder, "notebook"));
    console.log(`${name}: ${code.length} cells ran`);
  }
  return 0;
});
