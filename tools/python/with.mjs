import { execFileSync } from "node:child_process";
import path from "node:path";

/**
 * A Python that has the packages: the one at hand, or one in a virtual environment in `folder`; null where they cannot be installed.
 *
 * @param {string} folder
 * @param {string[]} packages
 * @param {string[]} also - packages that are no modules
 */
export function pythonWith(folder, packages, also = []) {
  const quiet = /** @type {const} */ ({ cwd: folder, stdio: "ignore" });
  const usable = (/** @type {string} */ python) => {
    try {
      execFileSync(python, ["-c", `import ${packages.join(", ")}`], quiet);
      return true;
    } catch {
      return false;
    }
  };
  if (usable("python3")) return "python3";
  const python = path.join(folder, "venv/bin/python");
  try {
    execFileSync("python3", ["-m", "venv", "venv"], quiet);
    execFileSync(python, ["-m", "pip", "install", "--quiet", ...packages, ...also], {
      ...quiet,
      timeout: 180_000,
    });
  } catch {
    return null;
  }
  return usable(python) ? python : null;
}
