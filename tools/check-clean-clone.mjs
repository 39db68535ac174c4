// The README's first command as a new user runs it: a fresh clone, an empty HOME. Then its files are looked at.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { inScratchFolder, runProgram } from "./scratch.mjs";

const root = path.join(import.meta.dirname, "..");

/** The whole comparison in seconds. The size of the data stays: what MCLNN must reach depends on it; of the baseline nothing is asked. */
const SMALL = ["--rollout-records", "300", "--lnn-points", "200", "--lnn-epochs", "10"];

inScratchFolder((folder) => {
  const clone = path.join(folder, "clone");
  const home = path.join(folder, "home");
  mkdirSync(home);
  runProgram("git", ["clone", "--quiet", root, clone], { cwd: folder });

  // Nothing of the package manager that runs this check may reach the clone.
  const env = Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^(npm_|pnpm_|XDG_|INIT_CWD$|NODE_PATH$)/i.test(name))
      .filter((name) => !/^npm_config_(registry|cafile)$/i.test(name))
      .map((name) => [name, undefined]),
  );
  const options = { cwd: clone, env: { ...env, HOME: home } };
  const began = performance.now();
  const table = runProgram("npx", ["-y", "pnpm@12", "cli", "compare", ...SMALL], options);
  console.log(table.trimEnd());
  console.log(
    `compare, install and build included: ${Math.round((performance.now() - began) / 1000)} s`,
  );

  checkOutput(path.join(clone, "out/compare/paper"));
  // Standard output is the program's alone, also through pnpm and turbo.
  JSON.parse(runProgram("npx", ["-y", "pnpm@12", "cli", "systems", "--json"], options));
  const changed = runProgram("git", ["status", "--porcelain"], { cwd: clone });
  if (changed !== "") throw new Error(`compare left traces in the working tree:\n${changed}`);
});

/** @param {string} out */
function checkOutput(out) {
  const results = JSON.parse(readFileSync(path.join(out, "results.json"), "utf8"));
  expect(results.version === 1, "results.json has version 1");
  expect(Object.keys(results.systems).length === 3, "results.json has three systems");
  for (const [system, { models }] of Object.entries(results.systems)) {
    for (const kind of ["mclnn", "spline", "lnn"]) {
      const { rollout, tilted } = models[kind];
      for (const quantity of [
        "lagrangian",
        "hamiltonian",
        "linearMomentum",
        "angularMomentum",
        "position",
      ]) {
        for (const run of [rollout, tilted]) {
          const { mae, max } = run[quantity];
          // null says that the run left the numbers; anything else must be one.
          expect(
            mae === null || mae >= 0,
            `${system} ${kind} ${quantity}: mean is a number or null, got ${mae}`,
          );
          expect(
            max === null || max >= 0,
            `${system} ${kind} ${quantity}: largest is a number or null, got ${max}`,
          );
        }
      }
    }
    const { trainLoss, rollout } = models.mclnn;
    expect(trainLoss <= 1e-8, `${system}: MCLNN's training loss is at most 1e-8, got ${trainLoss}`);
    expect(
      rollout.linearMomentum.max <= 1e-12,
      `${system}: MCLNN keeps |P| to 1e-12, got ${rollout.linearMomentum.max}`,
    );
    expect(
      rollout.angularMomentum.max <= 1e-11,
      `${system}: MCLNN keeps |L| to 1e-11, got ${rollout.angularMomentum.max}`,
    );
  }

  const page = readFileSync(path.join(out, "index.html"), "utf8");
  expect(
    /^<!doctype html>/i.test(page) && page.trimEnd().endsWith("</html>"),
    "index.html is a whole page",
  );
  for (const [, target] of page.matchAll(/\b(?:src|href)="([^"#:]+)"/g)) {
    expect(
      existsSync(path.join(out, /** @type {string} */ (target))),
      `index.html points at ${target}, which exists`,
    );
  }
}

/** @param {unknown} condition @param {string} what */
function expect(condition, what) {
  if (!condition) throw new Error(`out/compare: expected that ${what}`);
}
